//! `ListStateMachineAliases`

use passo_json::{Json, json};
use passo_service::Fault;

use crate::faults;
use crate::lists::{self, text_position};
use crate::model::Owned;
use crate::request::Request;
use crate::resource::{self, Part};
use crate::service::StepFunctions;
use crate::times::epoch_seconds;

/// The aliases of a state machine, or those that route to one of its versions.
pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (arn, caller) = (request.required_text("stateMachineArn"), request.caller());
    let missing = || faults::state_machine_does_not_exist(arn);
    let reference = resource::state_machine_ref(arn)?;
    let version = match reference.part {
        Part::Whole => None,
        Part::Version(number) => Some(number),
        Part::Label(_) => return Err(faults::labelled_arn()),
        Part::Alias(_) => return Err(missing()),
    };
    if !resource::is_of(arn, caller) {
        return Err(missing());
    }
    let owned = Owned::new(caller, &reference.name);
    lists::page(service, request, "stateMachineAliases", |after, take| {
        let view = service.tables.view()?;
        let machine = view.machine(&owned)?.ok_or_else(missing)?;
        if machine.is_deleting {
            return Err(faults::state_machine_deleting(&machine.arn));
        }
        if let Some(number) = version
            && view.version(&owned, number)?.is_none()
        {
            return Err(faults::resource_not_found());
        }
        view.aliases(&owned, text_position(after), &mut |alias| {
            let is_wanted =
                version.is_none_or(|number| alias.routing.iter().any(|it| it.version == number));
            if !is_wanted {
                return std::ops::ControlFlow::Continue(());
            }
            let item = json!({
                "stateMachineAliasArn": machine.alias_arn(&alias.name),
                "creationDate": epoch_seconds(alias.created_at)
            });
            take(alias.name.as_bytes(), item)
        })
    })
}
