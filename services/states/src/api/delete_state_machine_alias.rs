//! `DeleteStateMachineAlias`

use passo_json::{Json, json};
use passo_service::Fault;

use crate::aliases;
use crate::request::Request;
use crate::service::StepFunctions;

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let named = aliases::named(request)?;
    service.tables.change(|view, changes| {
        named.find(view)?;
        changes.delete_alias(&named.owned, &named.name);
        Ok(json!({}))
    })
}
