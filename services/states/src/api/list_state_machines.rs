//! `ListStateMachines`

use std::ops::ControlFlow;

use passo_json::{Json, json};
use passo_service::Fault;

use crate::lists::{self, text_position};
use crate::model::type_name;
use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    lists::page(service, request, "stateMachines", |after, take| {
        let view = service.tables.view()?;
        view.machines(request.caller(), text_position(after), &mut |machine| {
            if machine.is_deleting {
                return ControlFlow::Continue(());
            }
            let item = json!({
                "stateMachineArn": machine.arn.clone(),
                "name": machine.name.clone(),
                "type": type_name(machine.workflow_type),
                "creationDate": epoch_seconds(machine.created_at)
            });
            take(machine.name.as_bytes(), item)
        })
    })
}
