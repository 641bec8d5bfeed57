//! What a schedule's target is: a call of the service that its ARN names.
//!
//! Source: EventBridge Scheduler User Guide, "Using templated targets", "Adding context attributes", "Configuring a dead-letter
//! queue".

use passo_delivery::{DeadLetter, Delivery, Judge, Plain, Retry, Target, TargetCall, Verdict};
use passo_json::{Json, Object, ObjectBuilder};
use passo_service::{Caller, Fault};
use passo_vocab::{AccountId, Arn, Region, Timestamp};

use crate::faults;
use crate::schedule::Schedule;
use crate::universal::Universal;

/// One firing of a schedule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Firing<'a> {
    pub(crate) schedule: &'a Schedule,
    /// Milliseconds since 1970.
    pub(crate) due_at: i64,
    /// An id of its own.
    pub(crate) id: &'a str,
}

/// Whether a target can be called.
///
/// # Errors
/// Where there is no such target, or it lacks something.
pub(crate) fn check(target: &Object) -> Result<(), Fault> {
    let text = |member: &str| target.get(member).and_then(Json::as_str);
    let arn = text("Arn").unwrap_or_default();
    if Universal::is_meant(arn) {
        if Universal::parse(arn).is_none() {
            return Err(faults::validation(format!(
                "The target {arn} is not a supported universal target."
            )));
        }
        let input = text("Input").unwrap_or("{}");
        if !Json::parse(input).is_ok_and(|input| input.as_object().is_some()) {
            return Err(faults::validation(
                "Input for universal target must be valid JSON.",
            ));
        }
        return Ok(());
    }
    let wrong = || faults::validation("Provided Arn is not in correct format.");
    let parsed = Arn::parse(arn).map_err(|_| wrong())?;
    let has = |member: &str| target.get(member).is_some_and(|value| !value.is_null());
    let lacks = |member: &str| {
        Err(faults::validation(format!(
            "{member} is required for target {arn}."
        )))
    };
    match parsed.service() {
        "events" if !has("EventBridgeParameters") => lacks("EventBridgeParameters"),
        "kinesis" if !has("KinesisParameters") => lacks("KinesisParameters"),
        "ecs" if !has("EcsParameters") => lacks("EcsParameters"),
        _ => match call(&parsed, target, "{}", "id") {
            Some(_) => Ok(()),
            None => Err(wrong()),
        },
    }
}

impl Firing<'_> {
    /// What to deliver; nothing where the target is not one any more. `late_millis` have passed of the time in which it may be
    /// tried.
    pub(crate) fn delivery(&self, late_millis: i64) -> Option<Delivery> {
        let target = self.schedule.target();
        let text = |member: &str| target.get(member).and_then(Json::as_str);
        let arn = text("Arn")?;
        let input = self.input(text("Input"), Universal::is_meant(arn));
        let (call, caller) = match Universal::parse(arn) {
            Some(universal) => {
                let call = TargetCall {
                    service: universal.listed.name,
                    operation: universal.operation,
                    parameters: universal.parameters(&Json::parse(&input).ok()?),
                };
                (
                    call,
                    self.caller(&self.schedule.account, &self.schedule.region)?,
                )
            }
            None => {
                let arn = Arn::parse(arn).ok()?;
                let call = call(&arn, &target, &input, self.id)?;
                (call, self.caller(arn.account(), arn.region())?)
            }
        };
        let mut retry = Retry::of_target(&target);
        retry.age_max_millis = retry.age_max_millis.saturating_sub(late_millis);
        let queue = target.get("DeadLetterConfig");
        let queue = queue.and_then(|config| config.get("Arn")?.as_str());
        Some(Delivery {
            service: call.service.into(),
            operation: call.operation.into(),
            parameters: call.parameters,
            caller,
            retry,
            dead_letter: queue.map(|queue| DeadLetter {
                queue_arn: queue.into(),
                body: input.into(),
                attributes: self.attributes(arn),
                message_group: None,
            }),
            group: None,
            note: Json::Null,
        })
    }

    fn caller(&self, account: &str, region: &str) -> Option<Caller> {
        // Some ARNs name neither.
        let account = Some(account).filter(|account| !account.is_empty());
        let region = Some(region).filter(|region| !region.is_empty());
        Some(Caller {
            account: AccountId::parse(account.unwrap_or(&self.schedule.account)).ok()?,
            region: Region::parse(region.unwrap_or(&self.schedule.region)).ok()?,
        })
    }

    /// The target's input with context attributes, or an event where it has none.
    fn input(&self, given: Option<&str>, is_universal: bool) -> String {
        let at = Timestamp::from_epoch_millis(self.due_at).to_string();
        match given {
            Some(given) => given
                .replace("<aws.scheduler.schedule-arn>", &self.schedule.arn())
                .replace("<aws.scheduler.scheduled-time>", &at)
                .replace("<aws.scheduler.execution-id>", self.id)
                .replace("<aws.scheduler.attempt-number>", "1"),
            None if is_universal => "{}".to_owned(),
            None => {
                let mut event = ObjectBuilder::new();
                event
                    .insert("version", "0")
                    .insert("id", self.id)
                    .insert("detail-type", "Scheduled Event")
                    .insert("source", "aws.scheduler")
                    .insert("account", self.schedule.account.as_str())
                    .insert("time", at)
                    .insert("region", self.schedule.region.as_str())
                    .insert("resources", vec![Json::from(self.schedule.arn())])
                    .insert("detail", "{}");
                Json::from(event.build()).to_text()
            }
        }
    }

    /// Message attributes of a dead letter.
    fn attributes(&self, target_arn: &str) -> Json {
        let at = Timestamp::from_epoch_millis(self.due_at).to_string();
        let mut attributes = ObjectBuilder::new();
        for (name, value) in [
            ("EXECUTION_ID", self.id),
            ("IS_PAYLOAD_TRUNCATED", "false"),
            ("SCHEDULED_TIME", &at),
            ("SCHEDULE_ARN", &self.schedule.arn()),
            ("TARGET_ARN", target_arn),
        ] {
            let attribute = Object::default()
                .with("DataType", "String")
                .with("StringValue", value);
            attributes.insert(name, attribute);
        }
        Json::from(attributes.build())
    }
}

/// What a target is called with: those of schedules only, and those of rules and schedules.
fn call(arn: &Arn, given: &Object, input: &str, id: &str) -> Option<TargetCall> {
    let target = Target {
        arn,
        given,
        input,
        id,
        // A second delivery of the same firing starts nothing.
        execution: id,
    };
    let mut parameters = ObjectBuilder::new();
    let (service, operation) = match arn.service() {
        "events" => {
            arn.resource().strip_prefix("event-bus/")?;
            let part = |member: &str| target.part("EventBridgeParameters", member);
            let mut entry = ObjectBuilder::new();
            entry
                .insert("EventBusName", arn.as_str())
                .insert_some("Source", part("Source"))
                .insert_some("DetailType", part("DetailType"))
                .insert("Detail", input)
                .insert("Resources", Vec::<Json>::new());
            parameters.insert("Entries", vec![Json::from(entry.build())]);
            ("events", "PutEvents")
        }
        "kinesis" => {
            let key = target.part("KinesisParameters", "PartitionKey");
            parameters
                .insert("StreamARN", arn.as_str())
                .insert_some("PartitionKey", key)
                .insert("Data", input);
            ("kinesis", "PutRecord")
        }
        _ => return target.call(),
    };
    Some(TargetCall::new(service, operation, &mut parameters))
}

/// An execution that was started before has arrived; an event that a bus does not take has not.
pub(crate) struct TargetJudge;

impl Judge for TargetJudge {
    fn verdict(&self, delivery: &Delivery, answer: &Result<Json, Fault>) -> Verdict {
        match answer {
            Err(fault) if fault.code == "ExecutionAlreadyExists" => Verdict::Arrived,
            _ => Plain.verdict(delivery, answer),
        }
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn schedule(target: &Json) -> Schedule {
        Schedule {
            account: "000000000000".to_owned(),
            region: "us-east-1".to_owned(),
            group: "default".to_owned(),
            name: "n".to_owned(),
            given: Object::default().with("Target", target.clone()),
            ..Schedule::default()
        }
    }

    fn delivered(target: &Json) -> Delivery {
        let schedule = schedule(target);
        let firing = Firing {
            schedule: &schedule,
            due_at: 0,
            id: "i",
        };
        firing.delivery(1_000).unwrap()
    }

    #[test]
    fn targets_are_calls() {
        for (arn, extra, service, operation, expect) in [
            (
                "arn:aws:sqs:us-east-1:000000000000:q.fifo",
                json!({"SqsParameters": {"MessageGroupId": "g"}}),
                "sqs",
                "SendMessage",
                json!({"QueueUrl": "http://localhost/000000000000/q.fifo", "MessageBody": "x", "MessageGroupId": "g",
                    "MessageDeduplicationId": "i"}),
            ),
            (
                "arn:aws:states:eu-west-1:000000000000:stateMachine:m",
                json!({}),
                "states",
                "StartExecution",
                json!({"stateMachineArn": "arn:aws:states:eu-west-1:000000000000:stateMachine:m", "name": "i", "input": "x"}),
            ),
            (
                "arn:aws:events:us-east-1:000000000000:event-bus/b",
                json!({"EventBridgeParameters": {"Source": "s", "DetailType": "d"}}),
                "events",
                "PutEvents",
                json!({"Entries": [{"EventBusName": "arn:aws:events:us-east-1:000000000000:event-bus/b", "Source": "s",
                    "DetailType": "d", "Detail": "x", "Resources": []}]}),
            ),
            (
                "arn:aws:ecs:us-east-1:000000000000:cluster/c",
                json!({"EcsParameters": {"TaskDefinitionArn": "t", "TaskCount": 2, "LaunchType": "FARGATE"}}),
                "ecs",
                "RunTask",
                json!({"cluster": "arn:aws:ecs:us-east-1:000000000000:cluster/c", "taskDefinition": "t", "count": 2,
                    "launchType": "FARGATE"}),
            ),
        ] {
            let target = extra.as_object().unwrap().clone();
            let target = Json::from(target.with("Arn", arn).with("Input", "x"));
            assert_eq!(check(target.as_object().unwrap()), Ok(()), "{arn}");
            let delivery = delivered(&target);
            assert_eq!(
                (&*delivery.service, &*delivery.operation),
                (service, operation)
            );
            assert_eq!(delivery.parameters, expect);
        }
    }

    #[test]
    fn inputs_know_their_firing() {
        let target = json!({"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
            "Input": r#"{"queueUrl": "u", "MessageBody": "<aws.scheduler.execution-id> <aws.scheduler.scheduled-time>"}"#,
            "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 60},
            "DeadLetterConfig": {"Arn": "arn:aws:sqs:us-east-1:000000000000:d"}});
        let delivery = delivered(&target);
        assert_eq!(
            delivery.parameters,
            json!({"QueueUrl": "u", "MessageBody": "i 1970-01-01T00:00:00Z"})
        );
        assert_eq!(
            (delivery.retry.retries_max, delivery.retry.age_max_millis),
            (3, 59_000)
        );
        assert!(delivery.dead_letter.is_some());
        let plain = delivered(&json!({"Arn": "arn:aws:sns:us-east-1:000000000000:t"}));
        let message = plain.parameters.get("Message").and_then(Json::as_str);
        let event = Json::parse(message.unwrap()).unwrap();
        assert_eq!(event.get("source"), Some(&json!("aws.scheduler")));
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for target in [
            json!({"Arn": "x"}),
            json!({"Arn": "arn:aws:iam::000000000000:role/r"}),
            json!({"Arn": "arn:aws:events:us-east-1:000000000000:event-bus/b"}),
            json!({"Arn": "arn:aws:scheduler:::aws-sdk:sqs:getQueueUrl"}),
            json!({"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "Input": "["}),
        ] {
            assert!(check(target.as_object().unwrap()).is_err(), "{target:?}");
        }
    }
}
