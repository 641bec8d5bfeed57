//! From engine events to history events.

use std::sync::Arc;

use passo_asl::program::{Program, State, StateId, StateKind, TaskResource};
use passo_json::{Json, Object, ObjectBuilder};
use passo_vocab::Failure;

use super::HistoryEvent;
use crate::{Data, Event, EventId, EventKind, ExecutionHeader, FrameId, TaskScheduled};

/// A projection under way. Give it an execution's events in order, from the first.
#[derive(Debug)]
pub struct History<'a> {
    program: &'a Program,
    header: &'a ExecutionHeader,
    last: EventId,
    /// The state that each frame is in.
    states: Vec<Option<StateId>>,
}

type Details = Option<(&'static str, Object)>;

impl<'a> History<'a> {
    /// A projection before the first event.
    pub fn new(program: &'a Program, header: &'a ExecutionHeader) -> History<'a> {
        History {
            program,
            header,
            last: EventId::NONE,
            states: Vec::new(),
        }
    }

    /// The history of these events, which begin with the first one.
    pub fn project<'e>(
        program: &'e Program,
        header: &'e ExecutionHeader,
        events: &'e [Event],
    ) -> impl Iterator<Item = HistoryEvent> + 'e {
        let mut history = History::new(program, header);
        events
            .iter()
            .filter_map(move |event| history.next_event(event))
    }

    /// The next event as users see it; none for those that they do not see.
    pub fn next_event(&mut self, event: &Event) -> Option<HistoryEvent> {
        if let EventKind::StateEntered { state, .. } = &event.kind {
            self.enter(event.frame, *state);
        }
        if !event.is_visible() {
            return None;
        }
        self.last = self.last.next();
        let (type_name, details) = self.describe(event)?;
        Some(HistoryEvent {
            id: self.last,
            previous_event_id: event.previous,
            timestamp: event.at,
            type_name,
            details,
        })
    }

    fn enter(&mut self, frame: FrameId, state: StateId) {
        let slot = usize::try_from(frame.number()).unwrap_or(usize::MAX);
        if slot >= self.states.len() {
            self.states.resize(slot.saturating_add(1), None);
        }
        if let Some(current) = self.states.get_mut(slot) {
            *current = Some(state);
        }
    }

    fn current(&self, frame: FrameId) -> Option<&'a State> {
        let slot = usize::try_from(frame.number()).ok()?;
        self.program.state((*self.states.get(slot)?)?)
    }

    // tidy: long, because every kind of event has its place here.
    fn describe(&self, event: &Event) -> Option<(&'static str, Details)> {
        Some(match &event.kind {
            EventKind::ExecutionStarted { input } => (
                "ExecutionStarted",
                Some((
                    "executionStartedEventDetails",
                    self.execution_started(input),
                )),
            ),
            EventKind::ExecutionSucceeded { output } => (
                "ExecutionSucceeded",
                Some((
                    "executionSucceededEventDetails",
                    with_output(ObjectBuilder::new(), output),
                )),
            ),
            EventKind::ExecutionFailed(failure) => (
                "ExecutionFailed",
                Some((
                    "executionFailedEventDetails",
                    failed(ObjectBuilder::new(), failure),
                )),
            ),
            EventKind::ExecutionTimedOut(failure) => (
                "ExecutionTimedOut",
                Some((
                    "executionTimedOutEventDetails",
                    failed(ObjectBuilder::new(), failure),
                )),
            ),
            EventKind::ExecutionAborted(failure) => (
                "ExecutionAborted",
                Some((
                    "executionAbortedEventDetails",
                    failed(ObjectBuilder::new(), failure),
                )),
            ),
            EventKind::ExecutionRedriven { count } => (
                "ExecutionRedriven",
                Some(("executionRedrivenEventDetails", one("redriveCount", *count))),
            ),
            EventKind::StateEntered { state, input } => {
                let state = self.program.state(*state)?;
                (
                    entered_name(&state.kind),
                    Some(("stateEnteredEventDetails", entered(state, input))),
                )
            }
            EventKind::StateExited {
                state,
                output,
                assigned,
                ..
            } => {
                let state = self.program.state(*state)?;
                let details = exited(state, output, assigned.as_deref());
                (
                    exited_name(&state.kind)?,
                    Some(("stateExitedEventDetails", details)),
                )
            }
            EventKind::EvaluationFailed(evaluation) => {
                let mut details = ObjectBuilder::new();
                details
                    .insert_some("location", evaluation.location.clone())
                    .insert("state", self.program.state(evaluation.state)?.name.shared());
                (
                    "EvaluationFailed",
                    Some((
                        "evaluationFailedEventDetails",
                        failed(details, &evaluation.failure),
                    )),
                )
            }
            EventKind::StateAborted => (aborted_name(&self.current(event.frame)?.kind)?, None),
            EventKind::TaskScheduled(_)
            | EventKind::TaskScheduleFailed(_)
            | EventKind::TaskStarted { .. }
            | EventKind::TaskStartFailed(_)
            | EventKind::TaskSubmitted { .. }
            | EventKind::TaskSubmitFailed(_)
            | EventKind::TaskSucceeded { .. }
            | EventKind::TaskFailed(_)
            | EventKind::TaskTimedOut { .. } => {
                let StateKind::Task(task) = &self.current(event.frame)?.kind else {
                    return None;
                };
                self.describe_task(&task.resource, &event.kind)?
            }
            EventKind::ParallelStarted { .. } => ("ParallelStateStarted", None),
            EventKind::ParallelSucceeded => ("ParallelStateSucceeded", None),
            EventKind::ParallelFailed => ("ParallelStateFailed", None),
            EventKind::MapStarted(map) => (
                "MapStateStarted",
                Some(("mapStateStartedEventDetails", one("length", map.length))),
            ),
            EventKind::MapIterationStarted { index, .. } => (
                "MapIterationStarted",
                Some((
                    "mapIterationStartedEventDetails",
                    self.iteration(event, *index)?,
                )),
            ),
            EventKind::MapIterationSucceeded { index, .. } => (
                "MapIterationSucceeded",
                Some((
                    "mapIterationSucceededEventDetails",
                    self.iteration(event, *index)?,
                )),
            ),
            EventKind::MapIterationFailed { index, .. } => (
                "MapIterationFailed",
                Some((
                    "mapIterationFailedEventDetails",
                    self.iteration(event, *index)?,
                )),
            ),
            EventKind::MapIterationAborted { index } => (
                "MapIterationAborted",
                Some((
                    "mapIterationAbortedEventDetails",
                    self.iteration(event, *index)?,
                )),
            ),
            EventKind::MapSucceeded => ("MapStateSucceeded", None),
            EventKind::MapFailed => ("MapStateFailed", None),
            EventKind::MapRunStarted(run) => (
                "MapRunStarted",
                Some((
                    "mapRunStartedEventDetails",
                    one("mapRunArn", Arc::clone(&run.map_run_arn)),
                )),
            ),
            EventKind::MapRunSucceeded { .. } => ("MapRunSucceeded", None),
            EventKind::MapRunFailed(failure) => (
                "MapRunFailed",
                Some((
                    "mapRunFailedEventDetails",
                    failed(ObjectBuilder::new(), failure),
                )),
            ),
            EventKind::MapRunAborted => ("MapRunAborted", None),
            EventKind::MapRunRedriven { map_run_arn, count } => {
                let mut details = ObjectBuilder::new();
                details
                    .insert("mapRunArn", Arc::clone(map_run_arn))
                    .insert("redriveCount", *count);
                (
                    "MapRunRedriven",
                    Some(("mapRunRedrivenEventDetails", details.build())),
                )
            }
            EventKind::ClosingStarted(_)
            | EventKind::StateFailed(_)
            | EventKind::FrameAborted
            | EventKind::WaitStarted { .. }
            | EventKind::TimerFired
            | EventKind::RetryScheduled { .. }
            | EventKind::TaskHeartbeat
            | EventKind::BranchSucceeded { .. }
            | EventKind::BranchFailed(_) => return None,
        })
    }

    fn describe_task(
        &self,
        resource: &TaskResource,
        kind: &EventKind,
    ) -> Option<(&'static str, Details)> {
        match resource {
            TaskResource::LambdaFunction { arn } => describe_lambda(arn, kind),
            TaskResource::Activity { arn } => describe_activity(arn, kind),
            TaskResource::Service {
                resource_type,
                resource,
                ..
            } => {
                let mut details = ObjectBuilder::new();
                details
                    .insert("resourceType", Arc::clone(resource_type))
                    .insert("resource", Arc::clone(resource));
                self.describe_service(details, kind)
            }
        }
    }

    fn describe_service(
        &self,
        mut details: ObjectBuilder,
        kind: &EventKind,
    ) -> Option<(&'static str, Details)> {
        let (type_name, member, object) = match kind {
            EventKind::TaskScheduled(task) => {
                details
                    .insert("region", Arc::clone(&self.header.region))
                    .insert(
                        "parameters",
                        Arc::clone(task.parameters.payload.shared_text()),
                    );
                insert_limits(&mut details, task);
                insert_credentials(&mut details, task);
                (
                    "TaskScheduled",
                    "taskScheduledEventDetails",
                    details.build(),
                )
            }
            EventKind::TaskStarted { .. } => {
                ("TaskStarted", "taskStartedEventDetails", details.build())
            }
            EventKind::TaskStartFailed(failure) | EventKind::TaskScheduleFailed(failure) => (
                "TaskStartFailed",
                "taskStartFailedEventDetails",
                failed(details, failure),
            ),
            EventKind::TaskSubmitted { output } => (
                "TaskSubmitted",
                "taskSubmittedEventDetails",
                with_output(details, output),
            ),
            EventKind::TaskSubmitFailed(failure) => (
                "TaskSubmitFailed",
                "taskSubmitFailedEventDetails",
                failed(details, failure),
            ),
            EventKind::TaskSucceeded { output } => (
                "TaskSucceeded",
                "taskSucceededEventDetails",
                with_output(details, output),
            ),
            EventKind::TaskFailed(failure) => (
                "TaskFailed",
                "taskFailedEventDetails",
                failed(details, failure),
            ),
            EventKind::TaskTimedOut { failure, .. } => (
                "TaskTimedOut",
                "taskTimedOutEventDetails",
                failed(details, failure),
            ),
            _ => return None,
        };
        Some((type_name, Some((member, object))))
    }

    fn execution_started(&self, input: &Data) -> Object {
        let mut details = ObjectBuilder::new();
        insert_input(&mut details, input);
        details
            .insert("roleArn", Arc::clone(&self.header.role_arn))
            .insert_some(
                "stateMachineAliasArn",
                self.header.state_machine_alias_arn.clone(),
            )
            .insert_some(
                "stateMachineVersionArn",
                self.header.state_machine_version_arn.clone(),
            );
        details.build()
    }

    fn iteration(&self, event: &Event, index: u32) -> Option<Object> {
        let mut details = ObjectBuilder::new();
        details
            .insert("name", self.current(event.frame)?.name.shared())
            .insert("index", index);
        Some(details.build())
    }
}

fn describe_lambda(arn: &Arc<str>, kind: &EventKind) -> Option<(&'static str, Details)> {
    let details = ObjectBuilder::new();
    Some(match kind {
        EventKind::TaskScheduled(task) => (
            "LambdaFunctionScheduled",
            Some(("lambdaFunctionScheduledEventDetails", scheduled(arn, task))),
        ),
        EventKind::TaskScheduleFailed(failure) => (
            "LambdaFunctionScheduleFailed",
            Some((
                "lambdaFunctionScheduleFailedEventDetails",
                failed(details, failure),
            )),
        ),
        EventKind::TaskStarted { .. } => ("LambdaFunctionStarted", None),
        EventKind::TaskStartFailed(failure) => (
            "LambdaFunctionStartFailed",
            Some((
                "lambdaFunctionStartFailedEventDetails",
                failed(details, failure),
            )),
        ),
        EventKind::TaskSucceeded { output } => (
            "LambdaFunctionSucceeded",
            Some((
                "lambdaFunctionSucceededEventDetails",
                with_output(details, output),
            )),
        ),
        EventKind::TaskFailed(failure) | EventKind::TaskSubmitFailed(failure) => (
            "LambdaFunctionFailed",
            Some(("lambdaFunctionFailedEventDetails", failed(details, failure))),
        ),
        EventKind::TaskTimedOut { failure, .. } => (
            "LambdaFunctionTimedOut",
            Some((
                "lambdaFunctionTimedOutEventDetails",
                failed(details, failure),
            )),
        ),
        _ => return None,
    })
}

fn describe_activity(arn: &Arc<str>, kind: &EventKind) -> Option<(&'static str, Details)> {
    let mut details = ObjectBuilder::new();
    Some(match kind {
        EventKind::TaskScheduled(task) => (
            "ActivityScheduled",
            Some(("activityScheduledEventDetails", scheduled(arn, task))),
        ),
        EventKind::TaskScheduleFailed(failure) | EventKind::TaskStartFailed(failure) => (
            "ActivityScheduleFailed",
            Some((
                "activityScheduleFailedEventDetails",
                failed(details, failure),
            )),
        ),
        EventKind::TaskStarted { worker } => {
            details.insert_some("workerName", worker.clone());
            (
                "ActivityStarted",
                Some(("activityStartedEventDetails", details.build())),
            )
        }
        EventKind::TaskSucceeded { output } => (
            "ActivitySucceeded",
            Some((
                "activitySucceededEventDetails",
                with_output(details, output),
            )),
        ),
        EventKind::TaskFailed(failure) | EventKind::TaskSubmitFailed(failure) => (
            "ActivityFailed",
            Some(("activityFailedEventDetails", failed(details, failure))),
        ),
        EventKind::TaskTimedOut { failure, .. } => (
            "ActivityTimedOut",
            Some(("activityTimedOutEventDetails", failed(details, failure))),
        ),
        _ => return None,
    })
}

fn scheduled(arn: &Arc<str>, task: &TaskScheduled) -> Object {
    let mut details = ObjectBuilder::new();
    details.insert("resource", Arc::clone(arn));
    insert_input(&mut details, &task.parameters);
    insert_limits(&mut details, task);
    insert_credentials(&mut details, task);
    details.build()
}

fn insert_limits(details: &mut ObjectBuilder, task: &TaskScheduled) {
    let seconds = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    details
        .insert_some("timeoutInSeconds", task.timeout_seconds.map(seconds))
        .insert_some("heartbeatInSeconds", task.heartbeat_seconds.map(seconds));
}

fn insert_credentials(details: &mut ObjectBuilder, task: &TaskScheduled) {
    let role = task
        .credentials
        .as_ref()
        .and_then(|given| given.payload.json().get("RoleArn"))
        .cloned();
    details.insert_some("taskCredentials", role.map(|role| one("roleArn", role)));
}

fn entered(state: &State, input: &Data) -> Object {
    let mut details = ObjectBuilder::new();
    details.insert("name", state.name.shared());
    insert_input(&mut details, input);
    details.build()
}

fn exited(state: &State, output: &Data, assigned: Option<&[(Arc<str>, Data)]>) -> Object {
    let mut details = ObjectBuilder::new();
    details.insert("name", state.name.shared());
    if let Some(assigned) = assigned {
        let variables: Object = assigned
            .iter()
            .map(|(name, value)| {
                (
                    Arc::clone(name),
                    Json::from(Arc::clone(value.payload.shared_text())),
                )
            })
            .collect();
        details
            .insert("assignedVariables", variables)
            .insert("assignedVariablesDetails", one("truncated", false));
    }
    with_output(details, output)
}

fn insert_input(details: &mut ObjectBuilder, input: &Data) {
    details
        .insert("input", Arc::clone(input.payload.shared_text()))
        .insert("inputDetails", one("truncated", false));
}

fn with_output(mut details: ObjectBuilder, output: &Data) -> Object {
    details
        .insert("output", Arc::clone(output.payload.shared_text()))
        .insert("outputDetails", one("truncated", false));
    details.build()
}

fn failed(mut details: ObjectBuilder, failure: &Failure) -> Object {
    details
        .insert_some("error", failure.error.as_ref().map(|error| error.as_str()))
        .insert_some("cause", failure.cause.clone());
    details.build()
}

fn one(key: &'static str, value: impl Into<Json>) -> Object {
    ObjectBuilder::new().insert(key, value).build()
}

fn entered_name(kind: &StateKind) -> &'static str {
    match kind {
        StateKind::Task(_) => "TaskStateEntered",
        StateKind::Pass(_) => "PassStateEntered",
        StateKind::Choice(_) => "ChoiceStateEntered",
        StateKind::Wait(_) => "WaitStateEntered",
        StateKind::Succeed(_) => "SucceedStateEntered",
        StateKind::Fail(_) => "FailStateEntered",
        StateKind::Parallel(_) => "ParallelStateEntered",
        StateKind::Map(_) => "MapStateEntered",
    }
}

fn exited_name(kind: &StateKind) -> Option<&'static str> {
    match kind {
        StateKind::Task(_) => Some("TaskStateExited"),
        StateKind::Pass(_) => Some("PassStateExited"),
        StateKind::Choice(_) => Some("ChoiceStateExited"),
        StateKind::Wait(_) => Some("WaitStateExited"),
        StateKind::Succeed(_) => Some("SucceedStateExited"),
        StateKind::Fail(_) => None,
        StateKind::Parallel(_) => Some("ParallelStateExited"),
        StateKind::Map(_) => Some("MapStateExited"),
    }
}

fn aborted_name(kind: &StateKind) -> Option<&'static str> {
    match kind {
        StateKind::Task(_) => Some("TaskStateAborted"),
        StateKind::Wait(_) => Some("WaitStateAborted"),
        StateKind::Parallel(_) => Some("ParallelStateAborted"),
        StateKind::Map(_) => Some("MapStateAborted"),
        StateKind::Pass(_) | StateKind::Choice(_) | StateKind::Succeed(_) | StateKind::Fail(_) => {
            None
        }
    }
}
