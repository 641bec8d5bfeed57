//! `UpdateStateMachineAlias`

use std::sync::Arc;

use passo_json::{Json, json};
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;
use crate::{aliases, faults};

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let named = aliases::named(request)?;
    let description: Option<Arc<str>> = request.text("description").map(Arc::from);
    let routing = match request.list("routingConfiguration") {
        Some(given) => Some(aliases::routing(given, request.caller())?),
        None => None,
    };
    if description.is_none() && routing.is_none() {
        return Err(faults::validation_because(
            "MISSING_REQUIRED_PARAMETER",
            "At least one of 'description' or 'routingConfiguration' must be provided",
        ));
    }
    let now = service.clock.now();
    service.tables.change(|view, changes| {
        let (machine, mut alias) = named.find(view)?;
        if machine.is_deleting {
            return Err(faults::state_machine_deleting(&machine.arn));
        }
        if let Some((owned, routes)) = routing {
            if owned != named.owned {
                return Err(faults::validation_because(
                    "INVALID_ROUTING_CONFIGURATION",
                    "Routing configuration must contain versions of the alias's state machine",
                ));
            }
            aliases::check_versions(view, &owned, &routes)?;
            alias.routing = routes;
        }
        alias.description = description.or(alias.description);
        alias.updated_at = now;
        changes.put_alias(&named.owned, &alias);
        Ok(json!({"updateDate": epoch_seconds(now)}))
    })
}
