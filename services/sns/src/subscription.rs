//! Subscriptions.

use passo_delivery::Retry;
use passo_event_pattern::Pattern;
use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use crate::address::Address;
use crate::faults;
use crate::protocol::Protocol;
use crate::topic::{Texts, read, texts};

/// Attributes that can be set.
const SETTABLE: [&str; 8] = [
    "DeliveryPolicy",
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
    "SubscriptionRoleArn",
    "ReplayPolicy",
    "ReplayStatus",
];

/// A subscription's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) protocol: Protocol,
    pub(crate) endpoint: String,
    pub(crate) owner: String,
    pub(crate) attributes: Texts,
    /// What confirms it, where its endpoint has to agree.
    pub(crate) token: Option<String>,
    pub(crate) confirmed: bool,
}

impl Subscription {
    pub(crate) fn encode(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("id", self.id.as_str())
            .insert("protocol", self.protocol.name())
            .insert("endpoint", self.endpoint.as_str())
            .insert("owner", self.owner.as_str())
            .insert("attributes", texts(&self.attributes))
            .insert_some("token", self.token.clone())
            .insert("confirmed", self.confirmed);
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Subscription> {
        let text = |member: &str| row.get(member).and_then(Json::as_str).map(str::to_owned);
        Some(Subscription {
            id: text("id")?,
            protocol: Protocol::parse(&text("protocol")?).ok()?,
            endpoint: text("endpoint")?,
            owner: text("owner")?,
            attributes: read(row.get("attributes")?)?,
            token: text("token"),
            confirmed: row.get("confirmed")?.as_bool()?,
        })
    }

    pub(crate) fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    pub(crate) fn is_raw(&self) -> bool {
        self.attributes
            .get("RawMessageDelivery")
            .is_some_and(|value| value == "true")
    }

    /// The queue for what cannot be delivered.
    pub(crate) fn dead_letter_queue(&self) -> Option<String> {
        let policy = Json::parse(self.attributes.get("RedrivePolicy")?).ok()?;
        policy
            .get("deadLetterTargetArn")
            .and_then(Json::as_str)
            .map(str::to_owned)
    }

    /// Which messages it wants, and whether that is about their bodies; none where it wants all.
    pub(crate) fn filter(&self) -> Option<(Pattern, bool)> {
        let policy = Json::parse(self.attributes.get("FilterPolicy")?).ok()?;
        if policy.as_object().is_some_and(Object::is_empty) {
            return None;
        }
        let scope = self.attributes.get("FilterPolicyScope");
        let of_body = scope.is_some_and(|scope| scope == "MessageBody");
        Some((Pattern::parse(&policy).ok()?, of_body))
    }

    /// How hard a delivery is tried. Source: SNS Developer Guide, "Amazon SNS message delivery retries".
    pub(crate) fn retry(&self, topic_policy: Option<&str>) -> Retry {
        const DAY: i64 = 86_400_000;
        match self.protocol {
            Protocol::Sqs | Protocol::Lambda | Protocol::Firehose => Retry {
                retries_max: 100_015,
                age_max_millis: 23 * DAY,
                pause_first_millis: 1_000,
                pause_max_millis: 20_000,
            },
            Protocol::Email | Protocol::EmailJson | Protocol::Sms | Protocol::Application => {
                Retry {
                    retries_max: 50,
                    age_max_millis: DAY / 4,
                    pause_first_millis: 10_000,
                    pause_max_millis: 600_000,
                }
            }
            Protocol::Http | Protocol::Https => {
                let own = self.attributes.get("DeliveryPolicy");
                let own = own.and_then(|text| Json::parse(text).ok());
                let own = own
                    .as_ref()
                    .and_then(|policy| policy.get("healthyRetryPolicy"));
                let topic = topic_policy.and_then(|text| Json::parse(text).ok());
                let topic = topic
                    .as_ref()
                    .and_then(|policy| policy.pointer("/http/defaultHealthyRetryPolicy"));
                let number = |name: &str, default: i64| {
                    let given = own.or(topic).and_then(|policy| policy.get(name));
                    given.and_then(Json::as_i64).unwrap_or(default)
                };
                Retry {
                    retries_max: u32::try_from(number("numRetries", 3).clamp(0, 100)).unwrap_or(3),
                    age_max_millis: DAY / 24,
                    pause_first_millis: number("minDelayTarget", 20).clamp(1, 3600) * 1000,
                    pause_max_millis: number("maxDelayTarget", 20).clamp(1, 3600) * 1000,
                }
            }
        }
    }

    /// Attributes as clients read them.
    pub(crate) fn show_attributes(&self, topic: &Address) -> Object {
        let mut shown: Texts = [
            ("SubscriptionArn", topic.subscription_arn(&self.id)),
            ("TopicArn", topic.arn()),
            ("Protocol", self.protocol.name().to_owned()),
            ("Endpoint", self.endpoint.clone()),
            ("Owner", self.owner.clone()),
            ("RawMessageDelivery", "false".to_owned()),
            ("PendingConfirmation", (!self.is_confirmed()).to_string()),
            (
                "ConfirmationWasAuthenticated",
                self.is_confirmed().to_string(),
            ),
            (
                "SubscriptionPrincipal",
                format!("arn:aws:iam::{}:root", self.owner),
            ),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        if self.attributes.contains_key("FilterPolicy") {
            shown.insert(
                "FilterPolicyScope".to_owned(),
                "MessageAttributes".to_owned(),
            );
        }
        shown.extend(self.attributes.clone());
        texts(&shown)
    }

    /// As a listing has it.
    pub(crate) fn show(&self, topic: &Address) -> Json {
        let arn = if self.is_confirmed() {
            topic.subscription_arn(&self.id)
        } else {
            "PendingConfirmation".to_owned()
        };
        let mut shown = ObjectBuilder::new();
        shown
            .insert("SubscriptionArn", arn)
            .insert("Owner", self.owner.as_str())
            .insert("Protocol", self.protocol.name())
            .insert("Endpoint", self.endpoint.as_str())
            .insert("TopicArn", topic.arn());
        Json::from(shown.build())
    }
}

/// Whether an attribute may have this value; an empty one removes it.
///
/// # Errors
/// In AWS's words.
pub(crate) fn check(name: &str, value: &str) -> Result<(), Fault> {
    if !SETTABLE.contains(&name) {
        return Err(faults::invalid("AttributeName"));
    }
    if value.is_empty() {
        return Ok(());
    }
    let refuse = |reason: &str| Err(faults::invalid(format!("{name}: {reason}")));
    match name {
        "FilterPolicy" => match Json::parse(value) {
            Err(_) => refuse("failed to parse JSON."),
            Ok(policy) if policy.as_object().is_none_or(Object::is_empty) => {
                if policy.as_object().is_some() {
                    Ok(())
                } else {
                    refuse("Filter policy must be a JSON object.")
                }
            }
            Ok(policy) => match Pattern::parse(&policy) {
                Ok(_) => Ok(()),
                Err(error) => refuse(&error.to_string()),
            },
        },
        "FilterPolicyScope" if !matches!(value, "MessageAttributes" | "MessageBody") => {
            refuse("Invalid value [Unrecognized scope].")
        }
        "RawMessageDelivery" if !matches!(value, "true" | "false") => {
            refuse(&format!("Invalid value [{value}]. Must be true or false."))
        }
        "RedrivePolicy" => {
            let target = Json::parse(value).ok().and_then(|policy| {
                let arn = policy.get("deadLetterTargetArn")?.as_str()?;
                Some(arn.starts_with("arn:aws:sqs:"))
            });
            if target == Some(true) {
                Ok(())
            } else {
                refuse("deadLetterTargetArn is an invalid arn")
            }
        }
        "DeliveryPolicy" if Json::parse(value).is_err() => refuse("failed to parse JSON."),
        _ => Ok(()),
    }
}
