//! What each event of an execution's history, as AWS's API gives it, changes in the tree.
//!
//! A history names states and links each event to the one before it; which branch or item an event belongs to follows
//! from those links. It does not tell of the end of a branch or of a retry to come: both follow from the definition,
//! where that is known.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::program::{ErrorMatcher, Program, StateId, StateKind, Text, Transition};
use passo_json::Json;
use passo_testkit::ExecutionKey;
use passo_vocab::{ErrorName, Failure};

use super::model::Model;
use super::node::{Node, NodeId, NodeStatus, Progress, Subject};
use super::thread::{Opener, Thread};
use crate::history::{details, id};
use crate::output::timestamp;

/// Shown where the history does not tell what a part failed with.
const NOT_TOLD: &str = "a part failed";

/// Where the events of a history are in the tree.
#[derive(Debug, Default)]
pub(super) struct Told {
    places: BTreeMap<i64, Place>,
    /// The Map states that have a Map run, by the run's ARN.
    map_runs: BTreeMap<Arc<str>, NodeId>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    thread: Thread,
    opener: Option<Opener>,
}

impl Model<'_> {
    /// Takes in an event of `GetExecutionHistory`. They must come in order, each once.
    pub fn told(&mut self, event: &Json) {
        if let Some(at) = timestamp(event, "timestamp") {
            self.now = at;
        }
        let kind = event.get("type").and_then(Json::as_str).unwrap_or_default();
        if let Some(status) = execution_status(kind) {
            self.told_of_execution(event, kind, status);
            return;
        }
        let previous = event.get("previousEventId").and_then(Json::as_i64);
        let before = previous.and_then(|previous| self.told.places.get(&previous).copied());
        let Some(root) = self.root() else { return };
        let before = before.unwrap_or(Place {
            thread: Thread {
                scope: root,
                state: None,
            },
            opener: None,
        });
        let thread = self.told_within(event, kind, before);
        let (thread, opener) = match thread {
            Some(changed) => changed,
            None => (before.thread, before.opener),
        };
        self.told.places.insert(id(event), Place { thread, opener });
    }

    /// The Map runs that are under way, by ARN.
    pub fn map_runs_under_way(&self) -> Vec<Arc<str>> {
        let runs = self.told.map_runs.iter();
        runs.filter(|(_, node)| self.node(**node).is_some_and(|node| !node.status.is_over()))
            .map(|(arn, _)| Arc::clone(arn))
            .collect()
    }

    /// Takes in how far a Map run is.
    pub fn map_run_told(&mut self, arn: &str, progress: Progress) {
        let node = self.told.map_runs.get(arn).copied();
        if let Some(node) = node.and_then(|node| self.nodes.get_mut(&node)) {
            node.progress = Some(progress);
        }
    }

    fn told_of_execution(&mut self, event: &Json, kind: &str, status: NodeStatus) {
        let root = match self.root() {
            Some(root) => root,
            None => {
                let root = self.add(Subject::Execution(Arc::clone(&self.name)), None);
                self.executions.insert(ExecutionKey::ROOT, root);
                root
            }
        };
        if !status.is_over() {
            if let Some(node) = self
                .nodes
                .get_mut(&root)
                .filter(|_| kind == "ExecutionRedriven")
            {
                node.status = NodeStatus::Running;
                node.ended = None;
                node.failure = None;
            }
            return;
        }
        let failure = failure_of(event);
        let states = self.node(root).map(|node| node.children.clone());
        for state in states.unwrap_or_default() {
            self.end_deeply(state, status, failure.as_ref());
        }
        self.end(root, status, failure.as_ref());
    }

    /// What an event changes, and where it is; nothing where it is where the one before it was.
    fn told_within(
        &mut self,
        event: &Json,
        kind: &str,
        before: Place,
    ) -> Option<(Thread, Option<Opener>)> {
        let thread = before.thread;
        match kind {
            "MapIterationStarted" => return self.told_of_item_begin(event, thread),
            "MapIterationSucceeded" | "MapIterationFailed" | "MapIterationAborted" => {
                return self.told_of_item_end(event, kind, thread);
            }
            "MapRunStarted" | "MapRunRedriven" => {
                let arn = details(event)?.get("mapRunArn")?.as_str()?;
                self.told.map_runs.insert(arn.into(), thread.state?);
                return None;
            }
            _ => {}
        }
        if kind.ends_with("StateEntered") {
            return self.told_of_entry(event, before);
        }
        if kind.ends_with("StateExited") {
            let state = self.above(thread, name_in(event)?)?;
            self.leave(state);
            return Some((self.around(state)?, None));
        }
        if kind == "ParallelStateStarted" || kind == "MapStateStarted" {
            return self.told_of_parts(event, kind, thread);
        }
        if let Some(end) = kind
            .strip_prefix("ParallelState")
            .or_else(|| kind.strip_prefix("MapState"))
        {
            let state = self.above_with_parts(thread)?;
            self.told_of_parts_end(event, end, state);
            return Some((self.around(state)?, None));
        }
        let state = thread.state?;
        if kind.ends_with("StateAborted") {
            self.end_if_running(state, NodeStatus::Aborted, None);
        } else if kind.ends_with("Scheduled") {
            self.told_of_attempt(state);
        } else if kind.ends_with("Failed") || kind.ends_with("TimedOut") {
            self.told_of_failure(state, &failure_of(event)?);
        }
        None
    }

    fn told_of_entry(&mut self, event: &Json, before: Place) -> Option<(Thread, Option<Opener>)> {
        let name = name_in(event)?;
        let state = self.program.and_then(|program| state_called(program, name));
        self.states_entered = self.states_entered.saturating_add(1);
        let scope = match before.opener {
            Some(Opener::Item(item)) => item,
            Some(Opener::Branches(parallel)) => {
                let branches = self.node(parallel).map_or(0, |node| node.children.len());
                let number = match state {
                    Some(state) => self.branch_of(state),
                    None => u32::try_from(branches).unwrap_or(u32::MAX),
                };
                self.add(Subject::Branch(number), Some(parallel))
            }
            None => before.thread.scope,
        };
        let id = self.add(Subject::State(name.into()), Some(scope));
        if let Some(node) = self.nodes.get_mut(&id) {
            node.state = state;
        }
        if let Some(failure) = state.and_then(|state| self.failure_written(state)) {
            self.fail(id, &failure);
        }
        let state = Some(id);
        Some((Thread { scope, state }, None))
    }

    /// What a Fail state fails with, where its definition says it: within a branch or item, the history does not.
    fn failure_written(&self, state: StateId) -> Option<Failure> {
        let StateKind::Fail(fail) = &self.program?.state(state)?.kind else {
            return None;
        };
        let written = |text: &Option<Text>| match text {
            Some(Text::Literal(text)) => Some(Arc::clone(text)),
            Some(Text::Path(_) | Text::Intrinsic(_) | Text::Expression(_)) | None => None,
        };
        Some(Failure {
            error: Some(ErrorName::new(written(&fail.error)?)),
            cause: written(&fail.cause),
        })
    }

    /// Ends a state that was left, and its branch where that was its last one.
    fn leave(&mut self, state: NodeId) {
        let failed = self.node(state).is_some_and(|node| node.failure.is_some());
        let status = if failed {
            NodeStatus::Caught
        } else {
            NodeStatus::Succeeded
        };
        self.end_parts(state, status, None);
        self.end(state, status, None);
        let scope = self.node(state).and_then(|node| node.parent);
        let is_last = !failed && self.is_last_of_branch(state);
        let branch = scope.filter(|scope| {
            let subject = self.node(*scope).map(|node| &node.subject);
            is_last && matches!(subject, Some(Subject::Branch(_)))
        });
        if let Some(branch) = branch {
            self.end_if_running(branch, NodeStatus::Succeeded, None);
        }
    }

    fn is_last_of_branch(&self, state: NodeId) -> bool {
        let state = self.node(state).and_then(|node| node.state);
        let state = state.and_then(|state| self.program?.state(state));
        let transition = match state.map(|state| &state.kind) {
            Some(StateKind::Task(task)) => task.transition,
            Some(StateKind::Pass(pass)) => pass.transition,
            Some(StateKind::Wait(wait)) => wait.transition,
            Some(StateKind::Parallel(parallel)) => parallel.transition,
            Some(StateKind::Map(map)) => map.transition,
            Some(StateKind::Succeed(_)) => Transition::End,
            Some(StateKind::Choice(_) | StateKind::Fail(_)) | None => return false,
        };
        transition == Transition::End
    }

    /// The branches or items of a state begin.
    fn told_of_parts(
        &mut self,
        event: &Json,
        kind: &str,
        thread: Thread,
    ) -> Option<(Thread, Option<Opener>)> {
        // A retry begins after an item of the last attempt.
        let state = self.above_with_parts(thread).or(thread.state)?;
        self.told_of_attempt(state);
        self.begin_attempt(state);
        let around = self.around(state)?;
        if kind == "ParallelStateStarted" {
            return Some((around, Some(Opener::Branches(state))));
        }
        let length = details(event).and_then(|details| details.get("length")?.as_i64());
        if let Some(node) = self.nodes.get_mut(&state) {
            node.progress = Some(Progress {
                total: length
                    .and_then(|length| u64::try_from(length).ok())
                    .unwrap_or(0),
                ..Progress::default()
            });
        }
        Some((around, None))
    }

    /// All branches or items are over.
    fn told_of_parts_end(&mut self, event: &Json, end: &str, state: NodeId) {
        let failure = failure_of(event);
        match end {
            "Succeeded" => {
                let parts = self.node(state).map(|node| node.children.clone());
                for part in parts.unwrap_or_default() {
                    self.end_if_running(part, NodeStatus::Succeeded, None);
                }
            }
            "Aborted" => self.end_deeply(state, NodeStatus::Aborted, None),
            _ => {
                let parts = self.node(state).map(|node| node.children.clone());
                let failure = failure.unwrap_or_else(|| self.failure_within(state));
                for part in parts.unwrap_or_default() {
                    self.end_deeply(part, NodeStatus::Aborted, None);
                }
                self.told_of_failure(state, &failure);
            }
        }
    }

    /// What a part of a state failed with. The history says only that one has.
    fn failure_within(&self, state: NodeId) -> Failure {
        let mut pending = vec![state];
        let mut last: Option<(NodeId, Failure)> = None;
        while let Some(id) = pending.pop() {
            let Some(node) = self.node(id) else { continue };
            pending.extend(&node.children);
            let is_later = last.as_ref().is_none_or(|(last, _)| *last < id);
            if let (Some(error), true) = (&node.failure, is_later) {
                let error = Some(ErrorName::new(Arc::clone(error)));
                let cause = node.cause.clone();
                last = Some((id, Failure { error, cause }));
            }
        }
        last.map_or_else(
            || Failure::new(ErrorName::new(NOT_TOLD), ""),
            |(_, failure)| failure,
        )
    }

    fn told_of_item_begin(
        &mut self,
        event: &Json,
        thread: Thread,
    ) -> Option<(Thread, Option<Opener>)> {
        let map = self.above(thread, name_in(event)?)?;
        let index = index_in(event)?;
        let item = self.add(Subject::Item(index), Some(map));
        self.items.insert((map, index), item);
        let thread = Thread {
            scope: item,
            state: None,
        };
        Some((thread, Some(Opener::Item(item))))
    }

    fn told_of_item_end(
        &mut self,
        event: &Json,
        kind: &str,
        thread: Thread,
    ) -> Option<(Thread, Option<Opener>)> {
        let map = self.above(thread, name_in(event)?)?;
        let around = self.around(map)?;
        let item = self.items.remove(&(map, index_in(event)?))?;
        let status = match kind {
            "MapIterationSucceeded" => NodeStatus::Succeeded,
            "MapIterationFailed" => NodeStatus::Failed,
            _ => NodeStatus::Aborted,
        };
        let failure = (status == NodeStatus::Failed).then(|| self.failure_within(item));
        self.end_parts(item, status, None);
        self.end(item, status, failure.as_ref());
        self.count_item(item, status);
        Some((around, None))
    }

    /// A state does its work, for the first time or again.
    fn told_of_attempt(&mut self, state: NodeId) {
        let Some(node) = self.nodes.get_mut(&state) else {
            return;
        };
        let was_foreseen = matches!(node.status, NodeStatus::BackingOff { .. });
        let is_again = node.failure.is_some() || node.progress.is_some();
        if is_again && !was_foreseen {
            node.retries = node.retries.saturating_add(1);
            node.failure = None;
            node.cause = None;
        }
        self.set_status(state, NodeStatus::Running);
    }

    /// A state has failed. Whether it is tried again follows from its definition.
    fn told_of_failure(&mut self, state: NodeId, failure: &Failure) {
        self.fail(state, failure);
        let Some((retrier, wait_millis)) = self.retrier_for(state, failure) else {
            return;
        };
        let until = self.now.plus_millis(wait_millis);
        self.retry(state, retrier, until);
    }

    /// The retrier that takes a failure, and how long it waits.
    fn retrier_for(&self, state: NodeId, failure: &Failure) -> Option<(u32, i64)> {
        let node = self.node(state)?;
        let retriers = match &self.program?.state(node.state?)?.kind {
            StateKind::Task(task) => &task.retry,
            StateKind::Parallel(parallel) => &parallel.retry,
            StateKind::Map(map) => &map.retry,
            StateKind::Pass(_)
            | StateKind::Choice(_)
            | StateKind::Wait(_)
            | StateKind::Succeed(_)
            | StateKind::Fail(_) => return None,
        };
        let error = failure
            .error
            .as_ref()
            .map(ErrorName::as_str)
            .unwrap_or_default();
        let index = retriers.iter().position(|retrier| {
            retrier.error_equals.iter().any(|matcher| match matcher {
                ErrorMatcher::All => {
                    !matches!(error, "States.DataLimitExceeded" | "States.Runtime")
                }
                ErrorMatcher::TaskFailed => error != "States.Timeout",
                ErrorMatcher::Name(name) => name.as_str() == error,
            })
        })?;
        let retrier = retriers.get(index)?;
        if u64::from(node.retries) >= retrier.max_attempts {
            return None;
        }
        let seconds = i32::try_from(retrier.interval_seconds).unwrap_or(i32::MAX);
        let tried = i32::try_from(node.retries).unwrap_or(i32::MAX);
        let wait = f64::from(seconds) * retrier.backoff_rate.powi(tried);
        let wait = match retrier.max_delay_seconds {
            Some(most) => wait.min(f64::from(i32::try_from(most).unwrap_or(i32::MAX))),
            None => wait,
        };
        Some((u32::try_from(index).ok()?, whole_millis(wait)))
    }

    /// The place of what comes after a state, next to it.
    fn around(&self, state: NodeId) -> Option<Thread> {
        Some(Thread {
            scope: self.node(state)?.parent?,
            state: Some(state),
        })
    }

    /// The innermost visit to the state called `name` that a place lies in and that is not over.
    fn above(&self, thread: Thread, name: &str) -> Option<NodeId> {
        let is_it = |node: &Node| {
            matches!(&node.subject, Subject::State(other) if &**other == name)
                && !node.status.is_over()
        };
        let found = self.first_above(thread, is_it);
        // Of many items, those that are over were forgotten, and with them the way up.
        found.or_else(|| {
            let mut latest = self.nodes.iter().rev();
            latest.find(|(_, node)| is_it(node)).map(|(id, _)| *id)
        })
    }

    /// The innermost Parallel or Map state that a place lies in and that is not over.
    fn above_with_parts(&self, thread: Thread) -> Option<NodeId> {
        let has_parts = |node: &Node| {
            matches!(node.subject, Subject::State(_))
                && !node.status.is_over()
                && (node.progress.is_some()
                    || !node.children.is_empty()
                    || matches!(
                        node.state
                            .and_then(|state| Some(&self.program?.state(state)?.kind)),
                        Some(StateKind::Map(_) | StateKind::Parallel(_))
                    ))
        };
        self.first_above(thread, has_parts)
    }

    fn first_above(&self, thread: Thread, is_it: impl Fn(&Node) -> bool) -> Option<NodeId> {
        let mut at = thread.state.or(Some(thread.scope));
        if at.is_some_and(|at| self.node(at).is_none()) {
            at = Some(thread.scope);
        }
        while let Some(id) = at {
            let node = self.node(id)?;
            if is_it(node) {
                return Some(id);
            }
            at = node.parent;
        }
        None
    }

    /// Ends a node and what is within it, as far as that is at work.
    fn end_deeply(&mut self, id: NodeId, status: NodeStatus, failure: Option<&Failure>) {
        let mut pending = vec![(id, status)];
        while let Some((id, status)) = pending.pop() {
            let parts = self.node(id).map(|node| node.children.clone());
            let within = parts.unwrap_or_default().into_iter();
            pending.extend(within.map(|part| (part, NodeStatus::Aborted)));
            let known = self.node(id).and_then(|node| node.failure.as_deref());
            let has_failed = known.is_some_and(|known| known != NOT_TOLD);
            let failure = failure.filter(|_| status == NodeStatus::Failed && !has_failed);
            self.end_if_running(id, status, failure);
        }
    }
}

/// How an execution stands after an event about it as a whole.
fn execution_status(kind: &str) -> Option<NodeStatus> {
    match kind {
        "ExecutionStarted" | "ExecutionRedriven" => Some(NodeStatus::Running),
        "ExecutionSucceeded" => Some(NodeStatus::Succeeded),
        "ExecutionFailed" | "ExecutionTimedOut" => Some(NodeStatus::Failed),
        "ExecutionAborted" => Some(NodeStatus::Aborted),
        _ => None,
    }
}

fn state_called(program: &Program, name: &str) -> Option<StateId> {
    let mut states = program.states().iter();
    let index = states.position(|state| state.name.as_str() == name)?;
    Some(StateId::new(u32::try_from(index).ok()?))
}

fn name_in(event: &Json) -> Option<&str> {
    details(event)?.get("name")?.as_str()
}

fn index_in(event: &Json) -> Option<u64> {
    u64::try_from(details(event)?.get("index")?.as_i64()?).ok()
}

fn failure_of(event: &Json) -> Option<Failure> {
    let details = details(event)?;
    let text = |name: &str| details.get(name).and_then(Json::as_str);
    let error = text("error").map(ErrorName::new);
    let cause = text("cause").map(Into::into);
    Some(Failure { error, cause })
}

/// Seconds as milliseconds, within the range of a wait.
fn whole_millis(seconds: f64) -> i64 {
    let seconds = seconds.clamp(0.0, 99_999_999.0);
    let millis = (seconds * 1000.0).round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number within the range checked above"
    )]
    let millis = millis as i64;
    millis
}
