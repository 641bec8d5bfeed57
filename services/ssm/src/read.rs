//! Reading values, by name and by path.

use std::collections::BTreeSet;

use passo_json::{Json, ObjectBuilder};
use passo_records::page;
use passo_service::Fault;

use crate::describe::Filters;
use crate::request::{Answer, Request, selected};
use crate::{faults, name};

/// `GetParameter`
pub(crate) fn get(request: &Request<'_>) -> Answer {
    let shown = one(request, request.required("Name")?)?;
    let mut answer = ObjectBuilder::new();
    answer.insert("Parameter", shown);
    Ok(Json::from(answer.build()))
}

/// `GetParameters`
pub(crate) fn get_many(request: &Request<'_>) -> Answer {
    let names = names(request)?;
    let (mut found, mut invalid) = (Vec::new(), Vec::new());
    for given in names.iter().collect::<BTreeSet<_>>() {
        match one(request, given) {
            Ok(shown) => found.push(shown),
            Err(fault) if fault.code.starts_with("Parameter") => invalid.push(Json::from(*given)),
            Err(fault) => return Err(fault),
        }
    }
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Parameters", found)
        .insert("InvalidParameters", invalid);
    Ok(Json::from(answer.build()))
}

/// `GetParametersByPath`
pub(crate) fn by_path(request: &Request<'_>) -> Answer {
    let given = request.given;
    let path = request.required("Path")?;
    if !path.starts_with('/') {
        return Err(faults::validation(
            "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \"/\". It can't be prefixed with \\\"aws\\\" or \\\"ssm\\\" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol \"/\". Valid example: /get/parameters2-/by1./path0_.",
        ));
    }
    let base = format!("{}/", path.trim_end_matches('/'));
    let deep = given.flag("Recursive");
    let filters = Filters::read(request)?;
    let mut parameters = request.all()?;
    parameters.retain(|parameter| {
        let below = parameter.name.strip_prefix(&base);
        below.is_some_and(|rest| deep || !rest.contains('/')) && filters.pass(parameter)
    });
    let limit = request.limit(10, 10)?;
    let (parameters, next) = page(
        parameters,
        |parameter| &parameter.name,
        given.text("NextToken"),
        limit,
    );
    let decrypted = given.flag("WithDecryption");
    let place = request.place();
    let shown = parameters.iter().filter_map(|parameter| {
        let version = parameter.latest()?;
        Some(version.shown(&place, &parameter.name, None, decrypted))
    });
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Parameters", shown.collect::<Vec<_>>())
        .insert_some("NextToken", next);
    Ok(Json::from(answer.build()))
}

fn one(request: &Request<'_>, given: &str) -> Result<Json, Fault> {
    let parameter = request.existing(given)?;
    let (name, selector) = name::read(given);
    let version = selected(&parameter, selector)?;
    let shown_selector = given.rsplit_once(name).map(|(_, rest)| rest);
    let decrypted = request.given.flag("WithDecryption");
    Ok(version.shown(
        &request.place(),
        &parameter.name,
        shown_selector.filter(|text| !text.is_empty()),
        decrypted,
    ))
}

/// `Names`, one to ten.
pub(crate) fn names<'a>(request: &Request<'a>) -> Result<Vec<&'a str>, Fault> {
    let names = request.given.texts("Names");
    if names.is_empty() {
        request.required("Names")?;
    }
    if names.len() > 10 {
        return Err(faults::validation(format!(
            "1 validation error detected: Value '[{}]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 10",
            names.join(", ")
        )));
    }
    Ok(names)
}
