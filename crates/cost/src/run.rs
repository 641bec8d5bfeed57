//! What one execution used, read from its events.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::program::{Program, State, StateKind, TaskResource};
use passo_engine::{Event, EventKind, FrameId};
use passo_json::Json;
use passo_vocab::Timestamp;

use crate::express;

/// What one execution used. Child executions of a Map run are runs of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// States that were entered, and retries.
    pub transitions: u64,
    /// How long it took, or has taken.
    pub millis: u64,
    /// Megabytes that an Express execution is billed for.
    pub megabytes: u64,
    /// Calls of functions by its tasks, by the function's name or ARN as it was called.
    pub functions: BTreeMap<Arc<str>, Calls>,
}

/// Calls of one function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// How many.
    pub requests: u64,
    /// How long they took together.
    pub millis: u64,
}

/// Tasks that call functions, while they are read.
#[derive(Default)]
struct Reading {
    states: BTreeMap<FrameId, passo_asl::program::StateId>,
    open: BTreeMap<FrameId, (Arc<str>, Option<Timestamp>)>,
    data_bytes: u64,
    steps: u64,
    run: Run,
}

impl Run {
    /// Reads events, all of one execution from its first. `now` ends what still runs; `definition_bytes` is the size of its
    /// definition.
    pub fn of(program: &Program, events: &[Event], definition_bytes: u64, now: Timestamp) -> Run {
        let mut reading = Reading::default();
        for event in events {
            reading.event(program, event);
        }
        let begun = events.first().map_or(now, |event| event.at);
        let ended = events.iter().rev().find(|event| is_end(&event.kind));
        let ended = ended.map_or(now, |event| event.at);
        let mut run = reading.run;
        run.millis = millis(begun, ended);
        run.megabytes =
            express::billed_megabytes(definition_bytes, reading.data_bytes, reading.steps);
        run
    }
}

impl Reading {
    fn event(&mut self, program: &Program, event: &Event) {
        let (frame, at) = (event.frame, event.at);
        match &event.kind {
            EventKind::StateEntered { state, input } => {
                self.states.insert(frame, *state);
                self.run.transitions = self.run.transitions.saturating_add(1);
                let bytes = u64::try_from(input.text().len()).unwrap_or(u64::MAX);
                self.data_bytes = self.data_bytes.max(bytes);
                let entered = program.state(*state).map(|state| &state.kind);
                if let Some(StateKind::Parallel(parallel)) = entered {
                    let branches = u64::try_from(parallel.branches.len()).unwrap_or(u64::MAX);
                    self.steps = self.steps.saturating_add(branches);
                }
            }
            EventKind::RetryScheduled { .. } => {
                self.run.transitions = self.run.transitions.saturating_add(1);
            }
            EventKind::MapIterationStarted { .. } => self.steps = self.steps.saturating_add(1),
            EventKind::TaskScheduled(task) => {
                let state = self.states.get(&frame).and_then(|id| program.state(*id));
                let function = state.and_then(|state| function(state, task.parameters.text()));
                if let Some(function) = function {
                    self.open.insert(frame, (function, None));
                }
            }
            EventKind::TaskStarted { .. } => {
                if let Some((_, begun)) = self.open.get_mut(&frame) {
                    *begun = Some(at);
                }
            }
            EventKind::TaskSubmitted { .. }
            | EventKind::TaskSucceeded { .. }
            | EventKind::TaskFailed(_)
            | EventKind::TaskTimedOut { .. }
            | EventKind::StateAborted => self.called(frame, at),
            _ => {}
        }
    }

    /// A call has ended; what was never begun was no call.
    fn called(&mut self, frame: FrameId, at: Timestamp) {
        let Some((function, Some(begun))) = self.open.remove(&frame) else {
            return;
        };
        let calls = self.run.functions.entry(function).or_default();
        calls.requests = calls.requests.saturating_add(1);
        // Duration is billed in milliseconds, rounded up.
        calls.millis = calls.millis.saturating_add(millis(begun, at).max(1));
    }
}

/// The function that a task calls.
fn function(state: &State, parameters: &str) -> Option<Arc<str>> {
    let StateKind::Task(task) = &state.kind else {
        return None;
    };
    match &task.resource {
        TaskResource::LambdaFunction { arn } => Some(Arc::clone(arn)),
        TaskResource::Activity { .. } => None,
        TaskResource::Service {
            resource_type,
            resource,
            ..
        } => {
            let is_call = matches!(&**resource_type, "lambda" | "aws-sdk:lambda")
                && resource.split('.').next() == Some("invoke");
            if !is_call {
                return None;
            }
            let parameters = Json::parse(parameters).ok()?;
            let name = parameters.get("FunctionName").and_then(Json::as_str)?;
            Some(Arc::from(name))
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

fn millis(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.millis_since(from)).unwrap_or_default()
}
