//! Topics.

use std::collections::BTreeMap;

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use crate::address::Address;
use crate::faults;
use crate::quotas::TAGS_MAX;

/// Attributes that can be set.
const SETTABLE: [&str; 26] = [
    "Policy",
    "DisplayName",
    "DeliveryPolicy",
    "KmsMasterKeyId",
    "TracingConfig",
    "SignatureVersion",
    "ContentBasedDeduplication",
    "FifoThroughputScope",
    "ArchivePolicy",
    "DataProtectionPolicy",
    "FifoTopic",
    "HTTPSuccessFeedbackRoleArn",
    "HTTPSuccessFeedbackSampleRate",
    "HTTPFailureFeedbackRoleArn",
    "SQSSuccessFeedbackRoleArn",
    "SQSSuccessFeedbackSampleRate",
    "SQSFailureFeedbackRoleArn",
    "LambdaSuccessFeedbackRoleArn",
    "LambdaSuccessFeedbackSampleRate",
    "LambdaFailureFeedbackRoleArn",
    "ApplicationSuccessFeedbackRoleArn",
    "ApplicationSuccessFeedbackSampleRate",
    "ApplicationFailureFeedbackRoleArn",
    "FirehoseSuccessFeedbackRoleArn",
    "FirehoseSuccessFeedbackSampleRate",
    "FirehoseFailureFeedbackRoleArn",
];

/// Texts by name.
pub(crate) type Texts = BTreeMap<String, String>;

/// A topic's row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Topic {
    pub(crate) attributes: Texts,
    pub(crate) tags: Texts,
    /// Subscriptions that were deleted.
    pub(crate) deleted: i64,
}

impl Topic {
    pub(crate) fn encode(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("attributes", texts(&self.attributes))
            .insert("tags", texts(&self.tags))
            .insert("deleted", self.deleted);
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Topic> {
        Some(Topic {
            attributes: read(row.get("attributes")?)?,
            tags: read(row.get("tags")?)?,
            deleted: row.get("deleted").and_then(Json::as_i64).unwrap_or(0),
        })
    }

    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.attributes
            .get(name)
            .is_some_and(|value| value == "true")
    }

    /// The version of signatures that its messages carry.
    pub(crate) fn signature_version(&self) -> &str {
        self.attributes
            .get("SignatureVersion")
            .map_or("1", String::as_str)
    }

    /// Attributes as clients read them. `confirmed` and `pending` count subscriptions.
    pub(crate) fn show(&self, address: &Address, confirmed: usize, pending: usize) -> Object {
        let policy = format!(
            r#"{{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{{"AWS":"*"}},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"{}","Condition":{{"StringEquals":{{"AWS:SourceOwner":"{}"}}}}}}]}}"#,
            address.arn(),
            address.account
        );
        let mut shown: BTreeMap<&str, String> = [
            ("Policy", policy),
            ("Owner", address.account.clone()),
            ("TopicArn", address.arn()),
            ("DisplayName", String::new()),
            ("SubscriptionsPending", pending.to_string()),
            ("SubscriptionsConfirmed", confirmed.to_string()),
            ("SubscriptionsDeleted", self.deleted.to_string()),
            (
                "EffectiveDeliveryPolicy",
                EFFECTIVE_DELIVERY_POLICY.to_owned(),
            ),
        ]
        .into();
        if address.is_fifo() {
            shown.insert("ContentBasedDeduplication", "false".to_owned());
            shown.insert("FifoTopic", "true".to_owned());
        }
        let set = self.attributes.iter();
        shown.extend(set.map(|(name, value)| (name.as_str(), value.clone())));
        shown
            .into_iter()
            .map(|(name, value)| (name, Json::from(value)))
            .collect()
    }
}

/// What AWS shows of a topic without a policy of its own.
const EFFECTIVE_DELIVERY_POLICY: &str = r#"{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}"#;

/// Whether an attribute may have this value.
///
/// # Errors
/// In AWS's words.
pub(crate) fn check(name: &str, value: &str, address: &Address) -> Result<(), Fault> {
    let refuse = || faults::invalid(format!("Attributes Reason: {name}: {value}"));
    if !SETTABLE.contains(&name) {
        return Err(faults::invalid("AttributeName"));
    }
    let legal = match name {
        "FifoTopic" => (value == "true") == address.is_fifo(),
        "ContentBasedDeduplication" => address.is_fifo() && matches!(value, "true" | "false"),
        "SignatureVersion" => matches!(value, "1" | "2"),
        "Policy" | "DeliveryPolicy" => value.is_empty() || Json::parse(value).is_ok(),
        "DisplayName" => value.chars().count() <= 100,
        _ => true,
    };
    if legal { Ok(()) } else { Err(refuse()) }
}

/// Whether a topic may have these tags.
///
/// # Errors
/// Where there are too many, or one is too long.
pub(crate) fn check_tags(tags: &Texts) -> Result<(), Fault> {
    if tags.len() > TAGS_MAX {
        let message = "Could not complete request: tag quota of per resource exceeded";
        return Err(Fault::caller("TagLimitExceeded", message));
    }
    let legal = |(key, value): (&String, &String)| {
        (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256
    };
    if tags.iter().all(legal) {
        Ok(())
    } else {
        Err(faults::invalid("Tags Reason: a key or value is too long"))
    }
}

/// Texts as an object.
pub(crate) fn texts(map: &Texts) -> Object {
    let texts = map.iter();
    texts
        .map(|(name, value)| (name.as_str(), Json::from(value.as_str())))
        .collect()
}

/// The texts of an object.
pub(crate) fn read(object: &Json) -> Option<Texts> {
    let members = object.as_object()?.iter();
    members
        .map(|(name, value)| Some((name.to_string(), value.as_str()?.to_owned())))
        .collect()
}
