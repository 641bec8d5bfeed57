//! Message attributes: reading, checking, the digest that clients compare, and selection.
//!
//! Source: SQS Developer Guide, "Amazon SQS message metadata" and "Calculating the MD5 message digest for message attributes".

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use crate::faults;
use crate::quotas::{ATTRIBUTE_NAME_MAX, MESSAGE_ATTRIBUTES_MAX};

/// One attribute's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Binary(Vec<u8>),
}

/// One attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) data_type: String,
    pub(crate) value: Value,
}

/// Attributes by name.
pub(crate) type Attributes = BTreeMap<String, Attribute>;

/// The attributes in a request's member; none where it is missing.
///
/// # Errors
/// In AWS's words, where one is not as it should be.
pub(crate) fn read(given: Option<&Json>) -> Result<Attributes, Fault> {
    let mut attributes = Attributes::new();
    let members = given.and_then(Json::as_object);
    for (name, value) in members.into_iter().flat_map(Object::iter) {
        check_name(name)?;
        attributes.insert(name.to_string(), attribute(name, value)?);
    }
    if attributes.len() > MESSAGE_ATTRIBUTES_MAX {
        return Err(faults::parameter(format!(
            "Number of message attributes [{}] exceeds the allowed maximum [{MESSAGE_ATTRIBUTES_MAX}].",
            attributes.len()
        )));
    }
    Ok(attributes)
}

fn check_name(name: &str) -> Result<(), Fault> {
    let legal = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let lower = name.to_ascii_lowercase();
    let reserved = lower.starts_with("aws.") || lower.starts_with("amazon.");
    let dots = name.starts_with('.') || name.ends_with('.') || name.contains("..");
    if (1..=ATTRIBUTE_NAME_MAX).contains(&name.len())
        && name.chars().all(legal)
        && !reserved
        && !dots
    {
        return Ok(());
    }
    Err(faults::parameter(format!(
        "The message attribute name '{name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters, must not begin with a reserved prefix like 'AWS.' or 'Amazon.' or any variations, and cannot start or end with period or contain periods in succession."
    )))
}

fn attribute(name: &str, given: &Json) -> Result<Attribute, Fault> {
    let text = |member: &str| given.get(member).and_then(Json::as_str);
    let data_type = text("DataType").unwrap_or_default();
    if data_type.is_empty() {
        return Err(faults::parameter(format!(
            "The message attribute '{name}' must contain non-empty message attribute type."
        )));
    }
    let empty = || {
        faults::parameter(format!(
            "The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{data_type}'."
        ))
    };
    let value = match data_type.split('.').next().unwrap_or_default() {
        "String" | "Number" => {
            let value = text("StringValue").filter(|value| !value.is_empty());
            let value = value.ok_or_else(empty)?;
            if !crate::message::is_legal(value) {
                return Err(faults::contents());
            }
            if data_type.starts_with("Number") && value.trim().parse::<f64>().is_err() {
                return Err(faults::parameter(format!(
                    "Can't cast the value of message (user) attribute '{name}' to a number."
                )));
            }
            Value::Text(value.to_owned())
        }
        "Binary" => {
            let value = text("BinaryValue").and_then(|value| STANDARD.decode(value).ok());
            let value = value.filter(|value| !value.is_empty());
            Value::Binary(value.ok_or_else(empty)?)
        }
        _ => {
            return Err(faults::parameter(format!(
                "The type of message (user) attribute '{name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String."
            )));
        }
    };
    if data_type.len() > ATTRIBUTE_NAME_MAX {
        return Err(faults::parameter(format!(
            "The length of message attribute type '{data_type}' exceeds the allowed maximum [{ATTRIBUTE_NAME_MAX}]."
        )));
    }
    Ok(Attribute {
        data_type: data_type.to_owned(),
        value,
    })
}

/// Attributes as clients read them.
pub(crate) fn show<'a>(attributes: impl Iterator<Item = (&'a String, &'a Attribute)>) -> Object {
    let shown = attributes.map(|(name, attribute)| {
        let mut shown = ObjectBuilder::new();
        match &attribute.value {
            Value::Text(text) => shown.insert("StringValue", text.as_str()),
            Value::Binary(bytes) => shown.insert("BinaryValue", STANDARD.encode(bytes)),
        };
        shown.insert("DataType", attribute.data_type.as_str());
        (name.as_str(), Json::from(shown.build()))
    });
    shown.collect()
}

/// Bytes that attributes add to a message.
pub(crate) fn bytes(attributes: &Attributes) -> usize {
    let of = |(name, attribute): (&String, &Attribute)| {
        let value = match &attribute.value {
            Value::Text(text) => text.len(),
            Value::Binary(bytes) => bytes.len(),
        };
        name.len() + attribute.data_type.len() + value
    };
    attributes.iter().map(of).sum()
}

/// The digest of attributes in the order of their names; `None` where there are none.
pub(crate) fn digest<'a>(
    attributes: impl Iterator<Item = (&'a String, &'a Attribute)>,
) -> Option<String> {
    let mut digest = Md5::new();
    let mut any = false;
    let field = |digest: &mut Md5, bytes: &[u8]| {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        digest.update(length.to_be_bytes());
        digest.update(bytes);
    };
    for (name, attribute) in attributes {
        any = true;
        field(&mut digest, name.as_bytes());
        field(&mut digest, attribute.data_type.as_bytes());
        match &attribute.value {
            Value::Text(text) => {
                digest.update([1]);
                field(&mut digest, text.as_bytes());
            }
            Value::Binary(bytes) => {
                digest.update([2]);
                field(&mut digest, bytes);
            }
        }
    }
    any.then(|| hex(&digest.finalize()))
}

/// The MD5 of `bytes`, in lower-case digits.
pub(crate) fn md5(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether `MessageAttributeNames` wants an attribute: by name, `All`, or a prefix before `.*`.
pub(crate) fn is_wanted(wanted: &[&str], name: &str) -> bool {
    wanted
        .iter()
        .any(|pattern| match pattern.strip_suffix(".*") {
            _ if *pattern == "All" || *pattern == name => true,
            Some(prefix) => name.starts_with(prefix),
            None => false,
        })
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn refusal(given: &Json) -> String {
        read(Some(given)).unwrap_err().message
    }

    #[test]
    fn digests_are_those_that_sdks_compute() {
        assert_eq!(md5(b"hello"), "5d41402abc4b2a76b9719d911017c592");
        assert_eq!(digest(Attributes::new().iter()), None);
        // Made with the algorithm of the Developer Guide by hand, in another language.
        let attributes = read(Some(&json!({
            "b": {"DataType": "Binary", "BinaryValue": "AAH/"},
            "a": {"DataType": "String", "StringValue": "x"},
            "n": {"DataType": "Number.int", "StringValue": "12"}
        })))
        .unwrap();
        assert_eq!(
            digest(attributes.iter()).as_deref(),
            Some("88c4c6648b20841f818ef4b2656f922e")
        );
        assert_eq!(bytes(&attributes), (1 + 6 + 3) + (1 + 6 + 1) + (1 + 10 + 2));
    }

    #[test]
    fn attributes_are_checked() {
        for (given, expect) in [
            (
                json!({"a": {"StringValue": "x"}}),
                "The message attribute 'a' must contain non-empty message attribute type.",
            ),
            (
                json!({"a": {"DataType": "String"}}),
                "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
            ),
            (
                json!({"a": {"DataType": "Binary", "StringValue": "x"}}),
                "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'Binary'.",
            ),
            (
                json!({"a": {"DataType": "Number", "StringValue": "x"}}),
                "Can't cast the value of message (user) attribute 'a' to a number.",
            ),
        ] {
            assert_eq!(refusal(&given), expect);
        }
        for name in ["", "a b", ".a", "a.", "a..b", "AWS.x", "amazon.x"] {
            let given: Object = [(name, json!({"DataType": "String", "StringValue": "x"}))]
                .into_iter()
                .collect();
            assert!(refusal(&Json::from(given)).contains("is invalid"), "{name}");
        }
        let many: Object = (0..11)
            .map(|n| {
                (
                    format!("a{n}"),
                    json!({"DataType": "String", "StringValue": "x"}),
                )
            })
            .collect();
        assert_eq!(
            refusal(&Json::from(many)),
            "Number of message attributes [11] exceeds the allowed maximum [10]."
        );
    }

    #[test]
    fn attributes_are_selected_by_name_and_prefix() {
        for (wanted, name, expect) in [
            (&["All"][..], "x", true),
            (&[".*"], "x", true),
            (&["ab.*"], "abc", true),
            (&["ab.*"], "b", false),
            (&["x"], "x", true),
            (&["x"], "xy", false),
            (&[], "x", false),
        ] {
            assert_eq!(is_wanted(wanted, name), expect, "{wanted:?} {name}");
        }
    }

    #[test]
    fn what_is_shown_is_what_was_given() {
        let given = json!({
            "a": {"StringValue": "x", "DataType": "String"},
            "b": {"BinaryValue": "AAH/", "DataType": "Binary"}
        });
        let attributes = read(Some(&given)).unwrap();
        assert_eq!(Json::from(show(attributes.iter())), given);
    }
}
