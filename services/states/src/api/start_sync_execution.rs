//! `StartSyncExecution`

use passo_engine::{Status, WorkflowType};
use passo_json::{Json, ObjectBuilder, json};
use passo_runtime::{Finished, Key, Message, Start};
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;
use crate::{faults, runtime_bridge, shapes, starts};

/// What AWS bills for the least of executions.
const BILLED_MEGABYTES: i64 = 64;

/// AWS bills in steps of this length.
const BILLED_STEP_MILLIS: i64 = 100;

pub(crate) async fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let prepared = starts::prepare(service, request)?;
    if prepared.workflow_type == WorkflowType::Standard {
        return Err(faults::type_not_supported());
    }
    let start = prepared.start;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("executionArn", start.header.execution_arn.clone())
        .insert("stateMachineArn", start.header.state_machine_arn.clone())
        .insert("name", start.header.name.clone())
        .insert_some("traceHeader", start.trace_header.clone());
    let is_included = !request.wants_metadata_only();
    if is_included {
        answer.insert("input", start.header.input.text());
    }
    answer.insert("inputDetails", shapes::details(is_included));
    let key = Key::of(&start.header.execution_arn);
    let finished = runtime_bridge::ask(&service.runtime, key, |reply| {
        Message::Start(Box::new(Start {
            finished: Some(reply),
            ..start
        }))
    });
    end(&mut answer, &finished.await?, is_included);
    Ok(Json::Object(answer.build()))
}

/// The members that say how it ended.
fn end(answer: &mut ObjectBuilder, finished: &Finished, is_included: bool) {
    let millis = finished.stopped_at.millis_since(finished.started_at).max(1);
    let billed =
        millis.saturating_add(BILLED_STEP_MILLIS - 1) / BILLED_STEP_MILLIS * BILLED_STEP_MILLIS;
    answer
        .insert("startDate", epoch_seconds(finished.started_at))
        .insert("stopDate", epoch_seconds(finished.stopped_at))
        .insert("status", finished.status.name())
        .insert("outputDetails", shapes::details(is_included))
        .insert(
            "billingDetails",
            json!({
                "billedMemoryUsedInMB": BILLED_MEGABYTES,
                "billedDurationInMilliseconds": billed
            }),
        );
    if !is_included {
        return;
    }
    match &finished.status {
        Status::Succeeded { output } => {
            answer.insert("output", output.text());
        }
        Status::Failed { failure } | Status::TimedOut { failure } | Status::Aborted { failure } => {
            shapes::failure(answer, failure);
        }
        Status::Running => {}
    }
}
