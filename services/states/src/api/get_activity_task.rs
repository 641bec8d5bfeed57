//! `GetActivityTask`

use std::sync::Arc;
use std::time::Duration;

use passo_json::{Json, json};
use passo_runtime::TakenTask;
use passo_service::Fault;
use passo_vocab::Timestamp;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout_at};

use crate::quotas::{ACTIVITY_POLL_MILLIS, ACTIVITY_POLL_SECONDS, ACTIVITY_POLLERS_MAX};
use crate::request::Request;
use crate::service::StepFunctions;
use crate::targets;

/// How often a virtual clock is looked at that does not pass by itself.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Waits for a task; the answer is empty where none came in time. A worker that goes away stops waiting. Waiting does not
/// make virtual time pass, or an idle worker would drive it on for ever.
pub(crate) async fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let activity = targets::activity(service, request)?;
    if service.runtime.pollers(&activity.arn) >= ACTIVITY_POLLERS_MAX {
        return Err(Fault::caller(
            "ActivityWorkerLimitExceeded",
            "The maximum number of workers concurrently polling for activity tasks has been reached",
        ));
    }
    let worker: Option<Arc<str>> = request.text("workerName").map(Arc::from);
    let deadline = Instant::now() + Duration::from_secs(ACTIVITY_POLL_SECONDS);
    let until = service.clock.now().plus_millis(ACTIVITY_POLL_MILLIS);
    loop {
        let (sender, receiver) = oneshot::channel();
        let taken = Box::new(move |task| {
            // Whoever asked may have gone away; the task then times out as it would with a worker that died.
            let _ = sender.send(task);
        });
        let _polling = service
            .runtime
            .poll_activity(&activity.arn, worker.clone(), taken);
        let arrived = tokio::select! {
            biased;
            arrived = timeout_at(deadline, receiver) => arrived.ok(),
            () = time_is_up(service, until) => None,
        };
        match arrived {
            Some(Ok(Some(task))) => {
                let TakenTask { token, input } = task;
                return Ok(json!({"taskToken": token, "input": input.text()}));
            }
            // That task was no longer wanted.
            Some(Ok(None)) => {}
            Some(Err(_)) => return Err(Fault::service("the server stops")),
            None => return Ok(json!({})),
        }
    }
}

/// Waits until a virtual clock has been moved to `until`; for ever where the clock is real, whose time the caller keeps.
async fn time_is_up(service: &StepFunctions, until: Timestamp) {
    if !service.clock.is_virtual() {
        return std::future::pending().await;
    }
    while service.clock.now() < until {
        sleep(LOOK_EVERY).await;
    }
}
