//! Where news goes: the calls that reach those who are told.

use passo_delivery::{Delivery, Retry};
use passo_json::{Json, ObjectBuilder};
use passo_service::{Call, Caller, RequestId};
use passo_vocab::{AccountId, Arn, Region};
use s3s::dto::NotificationConfiguration;
use s3s::{S3Error, S3Result, s3_error};

use crate::backend::Core;
use crate::changes::Change;
use crate::notification::News;
use crate::notification::configuration::NAME;
use crate::notification::news::Moment;
use crate::notification::rule::{Kind, Rule, rules};
use crate::rows::BucketRow;

/// Where a bus takes events of services; no client finds it.
const BUSES: (&str, &str) = ("passo-events-targets", "ForwardEvent");

/// A call of another service.
struct Reaching {
    service: &'static str,
    operation: &'static str,
    parameters: Json,
    caller: Caller,
}

/// Adds to `change` the deliveries of `news` to everybody whom the configuration of `bucket` names.
pub(crate) fn announce(core: &Core, change: &mut Change, bucket: &BucketRow, news: &News) {
    let Some(configuration) = kept(bucket) else {
        return;
    };
    let moment = Moment {
        at: core.clock.now(),
        sequence: core.sequence(),
    };
    let name = format!("s3:{}", news.happening.name());
    let mut calls = Vec::new();
    // A configuration that was taken has rules that can be read.
    for rule in rules(&configuration).unwrap_or_default() {
        if rule.wants(&name, &news.address.key) {
            let message = news.records(bucket, moment, &rule.id).to_text();
            calls.extend(reaching(&rule, message));
        }
    }
    if configuration.event_bridge_configuration.is_some() {
        let event = news.event(bucket, moment, &core.uuid());
        calls.extend(bus(bucket, event));
    }
    for call in calls {
        let delivery = Delivery {
            service: call.service.into(),
            operation: call.operation.into(),
            parameters: call.parameters,
            caller: call.caller,
            retry: Retry::default(),
            dead_letter: None,
            group: None,
            note: Json::Null,
        };
        let ticket = core.outbox.put(&mut change.batch, delivery);
        change.tickets.push(ticket);
    }
}

fn kept(bucket: &BucketRow) -> Option<NotificationConfiguration> {
    let kept = bucket.configurations.get(NAME)?;
    serde_json::from_value(kept.clone()).ok()
}

fn reaching(rule: &Rule, message: String) -> Option<Reaching> {
    let arn = rule.destination().ok()?;
    let mut parameters = ObjectBuilder::new();
    let (service, operation) = match rule.kind {
        Kind::Queue => {
            let url = format!("http://localhost/{}/{}", arn.account(), arn.resource());
            parameters
                .insert("QueueUrl", url)
                .insert("MessageBody", message);
            ("sqs", "SendMessage")
        }
        Kind::Topic => {
            parameters
                .insert("TopicArn", arn.as_str())
                .insert("Subject", "Amazon S3 Notification")
                .insert("Message", message);
            ("sns", "Publish")
        }
        Kind::Function => {
            parameters
                .insert("FunctionName", arn.as_str())
                .insert("InvocationType", "Event")
                .insert("Payload", message);
            ("lambda", "Invoke")
        }
    };
    Some(Reaching {
        service,
        operation,
        parameters: Json::from(parameters.build()),
        caller: owner(&arn)?,
    })
}

fn bus(bucket: &BucketRow, event: Json) -> Option<Reaching> {
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("EventBusName", "default")
        .insert("Event", event);
    Some(Reaching {
        service: BUSES.0,
        operation: BUSES.1,
        parameters: Json::from(parameters.build()),
        caller: Caller {
            account: AccountId::parse(&bucket.account).ok()?,
            region: Region::parse(&bucket.region).ok()?,
        },
    })
}

fn owner(arn: &Arn) -> Option<Caller> {
    Some(Caller {
        account: AccountId::parse(arn.account()).ok()?,
        region: Region::parse(arn.region()).ok()?,
    })
}

/// Sees whether a rule's destination is there: queues and topics get a test message, functions are asked for.
///
/// # Errors
/// `InvalidArgument` where it cannot be reached.
pub(crate) async fn probe(
    core: &Core,
    rule: &Rule,
    (bucket, request_id): (&str, &RequestId),
) -> S3Result<()> {
    let mut test = ObjectBuilder::new();
    test.insert("Service", "Amazon S3")
        .insert("Event", "s3:TestEvent")
        .insert("Time", core.clock.now().to_string())
        .insert("Bucket", bucket)
        .insert("RequestId", request_id.as_str())
        .insert("HostId", crate::sums::hex(request_id.as_str().as_bytes()));
    let test = Json::from(test.build()).to_text();
    let mut call = reaching(rule, test).ok_or_else(unreached)?;
    if rule.kind == Kind::Function {
        let mut parameters = ObjectBuilder::new();
        parameters.insert("FunctionName", &*rule.arn);
        call.operation = "GetFunctionConfiguration";
        call.parameters = Json::from(parameters.build());
    }
    let called = core.peers.call(
        call.service,
        Call {
            operation: call.operation.into(),
            parameters: call.parameters,
            caller: call.caller,
            request_id: request_id.clone(),
        },
    );
    called.await.map(drop).map_err(|_| unreached())
}

fn unreached() -> S3Error {
    s3_error!(
        InvalidArgument,
        "Unable to validate the following destination configurations"
    )
}
