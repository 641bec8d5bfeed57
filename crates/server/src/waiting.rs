//! Executions that wait for somebody's decision: those with a task token or an activity's task.
//!
//! Kept is only who may be waiting; what for is read from the journals whenever it is asked. The memory that this takes is
//! bounded: of more executions than [`EXECUTIONS_MAX`] the oldest are forgotten, and found again after a restart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use passo_asl::program::{self as asl, Program, StateKind, TaskResource};
use passo_engine::{Event, EventKind, ExecutionHeader, FrameId};
use passo_runtime::{Key, Listener};
use passo_service::Caller;
use passo_vocab::Timestamp;

/// Executions that are remembered.
const EXECUTIONS_MAX: usize = 100_000;

/// Who may be waiting.
#[derive(Default)]
pub(crate) struct Waiting {
    /// How many there are, so that an end costs nothing where nobody waits.
    count: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    executions: BTreeSet<Arc<str>>,
    /// Accounts and regions whose executions from before the server's start were looked through.
    recovered: BTreeSet<Caller>,
}

/// A decision that an execution waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Names the decision without being the token: nobody can make the token of it.
    pub(crate) id: Key,
    pub(crate) token: Arc<str>,
    pub(crate) state: Arc<str>,
    pub(crate) resource: Arc<str>,
    pub(crate) since: Timestamp,
    pub(crate) timeout_at: Option<Timestamp>,
    pub(crate) heartbeat_at: Option<Timestamp>,
    heartbeat_seconds: Option<u64>,
    pub(crate) worker: Option<Arc<str>>,
    /// What the task was asked: its arguments.
    pub(crate) parameters: Arc<str>,
}

impl Waiting {
    /// Executions that may wait, of `account`.
    pub(crate) fn executions(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<Arc<str>> {
        self.with(|state| {
            let all = state.executions.iter();
            all.filter(|arn| is_wanted(arn)).cloned().collect()
        })
    }

    /// An execution waits for nobody.
    pub(crate) fn forget(&self, execution_arn: &str) {
        self.with(|state| {
            state.executions.remove(execution_arn);
            self.count.store(state.executions.len(), Ordering::SeqCst);
        });
    }

    /// An execution may wait for somebody.
    pub(crate) fn remember(&self, execution_arn: Arc<str>) {
        self.with(|state| {
            state.executions.insert(execution_arn);
            if state.executions.len() > EXECUTIONS_MAX {
                state.executions.pop_first();
            }
            self.count.store(state.executions.len(), Ordering::SeqCst);
        });
    }

    /// Whether the executions of `caller` from before the start are to be looked through: once.
    pub(crate) fn must_recover(&self, caller: &Caller) -> bool {
        self.with(|state| state.recovered.insert(caller.clone()))
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Listener for Waiting {
    fn recorded(&self, header: &Arc<ExecutionHeader>, _: &Arc<Program>, events: &[Event]) {
        let asks = |event: &Event| match &event.kind {
            EventKind::TaskScheduled(task) => task.token.is_some(),
            _ => false,
        };
        if events.iter().any(asks) {
            self.remember(Arc::clone(&header.execution_arn));
        }
        if self.count.load(Ordering::SeqCst) > 0 && events.iter().any(|event| is_end(&event.kind)) {
            self.forget(&header.execution_arn);
        }
    }
}

fn is_end(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::ExecutionSucceeded { .. }
            | EventKind::ExecutionFailed(_)
            | EventKind::ExecutionTimedOut(_)
            | EventKind::ExecutionAborted(_)
    )
}

/// The decisions that these events of one execution leave open.
pub(crate) fn wanted(program: &Program, events: &[Event]) -> Vec<Wanted> {
    let mut states = BTreeMap::new();
    let mut open: BTreeMap<FrameId, Wanted> = BTreeMap::new();
    for event in events {
        let frame = event.frame;
        match &event.kind {
            EventKind::StateEntered { state, .. } => {
                states.insert(frame, *state);
                open.remove(&frame);
            }
            EventKind::TaskScheduled(task) => {
                let Some(token) = &task.token else { continue };
                let state = states.get(&frame).and_then(|state| program.state(*state));
                let after = |seconds: Option<u64>| plus(event.at, seconds);
                open.insert(
                    frame,
                    Wanted {
                        id: Key::of(token),
                        token: Arc::clone(token),
                        state: state.map(|state| state.name.shared()).unwrap_or_default(),
                        resource: state.map(resource_of).unwrap_or_default(),
                        since: event.at,
                        timeout_at: after(task.timeout_seconds),
                        heartbeat_at: after(task.heartbeat_seconds),
                        heartbeat_seconds: task.heartbeat_seconds,
                        worker: None,
                        parameters: task.parameters.text().into(),
                    },
                );
            }
            EventKind::TaskStarted { worker } => {
                if let Some(wanted) = open.get_mut(&frame) {
                    wanted.worker.clone_from(worker);
                    wanted.heartbeat_at = plus(event.at, wanted.heartbeat_seconds);
                }
            }
            EventKind::TaskHeartbeat => {
                if let Some(wanted) = open.get_mut(&frame) {
                    wanted.heartbeat_at = plus(event.at, wanted.heartbeat_seconds);
                }
            }
            EventKind::TaskSubmitted { .. } => {}
            kind if is_end(kind) => open.clear(),
            _ => {
                open.remove(&frame);
            }
        }
    }
    open.into_values().collect()
}

fn resource_of(state: &asl::State) -> Arc<str> {
    match &state.kind {
        StateKind::Task(task) => match &task.resource {
            TaskResource::LambdaFunction { arn }
            | TaskResource::Activity { arn }
            | TaskResource::Service { arn, .. } => Arc::clone(arn),
        },
        _ => Arc::default(),
    }
}

fn plus(at: Timestamp, seconds: Option<u64>) -> Option<Timestamp> {
    let millis = i64::try_from(seconds?).ok()?.checked_mul(1000)?;
    Some(at.plus_millis(millis))
}
