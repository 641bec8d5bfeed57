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

/// Whether attributes fit together: policies about attributes, which have no members inside, do not nest.
///
/// # Errors
/// In AWS's words.
pub(crate) fn check_together(attributes: &Texts) -> Result<(), Fault> {
    let of_body = attributes
        .get("FilterPolicyScope")
        .is_some_and(|scope| scope == "MessageBody");
    let policy = attributes
        .get("FilterPolicy")
        .and_then(|text| Json::parse(text).ok());
    let mut tops = policy.iter().flat_map(alternatives);
    if of_body || !tops.any(|(_, field)| field.as_object().is_some()) {
        return Ok(());
    }
    Err(faults::invalid(
        "FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy",
    ))
}

/// The fields of a policy, those of the alternatives of `$or` among them.
fn alternatives(policy: &Json) -> Vec<(&str, &Json)> {
    let mut found = Vec::new();
    for (name, field) in policy.as_object().into_iter().flat_map(Object::iter) {
        match (&**name, field.as_array()) {
            ("$or", Some(branches)) => {
                let fields = branches.iter().filter_map(Json::as_object);
                let fields = fields.flat_map(Object::iter);
                found.extend(fields.map(|(name, field)| (&**name, field)));
            }
            (name, _) => found.push((name, field)),
        }
    }
    found
}

/// Names in a policy, and combinations of its values. Source: SNS Developer Guide, "Filter policy constraints".
const NAMES_MAX: usize = 5;
const COMBINATIONS_MAX: usize = 150;

/// Whether a policy is small enough.
fn extent(policy: &Json) -> Result<(), &'static str> {
    let mut values = Vec::new();
    leaves(policy, 1, &mut values);
    if values.len() > NAMES_MAX {
        return Err("Filter policy can not have more than 5 keys");
    }
    let combinations = values.into_iter().fold(1, usize::saturating_mul);
    if combinations > COMBINATIONS_MAX {
        return Err("Filter policy is too complex");
    }
    Ok(())
}

/// For each name that has values: how many, times the level that it is on. As deep as patterns are.
fn leaves(policy: &Json, level: usize, values: &mut Vec<usize>) {
    for (_, field) in alternatives(policy) {
        match field.as_array() {
            Some(items) => values.push(items.len().saturating_mul(level)),
            None => leaves(field, level.saturating_add(1), values),
        }
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
                Ok(_) => extent(&policy).or_else(refuse),
                Err(error) => refuse(&error.to_string()),
            },
        },
        "FilterPolicyScope" if !matches!(value, "MessageAttributes" | "MessageBody") => {
            refuse("Invalid value [Unrecognized scope].")
        }
        "RawMessageDelivery" if !matches!(value, "true" | "false") => {
            refuse(&format!("Invalid value [{value}]. Must be true or false."))
        }
        "RedrivePolicy" if Json::parse(value).is_err() => refuse("failed to parse JSON."),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check_policy(policy: &str, scope: &str, expect: &str) {
        let attributes: Texts = [("FilterPolicy", policy), ("FilterPolicyScope", scope)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let alone = check("FilterPolicy", policy);
        let checked = alone.and_then(|()| check_together(&attributes));
        let message = checked.err().map(|fault| fault.message).unwrap_or_default();
        let message = message.trim_start_matches("Invalid parameter: FilterPolicy: ");
        assert_eq!(message, expect, "{policy}");
    }

    #[test]
    fn policies_have_bounds() {
        let many = |count: usize| format!("{:?}", vec!["x"; count]);
        let of_body = "MessageBody";
        let nested = r#"{"a":{"b":["c"]}}"#;
        let or = r#"{"$or":[{"a":{"b":["c"]}},{"d":["e"]}]}"#;
        let unnested =
            "Filter policy scope MessageAttributes does not support nested filter policy";
        let complex = "Filter policy is too complex";
        for (policy, scope, expect) in [
            (nested, of_body, ""),
            (nested, "MessageAttributes", unnested),
            (or, of_body, ""),
            (or, "MessageAttributes", unnested),
            (r#"{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1]}"#, of_body, ""),
            (
                r#"{"a":[1],"b":[1],"c":[1],"d":[1],"$or":[{"e":[1]},{"f":[1]}]}"#,
                of_body,
                "Filter policy can not have more than 5 keys",
            ),
            (&format!(r#"{{"a":{}}}"#, many(150)), of_body, ""),
            (&format!(r#"{{"a":{}}}"#, many(151)), of_body, complex),
            // Values of a level count as often as the level is deep.
            (&format!(r#"{{"a":{{"b":{}}}}}"#, many(75)), of_body, ""),
            (
                &format!(r#"{{"a":{{"b":{}}}}}"#, many(76)),
                of_body,
                complex,
            ),
        ] {
            check_policy(policy, scope, expect);
        }
    }
}
