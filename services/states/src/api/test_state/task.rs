//! A Task without a mock: an Express execution of a state machine that is nothing but the task.

use std::sync::Arc;

use passo_asl::program::{Program, TaskResource};
use passo_asl::{SINGLE_STATE, WorkflowType};
use passo_engine::single_state::{SingleTask, Work};
use passo_engine::{ExecutionHeader, Limits, Status};
use passo_json::{Json, ObjectBuilder, Payload, json};
use passo_runtime::{Key, Message, Start};
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::{resource, runtime_bridge};

/// Does the task and waits for its end, which Express executions reach within five minutes.
///
/// # Errors
/// Where the runtime does not take it.
pub(super) async fn perform(
    service: &StepFunctions,
    request: &Request,
    task: &SingleTask,
) -> Result<Work, Fault> {
    let definition = definition(task).to_text();
    let checked = service
        .definitions
        .check(&definition, WorkflowType::Express);
    let checked =
        checked.map_err(|_| Fault::service("the definition of a tested task is not valid"))?;
    let header = header(service, request, task.parameters.clone());
    let key = Key::of(&header.execution_arn);
    let start = Start {
        header,
        program: Arc::clone(&checked.program),
        definition: Arc::from(definition),
        trace_header: None,
        named_by: None,
        started: None,
        finished: None,
    };
    let finished = runtime_bridge::ask(&service.runtime, key, |reply| {
        Message::Start(Box::new(Start {
            finished: Some(reply),
            ..start
        }))
    });
    match finished.await?.status {
        Status::Succeeded { output } => Ok(Work::Succeeded(output)),
        Status::Failed { failure } | Status::TimedOut { failure } | Status::Aborted { failure } => {
            Ok(Work::Failed(failure))
        }
        Status::Running => Err(Fault::service("a tested task ended but runs")),
    }
}

/// The task's parameters are the execution's input, so that nothing in them is taken for an expression.
fn definition(task: &SingleTask) -> Json {
    let resource = match &task.resource {
        TaskResource::LambdaFunction { arn }
        | TaskResource::Activity { arn }
        | TaskResource::Service { arn, .. } => arn.clone(),
    };
    let mut state = ObjectBuilder::new();
    state
        .insert("Type", "Task")
        .insert("Resource", resource)
        .insert("Arguments", "{% $states.input %}")
        .insert_some(
            "Credentials",
            task.credentials.as_ref().map(|it| it.json().clone()),
        )
        .insert_some(
            "TimeoutSeconds",
            task.timeout_seconds.and_then(|it| i64::try_from(it).ok()),
        )
        .insert("End", true);
    let mut states = ObjectBuilder::new();
    states.insert(SINGLE_STATE, state.build());
    json!({"QueryLanguage": "JSONata", "StartAt": SINGLE_STATE, "States": (states.build())})
}

fn header(service: &StepFunctions, request: &Request, input: Payload) -> ExecutionHeader {
    let (caller, chance) = (request.caller(), service.chance());
    let (machine, name) = (chance.uuid_v4(), chance.uuid_v4());
    let path = format!("express:{machine}:{name}:{}", chance.uuid_v4());
    ExecutionHeader {
        execution_arn: resource::arn(caller, &path),
        name: Arc::from(name),
        state_machine_arn: resource::arn(caller, &format!("stateMachine:{machine}")),
        state_machine_name: Arc::from(machine),
        role_arn: Arc::from(request.required_text("roleArn")),
        state_machine_version_arn: None,
        state_machine_alias_arn: None,
        workflow_type: WorkflowType::Express,
        block: Program::ROOT,
        map_run: None,
        region: Arc::from(caller.region.as_str()),
        input,
        started_at: service.clock.now(),
        limits: Limits::EXPRESS,
        mocks: None,
    }
}
