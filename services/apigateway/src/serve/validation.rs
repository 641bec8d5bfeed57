//! Request validators: parameters that have to be there, and bodies that have to fit a model.

use passo_json::{Json, Object};

use super::errors::Refusal;
use super::rest::RestCall;
use super::{media, text};
use crate::schema;

/// Refuses a request that the method's validator refuses.
pub(crate) fn check(call: &RestCall<'_>) -> Result<(), Refusal> {
    let id = text(&call.method, "requestValidatorId");
    let Some(validator) = call.deployed.row("validators", id) else {
        return Ok(());
    };
    let wants = |member: &str| validator.get(member).and_then(Json::as_bool) == Some(true);
    if wants("validateRequestParameters") {
        parameters(call)?;
    }
    if wants("validateRequestBody") {
        body(call)?;
    }
    Ok(())
}

fn parameters(call: &RestCall<'_>) -> Result<(), Refusal> {
    let wanted = call.method.get("requestParameters");
    let wanted = wanted.and_then(Json::as_object).into_iter();
    let wanted = wanted.flat_map(Object::iter);
    let missing = wanted.filter_map(|(name, is_required)| {
        let rest = name.strip_prefix("method.request.")?;
        let (place, name) = rest.split_once('.')?;
        let is_given = match place {
            "header" => call.taken.headers.all_of_header(name).is_some(),
            "querystring" => call.taken.query.all(name).is_some_and(|it| it != [""]),
            "path" => call.taken.path_parameters.iter().any(|(it, _)| it == name),
            _ => true,
        };
        (is_required.as_bool() == Some(true) && !is_given).then_some(name)
    });
    let missing: Vec<&str> = missing.collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Refusal::new(
            "BAD_REQUEST_PARAMETERS",
            format!(
                "Missing required request parameters: [{}]",
                missing.join(", ")
            ),
        )),
    }
}

fn body(call: &RestCall<'_>) -> Result<(), Refusal> {
    let models = call.method.get("requestModels").and_then(Json::as_object);
    let Some(models) = models else {
        return Ok(());
    };
    let kind = call.taken.request.header("content-type");
    let kind = media::plain(kind.unwrap_or("application/json"));
    let name = models.get(&kind).or_else(|| models.get("$default"));
    let Some(model) = name
        .and_then(Json::as_str)
        .and_then(|name| call.deployed.row("models", name))
    else {
        return Ok(());
    };
    let Ok(schema) = Json::parse(text(model, "schema")) else {
        return Ok(());
    };
    let others = |name: &str| {
        let model = call.deployed.row("models", name)?;
        Json::parse(text(model, "schema")).ok()
    };
    let invalid = || Refusal::new("BAD_REQUEST_BODY", "Invalid request body");
    let body = Json::parse(&call.taken.body_text()).map_err(|_| invalid())?;
    match schema::fits(&body, &schema, &others) {
        true => Ok(()),
        false => Err(invalid()),
    }
}
