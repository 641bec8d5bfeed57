//! What a target is: a call of the service that its ARN names.

use passo_delivery::{DeadLetter, Delivery, Judge, Retry, Verdict};
use passo_expr::Path;
use passo_json::{Json, Object, ObjectBuilder};
use passo_service::{Caller, Fault};
use passo_vocab::{AccountId, Arn, Region, Timestamp};

use crate::input::{About, InputForm};
use crate::records::Rule;
use crate::targets::{FORWARD_EVENT, INVOKE_DESTINATION, NAME, RATE_EXCEEDED, WRITE_LOG};

/// What a target is called with.
struct Call {
    service: &'static str,
    operation: &'static str,
    parameters: Json,
}

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
    let call = call(&arn, target, event, &input, &rule_arn)?;
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
        retry: retry(target),
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

// tidy: long, because it is a table of services.
fn call(arn: &Arn, target: &Object, event: &Json, input: &str, rule_arn: &str) -> Option<Call> {
    let id = event.get("id").and_then(Json::as_str).unwrap_or_default();
    let mut parameters = ObjectBuilder::new();
    let (service, operation) = match arn.service() {
        "lambda" => {
            parameters
                .insert("FunctionName", arn.as_str())
                .insert("InvocationType", "Event")
                .insert("Payload", input);
            ("lambda", "Invoke")
        }
        "states" => {
            let target = target.get("Id").and_then(Json::as_str).unwrap_or_default();
            // The same name for the same event, rule and target: a second delivery starts nothing.
            let name = format!("{id}_{:016x}", fingerprint(&[rule_arn, target]));
            parameters
                .insert("stateMachineArn", arn.as_str())
                .insert("name", name)
                .insert("input", input);
            ("states", "StartExecution")
        }
        "sqs" => {
            let group = target.get("SqsParameters");
            let group = group.and_then(|group| group.get("MessageGroupId"));
            parameters
                .insert(
                    "QueueUrl",
                    format!("http://localhost/{}/{}", arn.account(), arn.resource()),
                )
                .insert("MessageBody", input)
                .insert_some("MessageGroupId", group.cloned());
            if arn.resource().ends_with(".fifo") {
                parameters.insert("MessageDeduplicationId", id);
            }
            ("sqs", "SendMessage")
        }
        "sns" => {
            parameters
                .insert("TopicArn", arn.as_str())
                .insert("Message", input);
            ("sns", "Publish")
        }
        "logs" => {
            let group = arn.resource().strip_prefix("log-group:")?;
            parameters
                .insert("logGroupName", group.trim_end_matches(":*"))
                .insert("logStreamName", id)
                .insert("message", input);
            (NAME, WRITE_LOG)
        }
        "events" if arn.resource().starts_with("api-destination/") => {
            parameters
                .insert("Arn", arn.as_str())
                .insert("Input", input)
                .insert_some("HttpParameters", target.get("HttpParameters").cloned());
            (NAME, INVOKE_DESTINATION)
        }
        "events" => {
            let bus = arn.resource().strip_prefix("event-bus/")?;
            parameters
                .insert("EventBusName", bus)
                .insert("Event", event.clone());
            (NAME, FORWARD_EVENT)
        }
        _ => return elsewhere(arn, target, input, id),
    };
    Some(Call {
        service,
        operation,
        parameters: Json::from(parameters.build()),
    })
}

/// Targets of services that are not built in, but may be elsewhere.
// tidy: long, because it is a table of services.
fn elsewhere(arn: &Arn, target: &Object, input: &str, id: &str) -> Option<Call> {
    let part = |group: &str, member: &str| target.get(group)?.get(member).cloned();
    let mut parameters = ObjectBuilder::new();
    let (service, operation) = match arn.service() {
        "kinesis" => {
            let key = part("KinesisParameters", "PartitionKeyPath");
            let path = key
                .as_ref()
                .and_then(Json::as_str)
                .and_then(|path| Path::parse(path).ok());
            let event = Json::parse(input).ok();
            let key = path.and_then(|path| path.read_from(event.as_ref()?).ok());
            let key = key.as_ref().and_then(Json::as_str).unwrap_or(id);
            parameters
                .insert("StreamARN", arn.as_str())
                .insert("PartitionKey", key)
                .insert("Data", input);
            ("kinesis", "PutRecord")
        }
        "firehose" => {
            let stream = arn.resource().strip_prefix("deliverystream/")?;
            parameters
                .insert("DeliveryStreamName", stream)
                .insert("Record", Object::default().with("Data", input));
            ("firehose", "PutRecord")
        }
        "codebuild" => {
            let project = arn.resource().strip_prefix("project/")?;
            parameters.insert("projectName", project);
            ("codebuild", "StartBuild")
        }
        "codepipeline" => {
            parameters.insert("name", arn.resource());
            ("codepipeline", "StartPipelineExecution")
        }
        "batch" => {
            parameters
                .insert("jobQueue", arn.as_str())
                .insert_some("jobName", part("BatchParameters", "JobName"))
                .insert_some("jobDefinition", part("BatchParameters", "JobDefinition"));
            ("batch", "SubmitJob")
        }
        "sagemaker" => {
            let list = part("SageMakerPipelineParameters", "PipelineParameterList");
            parameters
                .insert("PipelineName", arn.resource().strip_prefix("pipeline/")?)
                .insert("ClientRequestToken", id)
                .insert_some("PipelineParameters", list);
            ("sagemaker", "StartPipelineExecution")
        }
        "ecs" => {
            parameters.insert("cluster", arn.as_str());
            let given = target.get("EcsParameters").and_then(Json::as_object);
            for (name, value) in given.into_iter().flat_map(Object::iter) {
                let name = match &**name {
                    "TaskDefinitionArn" => "TaskDefinition",
                    "TaskCount" => "Count",
                    other => other,
                };
                let mut small = name.to_owned();
                if let Some(first) = small.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                parameters.insert(small, value.clone());
            }
            ("ecs", "RunTask")
        }
        _ => return None,
    };
    Some(Call {
        service,
        operation,
        parameters: Json::from(parameters.build()),
    })
}

fn retry(target: &Object) -> Retry {
    let policy = target.get("RetryPolicy");
    let number = |member: &str| policy.and_then(|policy| policy.get(member)?.as_i64());
    let mut retry = Retry::default();
    if let Some(retries) = number("MaximumRetryAttempts") {
        retry.retries_max = u32::try_from(retries).unwrap_or(0).min(185);
    }
    if let Some(seconds) = number("MaximumEventAgeInSeconds") {
        retry.age_max_millis = seconds.clamp(60, 86_400).saturating_mul(1000);
    }
    retry
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
