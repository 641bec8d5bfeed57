//! What can happen to a node, whoever tells of it.

use std::sync::Arc;

use passo_asl::program::StateKind;
use passo_vocab::{ErrorName, Failure, Timestamp};

use super::model::Model;
use super::node::{NodeId, NodeStatus};

impl Model<'_> {
    /// Counts an item that is over.
    pub(super) fn count_item(&mut self, item: NodeId, status: NodeStatus) {
        let Some(map) = self.nodes.get(&item).and_then(|node| node.parent) else {
            return;
        };
        let Some(node) = self.nodes.get_mut(&map) else {
            return;
        };
        let progress = node.progress.get_or_insert_default();
        match status {
            NodeStatus::Succeeded => progress.succeeded = progress.succeeded.saturating_add(1),
            NodeStatus::Failed => progress.failed = progress.failed.saturating_add(1),
            _ => {}
        }
        self.forget_one_of_many(item, status);
    }

    pub(super) fn retry(&mut self, id: NodeId, retrier: u32, until: Timestamp) {
        let retries_max = self.retries_max(id, retrier).unwrap_or(0);
        if let Some(node) = self.nodes.get_mut(&id) {
            node.retries = node.retries.saturating_add(1);
            node.status = NodeStatus::BackingOff {
                retry: node.retries,
                retries_max,
                until,
            };
        }
        self.news.push(id);
    }

    pub(super) fn retries_max(&self, id: NodeId, retrier: u32) -> Option<u64> {
        let retry = match &self.program?.state(self.node(id)?.state?)?.kind {
            StateKind::Task(task) => &task.retry,
            StateKind::Parallel(parallel) => &parallel.retry,
            StateKind::Map(map) => &map.retry,
            StateKind::Pass(_)
            | StateKind::Choice(_)
            | StateKind::Wait(_)
            | StateKind::Succeed(_)
            | StateKind::Fail(_) => return None,
        };
        let retrier = retry.get(usize::try_from(retrier).ok()?)?;
        Some(retrier.max_attempts)
    }

    /// The failure of a part is one of the whole.
    pub(super) fn fail_whole(&mut self, part: NodeId, failure: Option<&Failure>) {
        let whole = self.node(part).and_then(|node| node.parent);
        if let (Some(whole), Some(failure)) = (whole, failure) {
            self.fail(whole, failure);
        }
    }

    pub(super) fn fail(&mut self, id: NodeId, failure: &Failure) {
        if let Some(node) = self.nodes.get_mut(&id) {
            node.failure = Some(error_text(failure));
            node.cause.clone_from(&failure.cause);
        }
    }

    pub(super) fn set_status(&mut self, id: NodeId, status: NodeStatus) {
        let Some(node) = self.nodes.get_mut(&id) else {
            return;
        };
        if matches!(node.status, NodeStatus::BackingOff { .. }) {
            // A new attempt: what failed before is mended unless it fails again.
            node.failure = None;
            node.cause = None;
            node.progress = None;
        }
        node.status = status;
        if matches!(status, NodeStatus::Waiting { .. }) {
            self.news.push(id);
        }
    }

    /// The parts of an earlier attempt are no longer of interest.
    pub(super) fn begin_attempt(&mut self, id: NodeId) {
        let parts = self
            .nodes
            .get_mut(&id)
            .map(|node| std::mem::take(&mut node.children));
        for part in parts.unwrap_or_default() {
            self.forget(part);
        }
        self.set_status(id, NodeStatus::Running);
    }

    /// Ends what is part of `id` and still at work.
    pub(super) fn end_parts(&mut self, id: NodeId, status: NodeStatus, failure: Option<&Failure>) {
        let children = self
            .node(id)
            .map(|node| node.children.clone())
            .unwrap_or_default();
        let status = match status {
            NodeStatus::Failed => NodeStatus::Failed,
            _ => NodeStatus::Aborted,
        };
        for child in children {
            self.end_if_running(child, status, failure);
        }
    }

    pub(super) fn end_if_running(
        &mut self,
        id: NodeId,
        status: NodeStatus,
        failure: Option<&Failure>,
    ) {
        if self.node(id).is_some_and(|node| !node.status.is_over()) {
            self.end(id, status, failure);
        }
    }

    pub(super) fn end(&mut self, id: NodeId, status: NodeStatus, failure: Option<&Failure>) {
        let now = self.now;
        let Some(node) = self.nodes.get_mut(&id) else {
            return;
        };
        node.status = status;
        node.ended = Some(now);
        if let Some(failure) = failure {
            node.failure = Some(error_text(failure));
            node.cause.clone_from(&failure.cause);
        }
        self.news.push(id);
    }
}

fn error_text(failure: &Failure) -> Arc<str> {
    let name = failure
        .error
        .as_ref()
        .map_or("no error name", ErrorName::as_str);
    name.into()
}
