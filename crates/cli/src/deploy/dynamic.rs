//! Dynamic references in properties: `{{resolve:ssm:NAME}}`, `{{resolve:secretsmanager:ID:SecretString:KEY}}`.
//!
//! They are resolved as a resource is made, and are nowhere shown or recorded. Source: CloudFormation user guide, "Dynamic
//! references".

use std::collections::BTreeMap;

use passo_json::{Json, Object, json};

use crate::aws::names::member;
use crate::aws::{Api, CallError};

const START: &str = "{{resolve:";
const END: &str = "}}";
/// Colons in the ARN of a secret.
const ARN_COLONS: usize = 6;

/// `properties` with what the references stand for.
///
/// # Errors
/// When one stands for nothing.
pub(super) async fn resolved(api: &Api, properties: Object) -> Result<Object, CallError> {
    let properties = Json::from(properties);
    let mut values = BTreeMap::new();
    collect(&properties, &mut values);
    for (reference, value) in &mut values {
        *value = fetch(api, reference).await?;
    }
    match replaced(&properties, &values) {
        Json::Object(properties) => Ok(properties),
        _ => Ok(Object::default()),
    }
}

/// The references in a value. Recursion is as deep as the template, whose depth is bounded.
fn collect(value: &Json, found: &mut BTreeMap<String, String>) {
    match value {
        Json::String(text) => {
            let mut rest = &**text;
            while let Some((_, after)) = rest.split_once(START) {
                let Some((reference, tail)) = after.split_once(END) else {
                    return;
                };
                found.insert(reference.to_owned(), String::new());
                rest = tail;
            }
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Json::Object(members) => members.values().for_each(|item| collect(item, found)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

fn replaced(value: &Json, values: &BTreeMap<String, String>) -> Json {
    match value {
        Json::String(text) if text.contains(START) => {
            let mut text = text.to_string();
            for (reference, value) in values {
                text = text.replace(&format!("{START}{reference}{END}"), value);
            }
            Json::from(text)
        }
        Json::Array(items) => {
            let items = items.iter().map(|item| replaced(item, values));
            Json::from(items.collect::<Vec<_>>())
        }
        Json::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), replaced(value, values)))
            .collect::<Object>()
            .into(),
        other => other.clone(),
    }
}

/// A reference's service, name, and the key of a secret's text.
fn parsed(reference: &str) -> Option<(&str, &str, &str)> {
    let (service, rest) = reference.split_once(':')?;
    if service != "secretsmanager" {
        return Some((service, rest, ""));
    }
    let colons = if rest.starts_with("arn:") {
        ARN_COLONS
    } else {
        0
    };
    let end = rest.match_indices(':').nth(colons).map(|(at, _)| at);
    let (id, rest) = end
        .and_then(|at| rest.split_at_checked(at))
        .unwrap_or((rest, ""));
    Some((service, id, rest.split(':').nth(2).unwrap_or_default()))
}

async fn fetch(api: &Api, reference: &str) -> Result<String, CallError> {
    let wrong = |why: &str| CallError::Answer {
        operation: format!("{START}…{END}"),
        why: why.to_owned(),
    };
    let Some((service, name, key)) = parsed(reference) else {
        return Err(wrong("the reference names no service"));
    };
    match service {
        "ssm" | "ssm-secure" => {
            let parameters = json!({"Name": name, "WithDecryption": true});
            let answer = api.call("ssm", "GetParameter", &parameters).await?;
            let parameter = answer.get("Parameter").unwrap_or(&Json::Null);
            Ok(member(parameter, "Value").to_owned())
        }
        "secretsmanager" => {
            let parameters = json!({"SecretId": name});
            let get = "GetSecretValue";
            let answer = api.call("secretsmanager", get, &parameters).await?;
            let text = member(&answer, "SecretString");
            if key.is_empty() {
                return Ok(text.to_owned());
            }
            let value = Json::parse(text).ok();
            let value = value.as_ref().and_then(|value| value.get(key));
            let value = value.and_then(super::kind::scalar);
            value.ok_or_else(|| wrong("the secret has no such key"))
        }
        _ => Err(wrong(
            "references are to ssm, ssm-secure and secretsmanager",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_and_replaced() {
        let value = json!({"a": ["x{{resolve:ssm:/n:1}}y{{resolve:ssm:b}}"], "b": "{{resolve:"});
        let mut found = BTreeMap::new();
        collect(&value, &mut found);
        let names: Vec<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(names, ["ssm:/n:1", "ssm:b"]);
        for value in found.values_mut() {
            *value = "1".to_owned();
        }
        let expect = json!({"a": ["x1y1"], "b": "{{resolve:"});
        assert_eq!(replaced(&value, &found), expect);
    }

    #[test]
    fn references_have_their_parts() {
        for (reference, expect) in [
            ("ssm:/a/b:3", ("ssm", "/a/b:3", "")),
            ("secretsmanager:db", ("secretsmanager", "db", "")),
            (
                "secretsmanager:db:SecretString:user",
                ("secretsmanager", "db", "user"),
            ),
            (
                "secretsmanager:arn:aws:secretsmanager:r:1:secret:db:SecretString:user::",
                (
                    "secretsmanager",
                    "arn:aws:secretsmanager:r:1:secret:db",
                    "user",
                ),
            ),
        ] {
            assert_eq!(parsed(reference), Some(expect), "{reference}");
        }
    }
}
