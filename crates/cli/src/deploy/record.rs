//! What a stack has on a server, kept there: one parameter of the Parameter Store for each resource.
//!
//! A record is written as soon as its resource was made or changed, so a deployment that was broken off can be repeated.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_json::{Json, Object, json};
use passo_template::Made;

use super::fingerprint::Fingerprint;
use crate::aws::{Api, CallError};

/// Under which parameters are kept.
const STACKS: &str = "/passo/stacks";
const EXPORTS: &str = "/passo/exports";
/// A standard parameter's bytes. Source: Systems Manager, "Managing parameter tiers".
const STANDARD_BYTES: usize = 4096;

/// A resource that was deployed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Record {
    /// Its type.
    pub(super) resource_type: Arc<str>,
    /// What it is known by.
    pub(super) made: Made,
    /// The fingerprint of each of its properties.
    pub(super) parts: BTreeMap<Arc<str>, Arc<str>>,
    /// The resources that it needs.
    pub(super) needs: Vec<Arc<str>>,
    /// Its place in the order of making.
    pub(super) order: i64,
    /// Whether it stays when it leaves the template.
    pub(super) is_retained: bool,
    /// What it replaced and is not removed yet.
    pub(super) replaced: Vec<Made>,
}

/// The records of a stack.
pub(super) type Records = BTreeMap<Arc<str>, Record>;

/// Reads the records of a stack.
///
/// # Errors
/// When the server does not tell.
pub(super) async fn read(api: &Api, stack: &str) -> Result<Records, CallError> {
    let path = format!("{STACKS}/{stack}");
    let mut records = Records::new();
    for (name, value) in all(api, &path).await? {
        let id = name.rsplit('/').next().unwrap_or_default();
        if let Some(record) = Json::parse(&value).ok().and_then(|json| Record::of(&json)) {
            records.insert(id.into(), record);
        }
    }
    Ok(records)
}

/// Writes a record.
///
/// # Errors
/// When the server refuses.
pub(super) async fn write(
    api: &Api,
    stack: &str,
    logical_id: &str,
    record: &Record,
) -> Result<(), CallError> {
    let name = format!("{STACKS}/{stack}/{logical_id}");
    put(api, &name, &record.json()).await
}

/// Forgets a record.
///
/// # Errors
/// When the server refuses.
pub(super) async fn forget(api: &Api, stack: &str, logical_id: &str) -> Result<(), CallError> {
    let name = format!("{STACKS}/{stack}/{logical_id}");
    super::kind::gone(
        api.call("ssm", "DeleteParameter", &json!({"Name": name.as_str()}))
            .await,
    )
}

/// What all stacks export.
///
/// # Errors
/// When the server does not tell.
pub(super) async fn exports(api: &Api) -> Result<BTreeMap<Arc<str>, Arc<str>>, CallError> {
    let mut exports = BTreeMap::new();
    for (_, value) in all(api, EXPORTS).await? {
        let json = Json::parse(&value).unwrap_or(Json::Null);
        let member = |name: &str| json.get(name).and_then(Json::as_str).map(Arc::from);
        if let (Some(name), Some(value)) = (member("name"), member("value")) {
            exports.insert(name, value);
        }
    }
    Ok(exports)
}

/// Exports a value.
///
/// # Errors
/// When the server refuses.
pub(super) async fn export(
    api: &Api,
    stack: &str,
    name: &str,
    value: &str,
) -> Result<(), CallError> {
    // The names of exports may have letters that those of parameters may not have.
    let id = Fingerprint::of(&[name.as_bytes()]);
    let parameter = format!("{EXPORTS}/{}", id.short());
    put(
        api,
        &parameter,
        &json!({"name": name, "value": value, "stack": stack}),
    )
    .await
}

async fn put(api: &Api, name: &str, value: &Json) -> Result<(), CallError> {
    let value = value.to_text();
    let tier = match value.len() {
        0..=STANDARD_BYTES => "Standard",
        _ => "Advanced",
    };
    let parameters = json!({
        "Name": name, "Value": value, "Type": "String", "Overwrite": true, "Tier": tier,
    });
    api.call("ssm", "PutParameter", &parameters).await.map(drop)
}

async fn all(api: &Api, path: &str) -> Result<Vec<(String, String)>, CallError> {
    let mut found = Vec::new();
    let mut parameters = Object::default().with("Path", path).with("Recursive", true);
    loop {
        let page = api
            .call(
                "ssm",
                "GetParametersByPath",
                &Json::from(parameters.clone()),
            )
            .await?;
        let items = page.get("Parameters").and_then(Json::as_array);
        for item in items.into_iter().flat_map(|items| items.iter()) {
            let member = |name: &str| item.get(name).and_then(Json::as_str).map(str::to_owned);
            found.extend(member("Name").zip(member("Value")));
        }
        match page.get("NextToken").and_then(Json::as_str) {
            Some(token) => parameters = parameters.with("NextToken", token),
            None => return Ok(found),
        }
    }
}

impl Record {
    fn json(&self) -> Json {
        let parts: Object = self
            .parts
            .iter()
            .map(|(name, part)| (Arc::clone(name), Json::from(&**part)))
            .collect();
        let needs = self.needs.iter().map(|need| Json::from(&**need));
        let replaced = self.replaced.iter().map(made_json);
        json!({
            "version": 1,
            "type": &*self.resource_type,
            "made": made_json(&self.made),
            "parts": parts,
            "needs": needs.collect::<Vec<_>>(),
            "order": self.order,
            "retained": self.is_retained,
            "replaced": replaced.collect::<Vec<_>>(),
        })
    }

    /// Reads a record; none where it is of a later version, or no record.
    fn of(json: &Json) -> Option<Record> {
        if json.get("version").and_then(Json::as_i64) != Some(1) {
            return None;
        }
        let list = |name: &str| json.get(name).and_then(Json::as_array);
        let parts = json.get("parts").and_then(Json::as_object)?;
        let parts = parts
            .iter()
            .filter_map(|(name, part)| Some((Arc::clone(name), part.as_str()?.into())));
        let needs = list("needs")?.iter();
        let replaced = list("replaced")?.iter();
        Some(Record {
            resource_type: json.get("type")?.as_str()?.into(),
            made: made_of(json.get("made")?)?,
            parts: parts.collect(),
            needs: needs
                .filter_map(|need| Some(need.as_str()?.into()))
                .collect(),
            order: json.get("order")?.as_i64()?,
            is_retained: json.get("retained")?.as_bool()?,
            replaced: replaced.filter_map(made_of).collect(),
        })
    }
}

fn made_json(made: &Made) -> Json {
    let attributes: Object = made
        .attributes
        .iter()
        .map(|(name, value)| (Arc::clone(name), value.clone()))
        .collect();
    json!({"ref": &*made.reference, "attributes": attributes})
}

fn made_of(json: &Json) -> Option<Made> {
    let mut made = Made::new(json.get("ref")?.as_str()?);
    for (name, value) in json.get("attributes")?.as_object()?.iter() {
        made.attributes.insert(Arc::clone(name), value.clone());
    }
    Some(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_as_they_were_written() {
        let record = Record {
            resource_type: "AWS::SQS::Queue".into(),
            made: Made::new("url").with("Arn", "arn"),
            parts: BTreeMap::from([("A".into(), "1".into())]),
            needs: vec!["B".into()],
            order: 3,
            is_retained: true,
            replaced: vec![Made::new("old")],
        };
        assert_eq!(Record::of(&record.json()), Some(record));
        assert_eq!(Record::of(&json!({"version": 2})), None);
    }
}
