//! The context object of a test.

use passo_asl::SINGLE_STATE;
use passo_asl::program::{IntegrationPattern, Program, State, StateKind, TaskResource};
use passo_json::{Json, ObjectBuilder, Payload, json};
use passo_service::Fault;
use passo_vocab::{Entropy, Timestamp};

use crate::request::Request;
use crate::{faults, resource};

/// `context` as it is given, else that of an Express execution of its own.
///
/// # Errors
/// `ValidationException` where the given text is no JSON object.
pub(super) fn object(
    request: &Request,
    program: &Program,
    state: &State,
    input: &Payload,
    now: Timestamp,
    chance: &Entropy,
) -> Result<Json, Fault> {
    if let Some(text) = request.text("context") {
        return match Json::parse(text) {
            Ok(given @ Json::Object(_)) => Ok(given),
            Ok(_) | Err(_) => Err(faults::validation("Context must be a valid JSON object")),
        };
    }
    let (machine, name) = (chance.uuid_v4(), chance.uuid_v4());
    let arn = |path: &str| resource::arn(request.caller(), path);
    let mut execution = ObjectBuilder::new();
    execution
        .insert("Id", arn(&format!("express:{machine}:{name}")))
        .insert("Input", input.json().clone())
        .insert("StartTime", now.to_string())
        .insert("Name", name)
        // Recorded on AWS: null without a role.
        .insert(
            "RoleArn",
            request.text("roleArn").map_or(Json::Null, Json::from),
        );
    let mut entered = ObjectBuilder::new();
    entered
        .insert("Name", SINGLE_STATE)
        .insert("EnteredTime", now.to_string())
        .insert_some("RetryCount", retry_count(request, &state.kind));
    let mut context = ObjectBuilder::new();
    context
        .insert("Execution", execution.build())
        .insert(
            "StateMachine",
            json!({"Id": (arn(&format!("stateMachine:{machine}"))), "Name": machine}),
        )
        .insert("State", entered.build());
    if waits_for_token(&state.kind) {
        context.insert("Task", json!({"Token": (chance.uuid_v4())}));
    }
    if is_iteration(program, state) {
        let item = json!({"Index": 0, "Value": (input.json().clone())});
        context.insert("Map", json!({"Item": item}));
    }
    Ok(Json::Object(context.build()))
}

/// Shown for states that can be retried.
fn retry_count(request: &Request, kind: &StateKind) -> Option<i64> {
    match kind {
        StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_) => {
            let configuration = request.member("stateConfiguration");
            let count = configuration.and_then(|it| it.get("retrierRetryCount"));
            Some(count.and_then(Json::as_i64).unwrap_or(0))
        }
        StateKind::Pass(_)
        | StateKind::Choice(_)
        | StateKind::Wait(_)
        | StateKind::Succeed(_)
        | StateKind::Fail(_) => None,
    }
}

fn waits_for_token(kind: &StateKind) -> bool {
    let StateKind::Task(task) = kind else {
        return false;
    };
    matches!(
        &task.resource,
        TaskResource::Service {
            pattern: IntegrationPattern::WaitForTaskToken,
            ..
        }
    )
}

/// Whether the state is part of what a Map runs for each item: it then is in the first iteration, with its input as the
/// item. Source: Developer Guide, "Testing state machines with TestState API".
fn is_iteration(program: &Program, state: &State) -> bool {
    let mut block = program.block(state.block);
    while let Some(owner) = block.and_then(|block| program.state(block.owner?)) {
        if matches!(owner.kind, StateKind::Map(_)) {
            return true;
        }
        block = program.block(owner.block);
    }
    false
}
