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
    match executions::redrive(service, &summary, &header)? {
        Redrive::Redrivable => {}
        Redrive::ByMapRun => {
            return Err(not_redrivable(
                "Execution can only be redriven by its Map Run",
            ));
        }
        Redrive::Not(reason) => return Err(not_redrivable(reason)),
    }
    let arn = request.required_text("executionArn");
    let taken = runtime_bridge::input(&service.runtime, arn, Input::Redrive).await?;
    let redriven_at = taken.map_or_else(|| service.clock.now(), |accepted| accepted.at);
    Ok(json!({"redriveDate": epoch_seconds(redriven_at)}))
}

fn not_redrivable(reason: &str) -> Fault {
    Fault::caller(
        "ExecutionNotRedrivable",
        format!("Execution is not redrivable: '{reason}'"),
    )
}
