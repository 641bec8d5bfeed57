//! `AWS::SNS::Topic`, `AWS::SNS::Subscription` and `AWS::SNS::TopicPolicy`.

use passo_json::{Json, Object, json};
use passo_template::Made;

use crate::aws::names::member;
use crate::aws::{Api, CallError};
use crate::deploy::kind::{Kind, Making, Removing, Want, gone, scalar};

/// Properties that are attributes of a topic.
const TOPIC_ATTRIBUTES: [&str; 7] = [
    "DisplayName",
    "KmsMasterKeyId",
    "ContentBasedDeduplication",
    "SignatureVersion",
    "TracingConfig",
    "FifoThroughputScope",
    "ArchivePolicy",
];
/// Properties that are attributes of a subscription.
const SUBSCRIPTION_ATTRIBUTES: [&str; 7] = [
    "DeliveryPolicy",
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
    "ReplayPolicy",
    "SubscriptionRoleArn",
];

fn attributes(want: &Want<'_>, names: &[&'static str]) -> Object {
    let named = names.iter().filter_map(|name| {
        Some((
            std::sync::Arc::<str>::from(*name),
            Json::from(want.get(name).and_then(scalar)?),
        ))
    });
    named.collect()
}

/// Topics.
pub(super) struct Topic;

/// See [`Topic`].
pub(super) const TOPIC: Topic = Topic;

impl Topic {
    async fn subscribe(&self, api: &Api, want: &Want<'_>, arn: &str) -> Result<(), CallError> {
        for subscription in want.items("Subscription") {
            let parameters = json!({
                "TopicArn": arn,
                "Protocol": member(&subscription, "Protocol"),
                "Endpoint": member(&subscription, "Endpoint"),
            });
            api.call("sns", "Subscribe", &parameters).await?;
        }
        Ok(())
    }
}

fn is_fifo(want: &Want<'_>) -> bool {
    want.scalar("FifoTopic").as_deref() == Some("true")
}

impl Kind for Topic {
    fn resource_type(&self) -> &'static str {
        "AWS::SNS::Topic"
    }

    fn label(&self) -> &'static str {
        "topic"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("TopicName")
    }

    fn default_name(&self, want: &Want<'_>) -> String {
        match is_fifo(want) {
            true => format!("{}.fifo", want.logical_id),
            false => want.logical_id.to_owned(),
        }
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        matches!(property, "TopicName" | "FifoTopic")
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let arn = want.place.arn("sns", want.name());
        Made::new(&*arn)
            .with("TopicArn", &*arn)
            .with("TopicName", want.name())
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let mut attributes = attributes(want, &TOPIC_ATTRIBUTES);
            if is_fifo(want) {
                attributes = attributes.with("FifoTopic", "true");
            }
            let mut parameters = Object::default()
                .with("Name", want.name())
                .with("Attributes", attributes);
            if let Some(tags) = want.get("Tags") {
                parameters = parameters.with("Tags", tags.clone());
            }
            let create = "CreateTopic";
            let answer = api.call("sns", create, &Json::from(parameters)).await?;
            self.subscribe(api, want, member(&answer, "TopicArn"))
                .await?;
            Ok(self.expected(want))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, was: &'a Made) -> Making<'a> {
        Box::pin(async move {
            for (name, value) in attributes(want, &TOPIC_ATTRIBUTES).iter() {
                let parameters = json!({
                    "TopicArn": &*was.reference,
                    "AttributeName": &**name,
                    "AttributeValue": value.clone(),
                });
                api.call("sns", "SetTopicAttributes", &parameters).await?;
            }
            self.subscribe(api, want, &was.reference).await?;
            Ok(self.expected(want))
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"TopicArn": &*was.reference});
            gone(api.call("sns", "DeleteTopic", &parameters).await)
        })
    }
}

/// Subscriptions.
pub(super) struct Subscription;

/// See [`Subscription`].
pub(super) const SUBSCRIPTION: Subscription = Subscription;

impl Kind for Subscription {
    fn resource_type(&self) -> &'static str {
        "AWS::SNS::Subscription"
    }

    fn label(&self) -> &'static str {
        "subscription"
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        matches!(property, "Endpoint" | "Protocol" | "TopicArn")
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        Made::new(format!("{}:new", want.text("TopicArn")))
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let parameters = json!({
                "TopicArn": want.text("TopicArn"),
                "Protocol": want.text("Protocol"),
                "Endpoint": want.text("Endpoint"),
                "Attributes": attributes(want, &SUBSCRIPTION_ATTRIBUTES),
                "ReturnSubscriptionArn": true,
            });
            let answer = api.call("sns", "Subscribe", &parameters).await?;
            let arn = member(&answer, "SubscriptionArn");
            Ok(Made::new(arn).with("Arn", arn))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, was: &'a Made) -> Making<'a> {
        Box::pin(async move {
            let wanted = attributes(want, &SUBSCRIPTION_ATTRIBUTES);
            let cleared = ["FilterPolicy", "RedrivePolicy"];
            let cleared = cleared.iter().filter(|name| !wanted.contains_key(name));
            let cleared = cleared.map(|name| ((*name).into(), Json::from("{}")));
            let all: Object = wanted
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .chain(cleared)
                .collect();
            for (name, value) in all.iter() {
                let parameters = json!({
                    "SubscriptionArn": &*was.reference,
                    "AttributeName": &**name,
                    "AttributeValue": value.clone(),
                });
                let set = "SetSubscriptionAttributes";
                api.call("sns", set, &parameters).await?;
            }
            Ok(was.clone())
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"SubscriptionArn": &*was.reference});
            gone(api.call("sns", "Unsubscribe", &parameters).await)
        })
    }
}

/// Policies of topics; they go with their topics.
pub(super) struct TopicPolicy;

/// See [`TopicPolicy`].
pub(super) const TOPIC_POLICY: TopicPolicy = TopicPolicy;

impl Kind for TopicPolicy {
    fn resource_type(&self) -> &'static str {
        "AWS::SNS::TopicPolicy"
    }

    fn label(&self) -> &'static str {
        "topic policy"
    }

    fn is_replaced_by(&self, _: &str) -> bool {
        false
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        Made::new(want.logical_id)
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let policy = want.scalar("PolicyDocument").unwrap_or_default();
            for topic in want.items("Topics") {
                let parameters = json!({
                    "TopicArn": topic,
                    "AttributeName": "Policy",
                    "AttributeValue": policy.as_str(),
                });
                api.call("sns", "SetTopicAttributes", &parameters).await?;
            }
            Ok(self.expected(want))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        self.create(api, want)
    }

    fn delete<'a>(&'a self, _: &'a Api, _: &'a Made) -> Removing<'a> {
        Box::pin(std::future::ready(Ok(())))
    }
}
