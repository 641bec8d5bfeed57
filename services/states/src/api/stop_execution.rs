//! `StopExecution`

use std::sync::Arc;

use passo_engine::Input;
use passo_json::{Json, json};
use passo_service::Fault;
use passo_vocab::{ErrorName, Failure};

use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;
use crate::{executions, runtime_bridge};

/// An execution that has ended stays as it is; the answer says when it ended.
pub(crate) async fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (summary, _) = executions::find(service, request)?;
    let text = |name| request.text(name).map(Arc::<str>::from);
    let failure = Failure {
        error: text("error").map(ErrorName::new),
        cause: text("cause"),
    };
    let arn = request.required_text("executionArn");
    let taken = runtime_bridge::input(&service.runtime, arn, Input::Stop { failure }).await?;
    let stopped_at = match taken {
        Some(accepted) => accepted.at,
        None => {
            let ended = executions::find(service, request)?.0.stopped_at;
            ended
                .or(summary.stopped_at)
                .unwrap_or_else(|| service.clock.now())
        }
    };
    Ok(json!({"stopDate": epoch_seconds(stopped_at)}))
}
