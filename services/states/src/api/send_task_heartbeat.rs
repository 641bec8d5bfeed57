//! `SendTaskHeartbeat`

use passo_engine::TaskUpdate;
use passo_json::{Json, json};
use passo_service::Fault;

use crate::request::Request;
use crate::runtime_bridge;
use crate::service::StepFunctions;

pub(crate) async fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (token, update) = (request.required_text("taskToken"), TaskUpdate::Heartbeat);
    runtime_bridge::send_token(&service.runtime, request.caller(), token, update).await?;
    Ok(json!({}))
}
