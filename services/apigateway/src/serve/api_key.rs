//! Methods that want an API key: one that is enabled, of a usage plan that is for the stage.

use passo_json::{Json, Object};

use super::context::Context;
use super::errors::Refusal;
use super::rest::RestCall;
use super::text;

/// Refuses a request that lacks a key.
pub(crate) fn check(call: &mut RestCall<'_>) -> Result<(), Refusal> {
    let given = match text(&call.deployed.api(), "apiKeySource") {
        "AUTHORIZER" => call
            .authorizer
            .as_ref()
            .map(|it| text(it, "usageIdentifierKey").to_owned()),
        _ => call.taken.request.header("x-api-key").map(str::to_owned),
    };
    let wanted = call.method.get("apiKeyRequired").and_then(Json::as_bool);
    if wanted != Some(true) {
        call.api_key = given;
        return Ok(());
    }
    let is_known = given
        .as_deref()
        .is_some_and(|key| opens(&call.context, key).unwrap_or(false));
    if !is_known {
        return Err(Refusal::new("INVALID_API_KEY", "Forbidden"));
    }
    call.api_key = given;
    Ok(())
}

/// Whether a key opens the stage; none where that cannot be read.
pub(crate) fn opens(context: &Context<'_>, value: &str) -> Option<bool> {
    let table = &context.shared.table;
    let place = format!("{} {}", context.account, context.region);
    let keys = table.list(&["ApiKey", &place]).ok()?;
    let is_it = |row: &Object| {
        text(row, "value") == value && row.get("enabled").and_then(Json::as_bool) == Some(true)
    };
    let Some((_, key)) = keys.iter().find(|(_, row)| is_it(row)) else {
        return Some(false);
    };
    let is_here = |stage: &Json| {
        let is =
            |member: &str, wanted: &str| stage.get(member).and_then(Json::as_str) == Some(wanted);
        is("apiId", &context.api) && is("stage", &context.stage)
    };
    for (id, plan) in table.list(&["UsagePlan", &place]).ok()? {
        let stages = plan.get("apiStages").and_then(Json::as_array);
        let is_for_it = stages.is_some_and(|stages| stages.iter().any(is_here));
        if is_for_it {
            let row = ["UsagePlanKey", &place, &id, text(key, "id")];
            if table.find(&row).ok()?.is_some() {
                return Some(true);
            }
        }
    }
    Some(false)
}
