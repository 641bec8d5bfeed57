//! Task: does work outside.

use std::sync::Arc;

use passo_asl::program::{IntegrationPattern, StateKind, Task, TaskResource};
use passo_json::Payload;

use super::super::exit::{Exit, next_of};
use super::super::turn::Turn;
use crate::execution::Stage;
use crate::flow::{Evaluator, Fault, Value};
use crate::{Command, EventKind, FrameId, Invariant, TaskScheduled};

/// What a task is scheduled with, before its payloads have names.
pub(crate) struct Plan {
    pub(crate) parameters: Value,
    pub(crate) timeout_seconds: Option<u64>,
    heartbeat_seconds: Option<u64>,
    pub(crate) credentials: Option<Payload>,
    token: Option<Arc<str>>,
}

impl Turn<'_> {
    pub fn schedule_task(&mut self, id: FrameId, task: &Task) -> Result<(), Invariant> {
        let token = needs_token(&task.resource).then(|| self.new_token());
        // An activity's token is for its worker only: the context object does not show it.
        let shown = match task.resource {
            TaskResource::Activity { .. } => None,
            TaskResource::LambdaFunction { .. } | TaskResource::Service { .. } => token.clone(),
        };
        let planned = plan(&self.evaluator(id)?.with_token(shown), task, token);
        self.settle(id, planned, |turn, plan| {
            let mut names = turn.names();
            let scheduled = TaskScheduled {
                parameters: names.of(plan.parameters),
                timeout_seconds: plan.timeout_seconds,
                heartbeat_seconds: plan.heartbeat_seconds,
                credentials: plan
                    .credentials
                    .map(|credentials| names.of(Value::New(credentials))),
                token: plan.token,
            };
            turn.emit_next(id, EventKind::TaskScheduled(Box::new(scheduled)))?;
            if let Some(start) = turn.execution.start_task(turn.program, id) {
                turn.command(Command::StartTask(Box::new(start)));
                turn.follow_timer(id, None);
            }
            Ok(())
        })
    }

    pub fn task_done(&mut self, id: FrameId) -> Result<(), Invariant> {
        let StateKind::Task(task) = &self.state(id)?.kind else {
            return Err(Invariant::new("a task belongs to a Task state"));
        };
        let Stage::Done(result) = &self.frame(id)?.stage else {
            return Err(Invariant::new("a task that is done has a result"));
        };
        let exit = leave(&self.evaluator(id)?, task, Value::Kept(result.clone()));
        self.settle(id, exit, |turn, exit| turn.exit(id, exit))
    }
}

/// What a Task state asks for.
pub(crate) fn plan(
    evaluator: &Evaluator<'_>,
    task: &Task,
    token: Option<Arc<str>>,
) -> Result<Plan, Fault> {
    let effective = evaluator.input(&task.flow)?;
    let payload = effective.payload().clone();
    let parameters = evaluator.arguments(&task.flow, effective)?;
    evaluator.check_size(&parameters)?;
    let timeout_seconds =
        evaluator.task_seconds(task.timeout_seconds.as_ref(), &payload, "TimeoutSeconds")?;
    let heartbeat_seconds = evaluator.task_seconds(
        task.heartbeat_seconds.as_ref(),
        &payload,
        "HeartbeatSeconds",
    )?;
    let credentials = match &task.credentials {
        None => None,
        Some(template) => Some(Payload::from(
            template.evaluate(&evaluator.scope(&payload), "Credentials")?,
        )),
    };
    Ok(Plan {
        parameters,
        timeout_seconds,
        heartbeat_seconds,
        credentials,
        token,
    })
}

/// How a Task state is left.
pub(crate) fn leave(evaluator: &Evaluator<'_>, task: &Task, result: Value) -> Result<Exit, Fault> {
    let assigned = evaluator.assign(&task.flow, &result)?;
    let output = evaluator.output(&task.flow, result)?;
    Ok(Exit {
        output,
        assigned,
        next: next_of(task.transition),
    })
}

fn needs_token(resource: &TaskResource) -> bool {
    match resource {
        TaskResource::LambdaFunction { .. } => false,
        TaskResource::Activity { .. } => true,
        TaskResource::Service { pattern, .. } => match pattern {
            IntegrationPattern::WaitForTaskToken => true,
            IntegrationPattern::RequestResponse | IntegrationPattern::Sync => false,
        },
    }
}
