//! `PublishStateMachineVersion`

use std::sync::Arc;

use passo_json::{Json, json};
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;
use crate::versions::Publication;
use crate::{faults, targets, versions};

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let arn = request.required_text("stateMachineArn");
    let owned = targets::machine_only(arn, request.caller())?;
    let now = service.clock.now();
    service.tables.change(|view, changes| {
        let mut machine = targets::active(view, &owned, arn)?;
        let revision = view.revision(&owned, machine.revision)?;
        // The first revision has no id; tools that want a name for it say `INITIAL`.
        let current = revision.id.as_deref().unwrap_or("INITIAL");
        if let Some(wanted) = request.text("revisionId")
            && wanted != current
        {
            return Err(faults::conflict(format!(
                "Failed to publish the State Machine version for revision {wanted}. The current State Machine \
                 revision is {current}."
            )));
        }
        let publication =
            Publication { description: request.text("description").map(Arc::from), at: now };
        let version = versions::publish(view, changes, &owned, &mut machine, &revision, publication)?;
        changes.put_machine(&owned, &machine);
        Ok(json!({
            "creationDate": epoch_seconds(version.created_at),
            "stateMachineVersionArn": machine.version_arn(version.number)
        }))
    })
}
