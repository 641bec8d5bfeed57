//! `ListStateMachineVersions`

use passo_json::{Json, json};
use passo_service::Fault;

use crate::lists::{self, number_position};
use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;
use crate::{faults, targets};

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let arn = request.required_text("stateMachineArn");
    let owned = targets::machine_only(arn, request.caller())?;
    lists::page(service, request, "stateMachineVersions", |after, take| {
        let view = service.tables.view()?;
        let machine = view.machine(&owned)?;
        let machine = machine.ok_or_else(|| faults::state_machine_does_not_exist(arn))?;
        view.versions(&owned, number_position(after), &mut |version| {
            let item = json!({
                "stateMachineVersionArn": machine.version_arn(version.number),
                "creationDate": epoch_seconds(version.created_at)
            });
            take(&version.number.to_be_bytes(), item)
        })
    })
}
