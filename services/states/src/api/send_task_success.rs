//! `SendTaskSuccess`

use passo_engine::TaskUpdate;
use passo_json::{Json, json};
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::{payloads, runtime_bridge};

pub(crate) async fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let token = request.required_text("taskToken");
    runtime_bridge::check_token(request.caller(), token)?;
    let update = TaskUpdate::Succeeded(payloads::task_output(request.required_text("output"))?);
    runtime_bridge::send_token(&service.runtime, request.caller(), token, update).await?;
    Ok(json!({}))
}
