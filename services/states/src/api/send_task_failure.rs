//! `SendTaskFailure`

use std::sync::Arc;

use passo_engine::TaskUpdate;
use passo_json::{Json, json};
use passo_service::Fault;
use passo_vocab::{ErrorName, Failure};

use crate::request::Request;
use crate::runtime_bridge;
use crate::service::StepFunctions;

pub(crate) async fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let text = |name| request.text(name).map(Arc::<str>::from);
    let failure = Failure {
        error: text("error").map(ErrorName::new),
        cause: text("cause"),
    };
    let (token, update) = (
        request.required_text("taskToken"),
        TaskUpdate::Failed(failure),
    );
    runtime_bridge::send_token(&service.runtime, request.caller(), token, update).await?;
    Ok(json!({}))
}
