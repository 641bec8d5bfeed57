//! `StartMessageMoveTask`, `CancelMessageMoveTask` and `ListMessageMoveTasks`: dead letters go back.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use super::list_dead_letter_source_queues::sources;
use crate::address::Address;
use crate::faults;
use crate::move_tasks::{MoveTask, MoveTasks, Status};
use crate::quotas::{MOVE_RATE_MAX, MOVE_TASKS_MAX};
use crate::request::Request;
use crate::sqs::Core;

pub(crate) async fn start(core: &Arc<Core>, request: &Request<'_>) -> Result<Json, Fault> {
    let source_arn = request.required("SourceArn")?;
    let not_there = || {
        faults::no_resource(
            "The resource that you specified for the SourceArn parameter doesn't exist.",
        )
    };
    let address = Address::of_arn(source_arn).ok_or_else(not_there)?;
    let source = core.find(&address).ok_or_else(not_there)?;
    if sources(core, &address).is_empty() {
        return Err(faults::parameter(
            "Source queue must be configured as a Dead Letter Queue.",
        ));
    }
    let destination = request.text("DestinationArn");
    if let Some(arn) = destination {
        let target = Address::of_arn(arn).and_then(|address| core.find(&address));
        if target.is_none_or(|target| target.is_fifo() != source.is_fifo()) {
            return Err(faults::no_resource(
                "The resource that you specified for the DestinationArn parameter doesn't exist.",
            ));
        }
    }
    let rate = request.number("MaxNumberOfMessagesPerSecond");
    if let Some(rate) = rate
        && !(1..=MOVE_RATE_MAX).contains(&rate)
    {
        let reason = "Must be between 1 and 500, if provided.";
        return Err(faults::value(rate, "MaxNumberOfMessagesPerSecond", reason));
    }
    if core.move_tasks.running(source_arn).is_some() {
        return Err(faults::unsupported(
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
        ));
    }
    let visible = source.lock().index.counts().visible;
    let task = MoveTask {
        source: source_arn.to_owned(),
        destination: destination.map(str::to_owned),
        rate,
        status: Status::Running,
        moved: 0,
        to_move: i64::try_from(visible).unwrap_or(i64::MAX),
        started_at: core.now(),
        failure: None,
    };
    let mut handle = ObjectBuilder::new();
    handle
        .insert("taskId", core.uuid())
        .insert("sourceArn", source_arn);
    let handle = STANDARD.encode(Json::from(handle.build()).to_text());
    MoveTasks::keep(core, &handle, task).await?;
    MoveTasks::run(core, handle.clone());
    let mut answer = ObjectBuilder::new();
    answer.insert("TaskHandle", handle);
    Ok(Json::from(answer.build()))
}

pub(crate) async fn cancel(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let handle = request.required("TaskHandle")?;
    let running = core
        .move_tasks
        .find(handle)
        .ok_or_else(|| faults::no_resource("Task does not exist."))?;
    if running.status != Status::Running {
        return Err(faults::unsupported("Only active tasks can be cancelled."));
    }
    let cancelled = MoveTask {
        status: Status::Cancelled,
        ..running
    };
    let moved = cancelled.moved;
    MoveTasks::keep(core, handle, cancelled).await?;
    let mut answer = ObjectBuilder::new();
    answer.insert("ApproximateNumberOfMessagesMoved", moved);
    Ok(Json::from(answer.build()))
}

pub(crate) fn list(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let source_arn = request.required("SourceArn")?;
    if Address::of_arn(source_arn)
        .and_then(|address| core.find(&address))
        .is_none()
    {
        return Err(faults::no_resource(
            "The resource that you specified for the SourceArn parameter doesn't exist.",
        ));
    }
    let max = request.number("MaxResults").unwrap_or(1);
    if !(1..=MOVE_TASKS_MAX).contains(&usize::try_from(max).unwrap_or(0)) {
        let reason = "Must be between 1 and 10, if provided.";
        return Err(faults::value(max, "MaxResults", reason));
    }
    let max = usize::try_from(max).unwrap_or(1).clamp(1, MOVE_TASKS_MAX);
    let tasks = core.move_tasks.of_source(source_arn);
    let shown = tasks.iter().take(max).map(|(handle, task)| {
        let running = task.status == Status::Running;
        let mut shown = ObjectBuilder::new();
        shown
            .insert_some("TaskHandle", running.then(|| handle.clone()))
            .insert("Status", task.status.name())
            .insert("SourceArn", task.source.as_str())
            .insert_some("DestinationArn", task.destination.clone())
            .insert_some("MaxNumberOfMessagesPerSecond", task.rate)
            .insert("ApproximateNumberOfMessagesMoved", task.moved)
            .insert("ApproximateNumberOfMessagesToMove", task.to_move)
            .insert_some("FailureReason", task.failure.clone())
            .insert("StartedTimestamp", task.started_at);
        Json::from(shown.build())
    });
    let shown: Vec<Json> = shown.collect();
    let mut answer = ObjectBuilder::new();
    answer.insert("Results", shown);
    Ok(Json::from(answer.build()))
}
