//! `GetActivityTask`

use std::sync::Arc;
use std::time::Duration;

use passo_json::{Json, json};
use passo_service::Fault;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use crate::quotas::{ACTIVITY_POLL_SECONDS, ACTIVITY_POLLERS_MAX};
use crate::request::Request;
use crate::service::StepFunctions;
use crate::targets;

/// Waits for a task; the answer is empty where none came in time. A worker that goes away stops waiting.
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
    loop {
        let (sender, receiver) = oneshot::channel();
        let taken = Box::new(move |task| {
            // Whoever asked may have gone away; the task then times out as it would with a worker that died.
            let _ = sender.send(task);
        });
        let _polling = service
            .runtime
            .poll_activity(&activity.arn, worker.clone(), taken);
        match timeout_at(deadline, receiver).await {
            Ok(Ok(Some(task))) => {
                return Ok(json!({"taskToken": task.token, "input": task.input.text()}));
            }
            // That task was no longer wanted.
            Ok(Ok(None)) => {}
            Ok(Err(_)) => return Err(Fault::service("the server stops")),
            Err(_) => return Ok(json!({})),
        }
    }
}
