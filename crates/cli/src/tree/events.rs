//! What each event changes in the tree.

use std::sync::Arc;

use passo_asl::program::{StateId, StateKind};
use passo_engine::{Event, EventKind, FrameId};
use passo_testkit::{ExecutionKey, Origin, Seen};
use passo_vocab::Failure;

use super::model::Model;
use super::node::{NodeStatus, Progress, Subject};
use super::thread::{Opener, Thread};

impl Model<'_> {
    /// Takes an event in.
    pub fn seen(&mut self, seen: &Seen<'_>) {
        let Event {
            at, frame, kind, ..
        } = seen.event;
        self.now = *at;
        let count = self.events.entry(seen.execution).or_default();
        *count = count.saturating_add(1);
        let sequence = *count;
        match kind {
            EventKind::ExecutionStarted { .. } => self.begin_execution(seen),
            EventKind::ExecutionSucceeded { .. } => {
                self.end_execution(seen, NodeStatus::Succeeded, None);
            }
            EventKind::ExecutionFailed(failure) | EventKind::ExecutionTimedOut(failure) => {
                self.end_execution(seen, NodeStatus::Failed, Some(failure));
            }
            EventKind::ExecutionAborted(failure) => {
                self.end_execution(seen, NodeStatus::Aborted, Some(failure));
            }
            EventKind::StateEntered { state, .. } => self.enter(seen, *state),
            EventKind::MapIterationStarted { index, .. } => {
                self.begin_item(seen, u64::from(*index));
            }
            EventKind::MapIterationSucceeded { index, .. } => {
                self.end_item(seen.execution, *frame, *index, NodeStatus::Succeeded, None);
            }
            EventKind::MapIterationFailed { index, failure } => {
                self.end_item(
                    seen.execution,
                    *frame,
                    *index,
                    NodeStatus::Failed,
                    Some(failure),
                );
            }
            EventKind::MapIterationAborted { index } => {
                self.end_item(seen.execution, *frame, *index, NodeStatus::Aborted, None);
            }
            EventKind::BranchSucceeded { .. } => {
                self.end_branch(seen.execution, *frame, NodeStatus::Succeeded, None);
            }
            EventKind::BranchFailed(failure) => {
                self.end_branch(seen.execution, *frame, NodeStatus::Failed, Some(failure));
            }
            EventKind::MapRunStarted(_) => {
                if let Some(id) = self.threads.state(seen.execution, *frame) {
                    self.map_runs.insert((seen.execution, sequence), id);
                }
            }
            _ => self.of_state(seen),
        }
    }

    fn begin_execution(&mut self, seen: &Seen<'_>) {
        let scope = match seen.origin {
            Origin::Root => self.add(Subject::Execution(Arc::clone(&self.name)), None),
            Origin::MapRunChild {
                parent,
                map_run,
                index,
            } => {
                let map = self.map_runs.get(&(parent, map_run.number())).copied();
                self.add(Subject::Item(u64::from(index)), map)
            }
        };
        self.executions.insert(seen.execution, scope);
        self.threads
            .set(seen.execution, FrameId::ROOT, Thread { scope, state: None });
    }

    fn end_execution(&mut self, seen: &Seen<'_>, status: NodeStatus, failure: Option<&Failure>) {
        if let Some(state) = self.threads.state(seen.execution, FrameId::ROOT) {
            self.end_if_running(state, status, failure);
        }
        self.threads.forget(seen.execution);
        let Some(scope) = self.executions.remove(&seen.execution) else {
            return;
        };
        self.end(scope, status, failure);
        match seen.origin {
            Origin::Root => {
                self.executions.insert(seen.execution, scope);
            }
            // A Map run counts its items itself: a child may process several.
            Origin::MapRunChild { .. } => self.forget_one_of_many(scope, status),
        }
    }

    fn enter(&mut self, seen: &Seen<'_>, state_id: StateId) {
        let Some(state) = self.program.and_then(|program| program.state(state_id)) else {
            return;
        };
        self.states_entered = self.states_entered.saturating_add(1);
        let (execution, frame) = (seen.execution, seen.event.frame);
        let opened = self.threads.opener(execution, seen.event.previous);
        let scope = match opened {
            Some(Opener::Item(item)) => Some(item),
            Some(Opener::Branches(parallel)) => {
                let branch = Subject::Branch(self.branch_of(state_id));
                Some(self.add(branch, Some(parallel)))
            }
            None => self
                .threads
                .get(execution, frame)
                .map(|thread| thread.scope),
        };
        let Some(scope) = scope else {
            return;
        };
        let node = self.add(Subject::State(state.name.shared()), Some(scope));
        if let Some(node) = self.nodes.get_mut(&node) {
            node.state = Some(state_id);
        }
        let state = Some(node);
        self.threads.set(execution, frame, Thread { scope, state });
    }

    /// Which branch of its Parallel state a state belongs to.
    pub(super) fn branch_of(&self, state: StateId) -> u32 {
        let Some(program) = self.program else {
            return 0;
        };
        let block = program.state(state).map(|state| state.block);
        let owner = block.and_then(|block| program.block(block)?.owner);
        let owner = owner.and_then(|owner| program.state(owner));
        let Some(StateKind::Parallel(parallel)) = owner.map(|owner| &owner.kind) else {
            return 0;
        };
        let position = parallel
            .branches
            .iter()
            .position(|branch| Some(*branch) == block);
        position
            .and_then(|position| u32::try_from(position).ok())
            .unwrap_or(0)
    }

    fn begin_item(&mut self, seen: &Seen<'_>, index: u64) {
        let Some(map) = self.threads.state(seen.execution, seen.event.frame) else {
            return;
        };
        let item = self.add(Subject::Item(index), Some(map));
        self.items.insert((map, index), item);
        self.threads
            .open(seen.execution, seen.id, Opener::Item(item));
    }

    fn end_item(
        &mut self,
        execution: ExecutionKey,
        frame: FrameId,
        index: u32,
        status: NodeStatus,
        failure: Option<&Failure>,
    ) {
        let Some(map) = self.threads.state(execution, frame) else {
            return;
        };
        let Some(item) = self.items.remove(&(map, u64::from(index))) else {
            return;
        };
        self.fail_whole(item, failure);
        self.end_parts(item, status, failure);
        self.end(item, status, failure);
        self.count_item(item, status);
    }

    fn end_branch(
        &mut self,
        execution: ExecutionKey,
        frame: FrameId,
        status: NodeStatus,
        failure: Option<&Failure>,
    ) {
        let Some(thread) = self.threads.get(execution, frame) else {
            return;
        };
        let is_branch = self
            .node(thread.scope)
            .is_some_and(|node| matches!(node.subject, Subject::Branch(_)));
        if is_branch {
            self.fail_whole(thread.scope, failure);
            self.end_parts(thread.scope, status, failure);
            self.end(thread.scope, status, failure);
        }
    }

    /// News of the state that a frame is in.
    fn of_state(&mut self, seen: &Seen<'_>) {
        let Some(id) = self.threads.state(seen.execution, seen.event.frame) else {
            return;
        };
        match &seen.event.kind {
            EventKind::StateExited { .. } => {
                let failed = self.node(id).is_some_and(|node| node.failure.is_some());
                let status = if failed {
                    NodeStatus::Caught
                } else {
                    NodeStatus::Succeeded
                };
                self.end_parts(id, status, None);
                self.end(id, status, None);
            }
            EventKind::StateAborted => {
                // The state whose failure ends the others is told as aborted, too.
                let failed = self.node(id).is_some_and(|node| node.failure.is_some());
                let status = if failed {
                    NodeStatus::Failed
                } else {
                    NodeStatus::Aborted
                };
                self.end(id, status, None);
            }
            EventKind::WaitStarted { until } => {
                self.set_status(id, NodeStatus::Waiting { until: *until });
            }
            EventKind::RetryScheduled { retrier, until } => self.retry(id, *retrier, *until),
            EventKind::TaskScheduled(_) => self.set_status(id, NodeStatus::Running),
            EventKind::ParallelStarted { .. } => {
                self.begin_attempt(id);
                self.threads
                    .open(seen.execution, seen.id, Opener::Branches(id));
            }
            EventKind::MapStarted(map) => {
                self.begin_attempt(id);
                if let Some(node) = self.nodes.get_mut(&id) {
                    let total = u64::from(map.length);
                    node.progress = Some(Progress {
                        total,
                        ..Progress::default()
                    });
                }
            }
            EventKind::EvaluationFailed(evaluation) => self.fail(id, &evaluation.failure),
            EventKind::StateFailed(failure)
            | EventKind::TaskScheduleFailed(failure)
            | EventKind::TaskStartFailed(failure)
            | EventKind::TaskSubmitFailed(failure)
            | EventKind::TaskFailed(failure)
            | EventKind::TaskTimedOut { failure, .. }
            | EventKind::MapRunFailed(failure) => self.fail(id, failure),
            _ => {}
        }
    }
}
