//! Whether a subscription wants a message.

use passo_json::{Json, Object};

use crate::message::Message;
use crate::subscription::Subscription;

/// Whether `subscription` wants `message`, whose body for it is `body`.
pub(crate) fn wants(subscription: &Subscription, message: &Message, body: &str) -> bool {
    let Some((pattern, of_body)) = subscription.filter() else {
        return true;
    };
    if of_body {
        // What is no JSON object fits no policy about bodies.
        return Json::parse(body).is_ok_and(|body| pattern.matches(&body));
    }
    pattern.matches(&Json::from(values(&message.attributes)))
}

/// Attributes as policies see them: numbers are numbers, arrays are arrays, bytes are not there.
fn values(attributes: &Object) -> Object {
    let values = attributes.iter().filter_map(|(name, attribute)| {
        let text = attribute.get("StringValue").and_then(Json::as_str)?;
        let data_type = attribute.get("DataType").and_then(Json::as_str)?;
        let value = match data_type {
            "String.Array" => Json::parse(text).unwrap_or_else(|_| Json::from(text)),
            number if number.starts_with("Number") => {
                Json::parse(text).unwrap_or_else(|_| Json::from(text))
            }
            _ => Json::from(text),
        };
        Some((name.clone(), value))
    });
    values.collect()
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;
    use crate::protocol::Protocol;

    fn check(policy: &Json, scope: &str, attributes: &Json, body: &str, expect: bool) {
        let subscription = Subscription {
            id: String::new(),
            protocol: Protocol::Sqs,
            endpoint: String::new(),
            owner: String::new(),
            attributes: [
                ("FilterPolicy".to_owned(), policy.to_text()),
                ("FilterPolicyScope".to_owned(), scope.to_owned()),
            ]
            .into(),
            token: None,
            confirmed: true,
        };
        let message = Message {
            attributes: attributes.as_object().unwrap().clone(),
            ..Message::default()
        };
        assert_eq!(
            wants(&subscription, &message, body),
            expect,
            "{policy} {attributes} {body}"
        );
    }

    #[test]
    fn policies_look_at_attributes_or_at_bodies() {
        let attributes = json!({
            "colour": {"DataType": "String", "StringValue": "red"},
            "price": {"DataType": "Number", "StringValue": "100"},
            "tags": {"DataType": "String.Array", "StringValue": "[\"a\",\"b\"]"},
            "bytes": {"DataType": "Binary", "BinaryValue": "AA=="}
        });
        for (policy, expect) in [
            (json!({"colour": ["red"]}), true),
            (json!({"colour": ["blue", {"prefix": "r"}]}), true),
            (json!({"colour": [{"anything-but": ["red"]}]}), false),
            (json!({"price": [{"numeric": [">", 50, "<=", 100]}]}), true),
            (json!({"price": [{"numeric": ["<", 100]}]}), false),
            (json!({"tags": ["b"]}), true),
            (json!({"none": [{"exists": false}]}), true),
            (json!({"none": [{"exists": true}]}), false),
            (json!({"colour": ["red"], "price": [1]}), false),
            (json!({}), true),
        ] {
            check(&policy, "MessageAttributes", &attributes, "", expect);
        }
        for (policy, body, expect) in [
            (json!({"a": {"b": [1]}}), r#"{"a":{"b":1}}"#, true),
            (json!({"a": {"b": [1]}}), r#"{"a":{"b":2}}"#, false),
            (json!({"a": ["x"]}), "no JSON", false),
        ] {
            check(&policy, "MessageBody", &json!({}), body, expect);
        }
    }
}
