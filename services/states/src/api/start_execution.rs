//! `StartExecution`

use passo_json::{Json, json};
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;
use crate::{runtime_bridge, starts};

pub(crate) async fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let prepared = starts::prepare(service, request)?;
    let started = runtime_bridge::start(&service.runtime, prepared.start).await?;
    Ok(json!({
        "executionArn": started.execution_arn,
        "startDate": epoch_seconds(started.started_at)
    }))
}
