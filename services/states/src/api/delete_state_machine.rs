//! `DeleteStateMachine`

use passo_json::{Json, json};
use passo_service::Fault;

use crate::model::Owned;
use crate::request::Request;
use crate::resource::{self, Part};
use crate::service::StepFunctions;
use crate::{deletion, faults};

/// Executions that still run are stopped; the state machine is gone once the last one has ended.
pub(crate) async fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (arn, caller) = (request.required_text("stateMachineArn"), request.caller());
    let reference = resource::state_machine_ref(arn)?;
    match reference.part {
        Part::Whole => {}
        Part::Label(_) => return Err(faults::labelled_arn()),
        Part::Version(_) | Part::Alias(_) => {
            return Err(faults::invalid_arn(&format!(
                "State machine ARN expected: {arn}"
            )));
        }
    }
    // A state machine that is not there is as good as deleted (recorded).
    if !resource::is_of(arn, caller) {
        return Ok(json!({}));
    }
    let owned = Owned::new(caller, &reference.name);
    // Nothing is started any more before the executions are looked for.
    service.tables.change(|view, changes| {
        if let Some(mut machine) = view.machine(&owned)? {
            machine.is_deleting = true;
            changes.put_machine(&owned, &machine);
        }
        Ok(())
    })?;
    deletion::stop_all(service, deletion::running(service, arn)?).await;
    deletion::existing(service, &service.tables.view()?, &owned)?;
    Ok(json!({}))
}
