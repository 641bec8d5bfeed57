//! The whole journal of one execution, and what its tasks were.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::program::{Program, StateKind, TaskResource};
use passo_engine::{Event, EventKind, ExecutionHeader, FrameId, TaskId};
use passo_json::Payload;
use passo_runtime::{Definitions as _, Key, Runtime, Summary};
use passo_service::RequestId;
use passo_states::Definitions;
use passo_vocab::AccountId;

use super::Refusal;

/// All that is kept of one execution.
pub(super) struct Journal {
    pub(super) summary: Summary,
    pub(super) header: ExecutionHeader,
    pub(super) program: Arc<Program>,
    pub(super) events: Vec<Event>,
}

/// One attempt at a task.
pub(super) struct Attempt {
    /// The state that asked for it.
    pub(super) state: Arc<str>,
    /// What is asked: an ARN.
    pub(super) resource: Arc<str>,
    pub(super) parameters: Payload,
    /// The id that the task's requests have.
    pub(super) request_id: RequestId,
    /// The event that asked for it, as users number events.
    pub(super) event: u64,
    /// What came back, be it the answer to the request or the result.
    pub(super) said: Vec<Arc<str>>,
}

impl Journal {
    /// What is kept of an execution; `None` where there is none.
    pub(super) fn read(
        runtime: &Runtime,
        definitions: &Definitions,
        execution_arn: &str,
    ) -> Result<Option<Journal>, Refusal> {
        let key = Key::of(execution_arn);
        let stored = |error| Refusal::store(&error);
        let Some((summary, header)) = runtime.execution(key).map_err(stored)? else {
            return Ok(None);
        };
        let text = runtime.definition(summary.definition).map_err(stored)?;
        let program = definitions.program(text.as_deref().unwrap_or_default());
        let events = runtime.events(key, &header).map_err(stored)?;
        Ok(Some(Journal {
            program: program.map_err(Refusal::conflict)?,
            summary,
            header,
            events,
        }))
    }

    /// The same for an execution of `account`, which must be there.
    pub(super) fn find(
        runtime: &Runtime,
        definitions: &Definitions,
        execution_arn: &str,
        account: &AccountId,
    ) -> Result<Journal, Refusal> {
        let missing = || Refusal::missing(format!("there is no execution `{execution_arn}`"));
        if !super::is_of(execution_arn, account) {
            return Err(missing());
        }
        Journal::read(runtime, definitions, execution_arn)?.ok_or_else(missing)
    }

    /// Every attempt at a task, in order.
    pub(super) fn attempts(&self) -> Vec<Attempt> {
        let mut attempts: Vec<Attempt> = Vec::new();
        let mut states = BTreeMap::new();
        let mut open: BTreeMap<FrameId, usize> = BTreeMap::new();
        let mut visible = 0_u64;
        for (event, sequence) in self.events.iter().zip(1_u64..) {
            visible += u64::from(event.is_visible());
            match &event.kind {
                EventKind::StateEntered { state, .. } => {
                    states.insert(event.frame, *state);
                    open.remove(&event.frame);
                }
                EventKind::TaskScheduled(task) => {
                    let state = states.get(&event.frame);
                    let Some(state) = state.and_then(|state| self.program.state(*state)) else {
                        continue;
                    };
                    let arn = &self.header.execution_arn;
                    open.insert(event.frame, attempts.len());
                    attempts.push(Attempt {
                        state: state.name.shared(),
                        resource: resource_of(&state.kind),
                        parameters: task.parameters.payload.clone(),
                        request_id: passo_integrations::request_id(arn, TaskId::new(sequence)),
                        event: visible,
                        said: Vec::new(),
                    });
                }
                kind => {
                    let attempt = open.get(&event.frame).and_then(|at| attempts.get_mut(*at));
                    if let (Some(attempt), Some(said)) = (attempt, said(kind)) {
                        attempt.said.push(said);
                    }
                }
            }
        }
        attempts
    }
}

/// What a service said to a task.
fn said(kind: &EventKind) -> Option<Arc<str>> {
    match kind {
        EventKind::TaskSubmitted { output } | EventKind::TaskSucceeded { output } => {
            Some(output.payload.shared_text().clone())
        }
        EventKind::TaskFailed(failure) | EventKind::TaskTimedOut { failure, .. } => {
            failure.cause.clone()
        }
        _ => None,
    }
}

fn resource_of(kind: &StateKind) -> Arc<str> {
    match kind {
        StateKind::Task(task) => match &task.resource {
            TaskResource::LambdaFunction { arn }
            | TaskResource::Activity { arn }
            | TaskResource::Service { arn, .. } => Arc::clone(arn),
        },
        _ => Arc::default(),
    }
}
