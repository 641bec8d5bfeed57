//! Settings of text messages, kept as records. Nobody is opted out.

use passo_json::{Json, Object};
use passo_records::Parameters;
use passo_service::Fault;

use super::one;
use crate::faults;
use crate::sns::{Sns, nothing};

pub(crate) fn set_attributes(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let change = sns.platform.change();
    let mut settings = settings(sns, &request)?;
    // This operation spells its members with small letters.
    for (name, value) in request.map("attributes") {
        settings = settings.with(name, value);
    }
    change
        .put(&key(&request), &Json::from(settings))
        .map_err(|error| faults::store(&error))?;
    Ok(nothing())
}

pub(crate) fn get_attributes(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let wanted = request.texts("attributes");
    let settings = settings(sns, &request)?;
    let chosen: Object = settings
        .iter()
        .filter(|(name, _)| wanted.is_empty() || wanted.contains(&&***name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Ok(one("attributes", chosen))
}

fn key<'a>(request: &Parameters<'a>) -> [&'a str; 4] {
    [request.account(), request.region(), "sms", "attributes"]
}

fn settings(sns: &Sns, request: &Parameters<'_>) -> Result<Object, Fault> {
    let row = sns.platform.find(&key(request));
    let row = row.map_err(|error| faults::store(&error))?;
    Ok(row
        .and_then(|row| row.as_object().cloned())
        .unwrap_or_default())
}
