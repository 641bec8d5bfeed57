//! `GetParameterHistory`

use passo_json::{Json, ObjectBuilder};

use crate::faults;
use crate::request::{Answer, Request};

/// `GetParameterHistory`: every kept version, the oldest first.
pub(crate) fn get(request: &Request<'_>) -> Answer {
    let parameter = request.existing(request.required("Name")?)?;
    let decrypted = request.given.flag("WithDecryption");
    let after = match request.given.text("NextToken") {
        None => 0,
        Some(token) => token.parse().map_err(|_| {
            passo_service::Fault::caller("InvalidNextToken", "The specified token isn't valid.")
        })?,
    };
    let limit = request.limit(50, 50)?;
    let later = parameter.versions.iter();
    let later: Vec<_> = later.filter(|version| version.number > after).collect();
    let place = request.place();
    let shown = later.iter().take(limit).map(|version| {
        let mut entry = version.described(&place, &parameter.name);
        entry
            .insert("Value", version.shown_value(decrypted))
            .insert("Labels", version.labels_shown());
        Json::from(entry.build().without("ARN"))
    });
    let shown: Vec<Json> = shown.collect();
    let next = (later.len() > limit)
        .then(|| later.get(limit.saturating_sub(1)))
        .flatten();
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Parameters", shown)
        .insert_some("NextToken", next.map(|version| version.number.to_string()));
    Ok(Json::from(answer.build()))
}

/// A version by its number, or the latest.
pub(crate) fn numbered(
    request: &Request<'_>,
    parameter: &crate::parameter::Parameter,
) -> Result<i64, passo_service::Fault> {
    let latest = parameter.latest().map_or(0, |version| version.number);
    let number = request.given.number("ParameterVersion").unwrap_or(latest);
    let known = parameter.versions.iter().any(|one| one.number == number);
    if known {
        return Ok(number);
    }
    Err(faults::no_version(&parameter.name, &number.to_string()))
}
