//! `CreateStateMachineAlias`

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_json::{Json, json};
use passo_service::Fault;

use crate::model::Alias;
use crate::quotas::ALIASES_MAX;
use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;
use crate::{aliases, faults};

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let name: Arc<str> = Arc::from(request.required_text("name"));
    let description: Option<Arc<str>> = request.text("description").map(Arc::from);
    let given = request
        .list("routingConfiguration")
        .map_or(&[][..], |list| &**list);
    let (owned, routing) = aliases::routing(given, request.caller())?;
    let now = service.clock.now();
    service.tables.change(|view, changes| {
        let machine = view.machine(&owned)?.ok_or_else(faults::resource_not_found)?;
        if machine.is_deleting {
            return Err(faults::state_machine_deleting(&machine.arn));
        }
        let shown = |alias: &Alias| {
            json!({
                "stateMachineAliasArn": machine.alias_arn(&alias.name),
                "creationDate": epoch_seconds(alias.created_at)
            })
        };
        if let Some(existing) = view.alias(&owned, &name)? {
            if existing.routing == routing && existing.description == description {
                return Ok(shown(&existing));
            }
            return Err(faults::conflict(
                "Failed to create alias because an alias with the same name and a different routing configuration \
                 already exists.",
            ));
        }
        aliases::check_versions(view, &owned, &routing)?;
        let mut count = 0;
        view.aliases(&owned, None, &mut |_| {
            count += 1;
            ControlFlow::Continue(())
        })?;
        if count >= ALIASES_MAX {
            return Err(faults::quota_exceeded(format!(
                "The state machine has the maximum number of aliases: {ALIASES_MAX}"
            )));
        }
        let alias = Alias { name, description, routing, created_at: now, updated_at: now };
        changes.put_alias(&owned, &alias);
        Ok(shown(&alias))
    })
}
