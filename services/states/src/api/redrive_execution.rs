//! `RedriveExecution`

use passo_engine::Input;
use passo_json::{Json, json};
use passo_service::Fault;

use crate::redrive::Redrive;
use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;
use crate::{executions, runtime_bridge};

pub(crate) async fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (summary, header) = executions::find(service, request)?;
    let arn = request.required_text("executionArn");
    let client_token = request.text("clientToken");
    let repeated =
        client_token.and_then(|token| service.redrives.find(arn, token, service.clock.now()));
    if let Some(redriven_at) = repeated {
        return Ok(json!({"redriveDate": epoch_seconds(redriven_at)}));
    }
    match executions::redrive(service, request, &summary, &header)? {
        Redrive::Redrivable => {}
        Redrive::ByMapRun => {
            return Err(not_redrivable(
                "Execution can only be redriven by its Map Run",
            ));
        }
        Redrive::Not(reason) => return Err(not_redrivable(reason)),
    }
    let taken = runtime_bridge::input(&service.runtime, arn, Input::Redrive).await?;
    let redriven_at = taken.map_or_else(|| service.clock.now(), |accepted| accepted.at);
    if let Some(token) = client_token {
        service.redrives.note(arn, token, redriven_at);
    }
    Ok(json!({"redriveDate": epoch_seconds(redriven_at)}))
}

fn not_redrivable(reason: &str) -> Fault {
    Fault::caller(
        "ExecutionNotRedrivable",
        format!("Execution is not redrivable: '{reason}'"),
    )
}
