//! `AWS::SQS::Queue` and `AWS::SQS::QueuePolicy`.

use passo_json::{Json, Object, json};
use passo_template::Made;

use crate::aws::names::member;
use crate::aws::{Api, CallError};
use crate::deploy::kind::{Kind, Making, Removing, Want, gone, scalar};

/// Properties that are attributes of a queue, and what they are without being said.
/// Source: SQS API reference, `SetQueueAttributes`.
const ATTRIBUTES: [(&str, &str); 12] = [
    ("DelaySeconds", "0"),
    ("MaximumMessageSize", "262144"),
    ("MessageRetentionPeriod", "345600"),
    ("ReceiveMessageWaitTimeSeconds", "0"),
    ("VisibilityTimeout", "30"),
    ("RedrivePolicy", ""),
    ("RedriveAllowPolicy", ""),
    ("KmsMasterKeyId", ""),
    ("KmsDataKeyReusePeriodSeconds", ""),
    ("SqsManagedSseEnabled", ""),
    ("ContentBasedDeduplication", ""),
    ("DeduplicationScope", ""),
];
const FIFO_THROUGHPUT: &str = "FifoThroughputLimit";

/// Queues.
pub(super) struct Queue;

/// See [`Queue`].
pub(super) const QUEUE: Queue = Queue;

impl Kind for Queue {
    fn resource_type(&self) -> &'static str {
        "AWS::SQS::Queue"
    }

    fn label(&self) -> &'static str {
        "queue"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("QueueName")
    }

    fn default_name(&self, want: &Want<'_>) -> String {
        match is_fifo(want) {
            true => format!("{}.fifo", want.logical_id),
            false => want.logical_id.to_owned(),
        }
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        matches!(property, "QueueName" | "FifoQueue")
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let name = want.name();
        let (region, account) = (&want.place.region, &want.place.account);
        let url = format!("https://sqs.{region}.amazonaws.com/{account}/{name}");
        Made::new(url)
            .with("Arn", &*want.place.arn("sqs", name))
            .with("QueueName", name)
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let mut attributes = attributes(want, false);
            if is_fifo(want) {
                attributes = attributes.with("FifoQueue", "true");
            }
            let mut parameters = json!({"QueueName": want.name()});
            if let Json::Object(members) = parameters {
                let members = members.with("Attributes", attributes);
                parameters = Json::from(match want.get("Tags") {
                    Some(tags) => members.with("tags", tags.clone()),
                    None => members,
                });
            }
            let answer = api.call("sqs", "CreateQueue", &parameters).await?;
            Ok(at(self.expected(want), member(&answer, "QueueUrl")))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        Box::pin(async move {
            let url = url_of(api, want.name()).await?;
            let attributes = attributes(want, true);
            let parameters = json!({"QueueUrl": url.as_str(), "Attributes": attributes});
            api.call("sqs", "SetQueueAttributes", &parameters).await?;
            if let Some(tags) = want.get("Tags") {
                let parameters = json!({"QueueUrl": url.as_str(), "Tags": tags.clone()});
                api.call("sqs", "TagQueue", &parameters).await?;
            }
            Ok(at(self.expected(want), &url))
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"QueueUrl": &*was.reference});
            gone(api.call("sqs", "DeleteQueue", &parameters).await)
        })
    }
}

/// A queue's URL is what the server says: it may have any host.
fn at(mut made: Made, url: &str) -> Made {
    made.reference = url.into();
    made.with("QueueUrl", url)
}

async fn url_of(api: &Api, name: &str) -> Result<String, CallError> {
    let answer = api
        .call("sqs", "GetQueueUrl", &json!({"QueueName": name}))
        .await?;
    Ok(member(&answer, "QueueUrl").to_owned())
}

fn is_fifo(want: &Want<'_>) -> bool {
    want.scalar("FifoQueue").as_deref() == Some("true")
}

fn attributes(want: &Want<'_>, with_defaults: bool) -> Object {
    let mut attributes = Object::default();
    for (name, default) in ATTRIBUTES.into_iter().chain([(FIFO_THROUGHPUT, "")]) {
        match want.get(name).and_then(scalar) {
            Some(value) => attributes = attributes.with(name, value),
            None if with_defaults && (!default.is_empty() || name == "RedrivePolicy") => {
                attributes = attributes.with(name, default);
            }
            None => {}
        }
    }
    attributes
}

/// Policies of queues. They have no life of their own.
pub(super) struct QueuePolicy;

/// See [`QueuePolicy`].
pub(super) const QUEUE_POLICY: QueuePolicy = QueuePolicy;

impl Kind for QueuePolicy {
    fn resource_type(&self) -> &'static str {
        "AWS::SQS::QueuePolicy"
    }

    fn label(&self) -> &'static str {
        "queue policy"
    }

    fn is_replaced_by(&self, _: &str) -> bool {
        false
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        Made::new(want.logical_id).with("passo:queues", Json::from(want.items("Queues")))
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let policy = want.scalar("PolicyDocument").unwrap_or_default();
            for queue in want.items("Queues") {
                set_policy(api, &queue, &policy).await?;
            }
            Ok(self.expected(want))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        self.create(api, want)
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let queues = was.attributes.get("passo:queues").and_then(Json::as_array);
            for queue in queues.into_iter().flat_map(|queues| queues.iter()) {
                gone(set_policy(api, queue, "").await)?;
            }
            Ok(())
        })
    }
}

async fn set_policy(api: &Api, queue: &Json, policy: &str) -> Result<Json, CallError> {
    let parameters = json!({"QueueUrl": queue.clone(), "Attributes": {"Policy": policy}});
    api.call("sqs", "SetQueueAttributes", &parameters).await
}
