//! What endpoints get: a message in its envelope.
//!
//! Source: SNS Developer Guide, "HTTP/HTTPS notification JSON format", "Verifying the signatures of Amazon SNS messages", and
//! Lambda Developer Guide, "Using Lambda with Amazon SNS" for the event.

use passo_json::{Json, Object, ObjectBuilder};
use passo_vocab::Timestamp;

use crate::signing::Signer;

/// A message on its way to one subscription.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Notification<'a> {
    pub(crate) id: &'a str,
    pub(crate) sequence_number: Option<&'a str>,
    pub(crate) topic_arn: &'a str,
    pub(crate) subscription_arn: &'a str,
    pub(crate) subject: Option<&'a str>,
    pub(crate) text: &'a str,
    pub(crate) attributes: &'a Object,
    pub(crate) at: Timestamp,
    pub(crate) signature_version: &'a str,
    pub(crate) endpoint: &'a str,
}

/// The wish that an endpoint agrees to be subscribed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Confirmation<'a> {
    pub(crate) id: &'a str,
    pub(crate) token: &'a str,
    pub(crate) topic_arn: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) signature_version: &'a str,
    pub(crate) endpoint: &'a str,
}

type Fields = Vec<(&'static str, Json)>;

impl Notification<'_> {
    /// The envelope as text: what queues, web servers and JSON e-mails get.
    pub(crate) fn envelope(&self, signer: &dyn Signer) -> String {
        let mut fields = self.head();
        fields.extend(self.signed(signer, "SigningCertURL", "UnsubscribeURL"));
        if !self.attributes.is_empty() {
            fields.push(("MessageAttributes", Json::from(self.shown_attributes())));
        }
        printed(&fields)
    }

    /// The event that a function gets.
    pub(crate) fn event(&self, signer: &dyn Signer) -> Json {
        let mut fields = self.head();
        if self.subject.is_none() {
            fields.push(("Subject", Json::Null));
        }
        // Lambda's members are spelled in another way.
        fields.extend(self.signed(signer, "SigningCertUrl", "UnsubscribeUrl"));
        fields.push(("MessageAttributes", Json::from(self.shown_attributes())));
        let mut record = ObjectBuilder::new();
        record
            .insert("EventSource", "aws:sns")
            .insert("EventVersion", "1.0")
            .insert("EventSubscriptionArn", self.subscription_arn)
            .insert("Sns", fields.into_iter().collect::<Object>());
        let mut event = ObjectBuilder::new();
        event.insert("Records", vec![Json::from(record.build())]);
        Json::from(event.build())
    }

    fn head(&self) -> Fields {
        let mut fields: Fields = vec![
            ("Type", "Notification".into()),
            ("MessageId", self.id.into()),
        ];
        if let Some(number) = self.sequence_number {
            fields.push(("SequenceNumber", number.into()));
        }
        fields.push(("TopicArn", self.topic_arn.into()));
        if let Some(subject) = self.subject {
            fields.push(("Subject", subject.into()));
        }
        fields.push(("Message", self.text.into()));
        fields.push(("Timestamp", self.at.to_string().into()));
        fields
    }

    fn signed(&self, signer: &dyn Signer, url: &'static str, leave: &'static str) -> Fields {
        let at = self.at.to_string();
        let mut text = vec![("Message", self.text), ("MessageId", self.id)];
        text.extend(self.subject.map(|subject| ("Subject", subject)));
        text.extend([
            ("Timestamp", &*at),
            ("TopicArn", self.topic_arn),
            ("Type", "Notification"),
        ]);
        let mut fields = signature(signer, &text, self.signature_version, url);
        let unsubscribe = format!(
            "{}/?Action=Unsubscribe&Version=2010-03-31&SubscriptionArn={}",
            self.endpoint, self.subscription_arn
        );
        fields.push((leave, Json::from(unsubscribe)));
        fields
    }

    /// Attributes as envelopes have them: type and value.
    fn shown_attributes(&self) -> Object {
        let shown = self.attributes.iter().map(|(name, attribute)| {
            let text = |member: &str| attribute.get(member).and_then(Json::as_str);
            let mut shown = ObjectBuilder::new();
            shown
                .insert("Type", text("DataType").unwrap_or_default())
                .insert(
                    "Value",
                    text("StringValue")
                        .or(text("BinaryValue"))
                        .unwrap_or_default(),
                );
            (name.clone(), Json::from(shown.build()))
        });
        shown.collect()
    }
}

impl Confirmation<'_> {
    /// The envelope as text.
    pub(crate) fn envelope(&self, signer: &dyn Signer) -> String {
        let url = self.url();
        let at = self.at.to_string();
        let text = self.text();
        let mut fields: Fields = vec![
            ("Type", "SubscriptionConfirmation".into()),
            ("MessageId", self.id.into()),
            ("Token", self.token.into()),
            ("TopicArn", self.topic_arn.into()),
            ("Message", text.as_str().into()),
            ("SubscribeURL", url.as_str().into()),
            ("Timestamp", at.as_str().into()),
        ];
        let signed = [
            ("Message", text.as_str()),
            ("MessageId", self.id),
            ("SubscribeURL", &url),
            ("Timestamp", &at),
            ("Token", self.token),
            ("TopicArn", self.topic_arn),
            ("Type", "SubscriptionConfirmation"),
        ];
        fields.extend(signature(
            signer,
            &signed,
            self.signature_version,
            "SigningCertURL",
        ));
        printed(&fields)
    }

    /// What it says to people.
    pub(crate) fn text(&self) -> String {
        format!(
            "You have chosen to subscribe to the topic {}.\nTo confirm the subscription, visit the SubscribeURL included in this message.",
            self.topic_arn
        )
    }

    /// Where to go to agree.
    pub(crate) fn url(&self) -> String {
        format!(
            "{}/?Action=ConfirmSubscription&Version=2010-03-31&TopicArn={}&Token={}",
            self.endpoint, self.topic_arn, self.token
        )
    }
}

fn signature(
    signer: &dyn Signer,
    text: &[(&str, &str)],
    version: &str,
    url: &'static str,
) -> Fields {
    let text: String = text
        .iter()
        .map(|(name, value)| format!("{name}\n{value}\n"))
        .collect();
    vec![
        ("SignatureVersion", version.into()),
        ("Signature", signer.sign(&text, version).into()),
        (url, signer.certificate_url().into()),
    ]
}

/// A member a line, as SNS prints envelopes; nested objects too.
fn printed(fields: &Fields) -> String {
    let lines: Vec<String> = fields
        .iter()
        .map(|(name, value)| match value {
            Json::Object(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|(name, value)| {
                        let name = Json::from(&**name).to_text();
                        format!("    {name} : {}", value.to_text())
                    })
                    .collect();
                format!("  \"{name}\" : {{\n{}\n  }}", members.join(",\n"))
            }
            other => format!("  \"{name}\" : {}", other.to_text()),
        })
        .collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;
    use crate::Unsigned;

    fn notification(attributes: &Object) -> Notification<'_> {
        Notification {
            id: "id",
            sequence_number: None,
            topic_arn: "arn",
            subscription_arn: "arn:1",
            subject: None,
            text: "a \"b\"",
            attributes,
            at: Timestamp::from_epoch_millis(0),
            signature_version: "1",
            endpoint: "http://host",
        }
    }

    #[test]
    fn envelopes_are_json_with_a_member_a_line() {
        let attributes = json!({"k": {"DataType": "String", "StringValue": "v"}});
        let envelope = notification(attributes.as_object().unwrap()).envelope(&Unsigned);
        assert!(
            envelope.starts_with("{\n  \"Type\" : \"Notification\",\n  \"MessageId\" : \"id\",\n")
        );
        let parsed = Json::parse(&envelope).unwrap();
        assert_eq!(
            parsed.pointer("/MessageAttributes/k"),
            Some(&json!({"Type": "String", "Value": "v"}))
        );
        assert_eq!(parsed.get("Message"), Some(&Json::from("a \"b\"")));
        assert_eq!(
            parsed.get("UnsubscribeURL"),
            Some(&Json::from(
                "http://host/?Action=Unsubscribe&Version=2010-03-31&SubscriptionArn=arn:1"
            ))
        );
    }

    #[test]
    fn functions_get_records() {
        let attributes = Object::default();
        let event = notification(&attributes).event(&Unsigned);
        assert_eq!(
            event.pointer("/Records/0/EventSource"),
            Some(&Json::from("aws:sns"))
        );
        assert_eq!(event.pointer("/Records/0/Sns/Subject"), Some(&Json::Null));
        assert_eq!(
            event.pointer("/Records/0/Sns/MessageAttributes"),
            Some(&json!({}))
        );
    }
}
