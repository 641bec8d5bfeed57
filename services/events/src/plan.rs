//! What a rule's target is: a call of the service that its ARN names.

use passo_delivery::{DeadLetter, Delivery, Judge, Retry, Target, TargetCall, Verdict};
use passo_expr::Path;
use passo_json::{Json, Object, ObjectBuilder};
use passo_service::{Caller, Fault};
use passo_vocab::{AccountId, Arn, Region, Timestamp};

use crate::input::{About, InputForm};
use crate::records::Rule;
use crate::targets::{FORWARD_EVENT, INVOKE_DESTINATION, NAME, RATE_EXCEEDED, WRITE_LOG};

/// Whether events can be delivered to what has this ARN.
pub(crate) fn is_supported(arn: &Arn) -> bool {
    match arn.service() {
        "lambda" | "states" | "sqs" | "sns" | "kinesis" | "ecs" | "codepipeline" => true,
        "logs" => arn.resource().starts_with("log-group:"),
        "events" => {
            let is_destination = arn.resource().starts_with("api-destination/");
            is_destination || arn.resource().starts_with("event-bus/")
        }
        "firehose" => arn.resource().starts_with("deliverystream/"),
        "codebuild" => arn.resource().starts_with("project/"),
        "batch" => arn.resource().starts_with("job-queue/"),
        "sagemaker" => arn.resource().starts_with("pipeline/"),
        _ => false,
    }
}

/// What to deliver to a rule's target for `event`; nothing where the target is not one any more.
pub(crate) fn delivery(rule: &Rule, target: &Object, event: &Json, now: i64) -> Option<Delivery> {
    let text = |member: &str| target.get(member).and_then(Json::as_str);
    let arn = Arn::parse(text("Arn")?).ok()?;
    let rule_arn = rule.arn();
    let about = About {
        rule_arn: &rule_arn,
        rule_name: &rule.name,
        ingested_at: Timestamp::from_epoch_millis(now).to_string(),
    };
    let input = InputForm::read(target).ok()?.apply(event, &about);
    let id = event.get("id").and_then(Json::as_str).unwrap_or_default();
    // The same name for the same event, rule and target: a second delivery starts nothing.
    let of_target = fingerprint(&[&rule_arn, text("Id").unwrap_or_default()]);
    let called = Target {
        arn: &arn,
        given: target,
        input: &input,
        id,
        execution: &format!("{id}_{of_target:016x}"),
    };
    let call = call(&called, event)?;
    let mut attributes = ObjectBuilder::new();
    for (name, value) in [("RULE_ARN", &*rule_arn), ("TARGET_ARN", arn.as_str())] {
        let attribute = Object::default()
            .with("DataType", "String")
            .with("StringValue", value);
        attributes.insert(name, attribute);
    }
    let dead_letter = target
        .get("DeadLetterConfig")
        .and_then(|config| config.get("Arn"));
    Some(Delivery {
        service: call.service.into(),
        operation: call.operation.into(),
        parameters: call.parameters,
        caller: Caller {
            account: AccountId::parse(arn.account()).ok()?,
            region: Region::parse(arn.region()).ok()?,
        },
        retry: Retry::of_target(target),
        dead_letter: dead_letter.and_then(Json::as_str).map(|queue| DeadLetter {
            queue_arn: queue.into(),
            body: event.to_text().into(),
            attributes: Json::from(attributes.build()),
            message_group: None,
        }),
        group: None,
        note: Json::Null,
    })
}

/// What a target is called with: those of rules only, and those of rules and schedules.
fn call(target: &Target<'_>, event: &Json) -> Option<TargetCall> {
    let (arn, input, id) = (target.arn, target.input, target.id);
    let mut parameters = ObjectBuilder::new();
    let (service, operation) = match arn.service() {
        "logs" => {
            let group = arn.resource().strip_prefix("log-group:")?;
            parameters
                .insert("logGroupName", group.trim_end_matches(":*"))
                .insert("logStreamName", id)
                .insert("message", input);
            (NAME, WRITE_LOG)
        }
        "events" if arn.resource().starts_with("api-destination/") => {
            let http = target.given.get("HttpParameters").cloned();
            parameters
                .insert("Arn", arn.as_str())
                .insert("Input", input)
                .insert_some("HttpParameters", http);
            (NAME, INVOKE_DESTINATION)
        }
        "events" => {
            let bus = arn.resource().strip_prefix("event-bus/")?;
            parameters
                .insert("EventBusName", bus)
                .insert("Event", event.clone());
            (NAME, FORWARD_EVENT)
        }
        "kinesis" => {
            let path = target.part("KinesisParameters", "PartitionKeyPath");
            let path = path.as_ref().and_then(Json::as_str);
            let path = path.and_then(|path| Path::parse(path).ok());
            let event = Json::parse(input).ok();
            let key = path.and_then(|path| path.read_from(event.as_ref()?).ok());
            let key = key.as_ref().and_then(Json::as_str).unwrap_or(id);
            parameters
                .insert("StreamARN", arn.as_str())
                .insert("PartitionKey", key)
                .insert("Data", input);
            ("kinesis", "PutRecord")
        }
        "batch" => {
            let part = |member: &str| target.part("BatchParameters", member);
            parameters
                .insert("jobQueue", arn.as_str())
                .insert_some("jobName", part("JobName"))
                .insert_some("jobDefinition", part("JobDefinition"));
            ("batch", "SubmitJob")
        }
        _ => return target.call(),
    };
    Some(TargetCall::new(service, operation, &mut parameters))
}

/// FNV-1a over `parts`, each ended.
fn fingerprint(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// An execution that was started before has arrived.
pub(crate) struct TargetJudge;

impl Judge for TargetJudge {
    fn verdict(&self, delivery: &Delivery, answer: &Result<Json, Fault>) -> Verdict {
        match answer {
            Err(fault) if fault.code == "ExecutionAlreadyExists" => Verdict::Arrived,
            Err(fault) if fault.code == RATE_EXCEEDED => Verdict::Later,
            _ => passo_delivery::Plain.verdict(delivery, answer),
        }
    }
}

/// The deliveries of `rule` for `event`.
pub(crate) fn deliveries(rule: &Rule, event: &Json, now: i64) -> Vec<Delivery> {
    let targets = rule.targets.values();
    targets
        .filter_map(|target| delivery(rule, target, event, now))
        .collect()
}
