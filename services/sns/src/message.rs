//! Messages that are published, as they are given.

use passo_json::{Json, Object};
use passo_service::Fault;

use crate::faults;
use crate::protocol::Protocol;
use crate::quotas::{MESSAGE_BYTES_MAX, SUBJECT_MAX};

/// Characters of `MessageGroupId` and `MessageDeduplicationId`. Source: SNS API Reference, "Publish".
const TOKEN_MAX: usize = 128;

/// A message, checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Message {
    pub(crate) text: String,
    /// With `MessageStructure` `json`: texts by protocol, one of them `default`.
    pub(crate) by_protocol: Option<Object>,
    pub(crate) subject: Option<String>,
    /// `MessageAttributes`, as given.
    pub(crate) attributes: Object,
    pub(crate) group: Option<String>,
    pub(crate) deduplication_id: Option<String>,
}

impl Message {
    /// The message in a request, or in an entry of a batch.
    ///
    /// # Errors
    /// In AWS's words.
    pub(crate) fn read(given: &Json) -> Result<Message, Fault> {
        let text = |member: &str| given.get(member).and_then(Json::as_str);
        let body = text("Message").ok_or_else(|| faults::missing("message"))?;
        if body.is_empty() {
            return Err(faults::invalid("Empty message"));
        }
        let subject = text("Subject");
        if subject.is_some_and(|subject| !is_subject(subject)) {
            return Err(faults::invalid("Subject"));
        }
        let by_protocol = match text("MessageStructure") {
            None => None,
            Some("json") => Some(structure(body)?),
            Some(_) => return Err(faults::invalid("MessageStructure")),
        };
        let message = Message {
            text: body.to_owned(),
            by_protocol,
            subject: subject.map(str::to_owned),
            attributes: attributes(given.get("MessageAttributes"))?,
            group: text("MessageGroupId").map(str::to_owned),
            deduplication_id: text("MessageDeduplicationId").map(str::to_owned),
        };
        for (name, token) in [
            ("MessageGroupId", &message.group),
            ("MessageDeduplicationId", &message.deduplication_id),
        ] {
            if token.as_deref().is_some_and(|token| !is_token(token)) {
                return Err(faults::invalid(format!(
                    "{name} Reason: {name} can only include alphanumeric and punctuation characters. 1 to 128 in length."
                )));
            }
        }
        if message.bytes() > MESSAGE_BYTES_MAX {
            return Err(faults::invalid("Message too long"));
        }
        Ok(message)
    }

    /// Bytes of text and attributes.
    pub(crate) fn bytes(&self) -> usize {
        let attributes = self.attributes.iter();
        let attributes = attributes.map(|(name, attribute)| {
            let text = |member: &str| {
                attribute
                    .get(member)
                    .and_then(Json::as_str)
                    .map_or(0, str::len)
            };
            name.len() + text("DataType") + text("StringValue") + text("BinaryValue") / 4 * 3
        });
        self.text.len() + attributes.sum::<usize>()
    }

    /// What subscriptions of `protocol` get.
    pub(crate) fn body(&self, protocol: Protocol) -> &str {
        let of = |name: &str| self.by_protocol.as_ref()?.get(name)?.as_str();
        of(protocol.name())
            .or_else(|| of("default"))
            .unwrap_or(&self.text)
    }
}

fn is_subject(subject: &str) -> bool {
    (1..=SUBJECT_MAX).contains(&subject.chars().count()) && !subject.contains(char::is_control)
}

fn is_token(token: &str) -> bool {
    (1..=TOKEN_MAX).contains(&token.len()) && token.chars().all(|c| c.is_ascii_graphic())
}

fn structure(body: &str) -> Result<Object, Fault> {
    let parsed = Json::parse(body).ok();
    let Some(object) = parsed.as_ref().and_then(Json::as_object) else {
        return Err(faults::invalid(
            "Message Structure - JSON message body failed to parse",
        ));
    };
    if object.get("default").and_then(Json::as_str).is_none() {
        return Err(faults::invalid(
            "Message Structure - No default entry in JSON message body",
        ));
    }
    Ok(object.clone())
}

fn attributes(given: Option<&Json>) -> Result<Object, Fault> {
    let given = given.and_then(Json::as_object).cloned().unwrap_or_default();
    for (name, attribute) in given.iter() {
        let text = |member: &str| {
            let value = attribute.get(member).and_then(Json::as_str);
            value.filter(|value| !value.is_empty())
        };
        let value = |message: String| Fault::caller("ParameterValueInvalid", message);
        let Some(data_type) = text("DataType") else {
            return Err(value(format!(
                "The message attribute '{name}' must contain non-empty message attribute type."
            )));
        };
        let member = match data_type.split('.').next() {
            Some("String" | "Number") => "StringValue",
            Some("Binary") => "BinaryValue",
            Some(_) | None => {
                return Err(value(format!(
                    "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
                )));
            }
        };
        let Some(text) = text(member) else {
            return Err(value(format!(
                "The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{data_type}'."
            )));
        };
        if data_type.starts_with("Number") && text.parse::<f64>().is_err() {
            return Err(value(format!(
                "Could not cast message attribute '{name}' value to number."
            )));
        }
    }
    Ok(given)
}
