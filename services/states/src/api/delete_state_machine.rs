//! `DeleteStateMachine`

use passo_engine::Input;
use passo_json::{Json, json};
use passo_runtime::{Key, Message};
use passo_service::Fault;
use passo_vocab::Failure;

use crate::model::Owned;
use crate::request::Request;
use crate::resource::{self, Part};
use crate::service::StepFunctions;
use crate::{deletion, faults};

/// Executions that still run are stopped; the state machine is gone once the last one has ended.
pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
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
    let running = deletion::running(service, arn)?;
    service.tables.change(|view, changes| {
        if let Some(mut machine) = view.machine(&owned)? {
            if running.is_empty() {
                changes.delete_machine(&owned, &machine.arn);
            } else {
                machine.is_deleting = true;
                changes.put_machine(&owned, &machine);
            }
        }
        Ok(())
    })?;
    for execution in running {
        let (execution, input) = (
            Key::of(&execution),
            Input::Stop {
                failure: Failure::default(),
            },
        );
        // Where the runtime is busy the execution goes on, and the state machine waits for it.
        let _ = service.runtime.send(
            execution,
            Message::Input {
                execution,
                input,
                reply: None,
            },
        );
    }
    Ok(json!({}))
}
