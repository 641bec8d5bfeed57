//! `DeleteStateMachineVersion`

use std::ops::ControlFlow;

use passo_json::{Json, json};
use passo_service::Fault;

use crate::faults;
use crate::model::Owned;
use crate::request::Request;
use crate::resource::{self, Part};
use crate::service::StepFunctions;

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (arn, caller) = (
        request.required_text("stateMachineVersionArn"),
        request.caller(),
    );
    let reference = resource::state_machine_ref(arn)?;
    let Part::Version(number) = reference.part else {
        return Err(faults::invalid_arn(&format!("Version ARN expected: {arn}")));
    };
    if !resource::is_of(arn, caller) {
        return Ok(json!({}));
    }
    let owned = Owned::new(caller, &reference.name);
    service.tables.change(|view, changes| {
        let mut users = Vec::new();
        view.aliases(&owned, None, &mut |alias| {
            if alias.routing.iter().any(|route| route.version == number) {
                users.push(alias.name);
            }
            ControlFlow::Continue(())
        })?;
        if !users.is_empty() {
            return Err(faults::conflict(format!(
                "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this \
                 version: [{}]",
                users.join(", ")
            )));
        }
        // A version that is not there is as good as deleted (recorded).
        changes.delete_version(&owned, number);
        Ok(json!({}))
    })
}
