//! Attributes of queues: which there are, what they may be, and what they are where nobody has said.
//!
//! Source: SQS API Reference, `SetQueueAttributes`.

use std::collections::BTreeMap;

use passo_json::Json;
use passo_service::Fault;

use crate::address::Address;
use crate::faults;

/// Attributes as clients write them.
pub(crate) type Attributes = BTreeMap<String, String>;

/// What an attribute may be.
enum Form {
    Number(i64, i64),
    Flag,
    OneOf(&'static [&'static str]),
    /// JSON, or nothing to remove it.
    Document,
    Text,
}

/// Which queues have it, and when it may be set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Every,
    Fifo,
    /// FIFO queues, and only when they are made.
    FifoAtCreation,
}

struct Row {
    name: &'static str,
    form: Form,
    scope: Scope,
    default: Option<&'static str>,
}

const fn row(name: &'static str, form: Form, scope: Scope, default: Option<&'static str>) -> Row {
    Row {
        name,
        form,
        scope,
        default,
    }
}

const TABLE: &[Row] = &[
    row(
        "VisibilityTimeout",
        Form::Number(0, 43_200),
        Scope::Every,
        Some("30"),
    ),
    row(
        "MaximumMessageSize",
        Form::Number(1024, 1_048_576),
        Scope::Every,
        Some("1048576"),
    ),
    row(
        "MessageRetentionPeriod",
        Form::Number(60, 1_209_600),
        Scope::Every,
        Some("345600"),
    ),
    row(
        "DelaySeconds",
        Form::Number(0, 900),
        Scope::Every,
        Some("0"),
    ),
    row(
        "ReceiveMessageWaitTimeSeconds",
        Form::Number(0, 20),
        Scope::Every,
        Some("0"),
    ),
    row("Policy", Form::Document, Scope::Every, None),
    row("RedrivePolicy", Form::Document, Scope::Every, None),
    row("RedriveAllowPolicy", Form::Document, Scope::Every, None),
    row("KmsMasterKeyId", Form::Text, Scope::Every, None),
    row(
        "KmsDataKeyReusePeriodSeconds",
        Form::Number(60, 86_400),
        Scope::Every,
        None,
    ),
    row(
        "SqsManagedSseEnabled",
        Form::Flag,
        Scope::Every,
        Some("true"),
    ),
    row("FifoQueue", Form::Flag, Scope::FifoAtCreation, Some("true")),
    row(
        "ContentBasedDeduplication",
        Form::Flag,
        Scope::Fifo,
        Some("false"),
    ),
    row(
        "DeduplicationScope",
        Form::OneOf(&["messageGroup", "queue"]),
        Scope::Fifo,
        Some("queue"),
    ),
    row(
        "FifoThroughputLimit",
        Form::OneOf(&["perQueue", "perMessageGroupId"]),
        Scope::Fifo,
        Some("perQueue"),
    ),
];

/// Attributes that are computed.
pub(crate) const COMPUTED: [&str; 6] = [
    "QueueArn",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
];

/// Whether a queue is being made, or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    Creation,
    Change,
}

/// Checks attributes that are to be set, one by one.
///
/// # Errors
/// In AWS's words.
pub(crate) fn check(given: &Attributes, queue: &Address, occasion: Occasion) -> Result<(), Fault> {
    for (name, value) in given {
        let row = find(name).ok_or_else(|| faults::unknown_attribute(name))?;
        let fits = match row.scope {
            Scope::Every => true,
            Scope::Fifo => queue.is_fifo(),
            Scope::FifoAtCreation => queue.is_fifo() && occasion == Occasion::Creation,
        };
        if !fits {
            return Err(match (row.scope, queue.is_fifo()) {
                (Scope::Fifo, _) | (_, false) => faults::unknown_attribute(name),
                (Scope::Every | Scope::FifoAtCreation, true) => Fault::caller(
                    "InvalidAttributeValue",
                    "Modifying queue type is not supported.",
                ),
            });
        }
        if !is_legal(&row.form, value) {
            return Err(faults::attribute_value(name));
        }
        if name == "RedrivePolicy" && !value.is_empty() {
            Redrive::read(value)?;
        }
        if name == "RedriveAllowPolicy" && !value.is_empty() {
            RedriveAllow::read(value)?;
        }
    }
    match given.get("FifoQueue").map(String::as_str) {
        Some("false") if queue.is_fifo() => Err(faults::parameter(
            "The queue name of a FIFO queue must end with .fifo, and FifoQueue must be true.",
        )),
        None if queue.is_fifo() && occasion == Occasion::Creation => Err(faults::parameter(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        )),
        Some(_) | None => Ok(()),
    }
}

/// High throughput needs deduplication by group. Source: SQS API Reference, `SetQueueAttributes`, `FifoThroughputLimit`.
///
/// # Errors
/// Where a queue would have the one without the other.
pub(crate) fn check_throughput(all: &Attributes) -> Result<(), Fault> {
    let is = |name: &str, value: &str| all.get(name).is_some_and(|it| it == value);
    if is("FifoThroughputLimit", "perMessageGroupId") && !is("DeduplicationScope", "messageGroup") {
        return Err(faults::attribute_value("FifoThroughputLimit"));
    }
    Ok(())
}

fn is_legal(form: &Form, value: &str) -> bool {
    match form {
        Form::Number(least, most) => value
            .parse::<i64>()
            .is_ok_and(|number| (*least..=*most).contains(&number)),
        Form::Flag => matches!(value, "true" | "false"),
        Form::OneOf(allowed) => allowed.contains(&value),
        Form::Document => {
            value.is_empty() || Json::parse(value).is_ok_and(|json| json.as_object().is_some())
        }
        Form::Text => true,
    }
}

fn find(name: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.name == name)
}

/// Whether clients may ask for an attribute of this name.
pub(crate) fn is_known(name: &str) -> bool {
    find(name).is_some() || COMPUTED.contains(&name)
}

/// What an attribute of this queue is where nobody has said.
pub(crate) fn default_of(name: &str, queue: &Address) -> Option<&'static str> {
    let row = find(name)?;
    (row.scope == Scope::Every || queue.is_fifo()).then_some(row.default)?
}

/// Names that can be set, in the order in which answers have them.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|row| row.name)
}

/// `RedrivePolicy`: where messages go that were received too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Redrive {
    pub(crate) target: Address,
    pub(crate) receives_max: u32,
}

impl Redrive {
    /// The policy in an attribute.
    ///
    /// # Errors
    /// In AWS's words.
    pub(crate) fn read(text: &str) -> Result<Redrive, Fault> {
        let refuse = |reason: &str| faults::value(text, "RedrivePolicy", reason);
        let policy =
            Json::parse(text).map_err(|_| refuse("Redrive policy is not a valid JSON map."))?;
        let lacks = |name: &str| {
            refuse(&format!(
                "Redrive policy does not contain mandatory attribute: {name}."
            ))
        };
        let count = policy
            .get("maxReceiveCount")
            .ok_or_else(|| lacks("maxReceiveCount"))?;
        let target = policy
            .get("deadLetterTargetArn")
            .and_then(Json::as_str)
            .ok_or_else(|| lacks("deadLetterTargetArn"))?;
        let number = count
            .as_i64()
            .or_else(|| count.as_str().and_then(|text| text.parse().ok()))
            .filter(|number| (1..=1000).contains(number))
            .and_then(|number| u32::try_from(number).ok());
        let receives_max = number.ok_or_else(|| {
            refuse(&format!(
                "Invalid value for maxReceiveCount: {}, valid values are from 1 to 1000 both inclusive.",
                count.as_str().map_or_else(|| count.to_text(), str::to_owned)
            ))
        })?;
        let target = Address::of_arn(target)
            .ok_or_else(|| refuse("Invalid value for deadLetterTargetArn."))?;
        Ok(Redrive {
            target,
            receives_max,
        })
    }
}

/// `RedriveAllowPolicy`: for which queues a queue may be the dead-letter queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RedriveAllow {
    All,
    None,
    Queues(Vec<String>),
}

impl RedriveAllow {
    /// The policy in an attribute.
    ///
    /// # Errors
    /// Where it is not one.
    pub(crate) fn read(text: &str) -> Result<RedriveAllow, Fault> {
        let refuse = |reason: &str| faults::value(text, "RedriveAllowPolicy", reason);
        let policy = Json::parse(text).map_err(|_| refuse("Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format."))?;
        let sources = policy.get("sourceQueueArns").and_then(Json::as_array);
        match policy.get("redrivePermission").and_then(Json::as_str) {
            Some("allowAll") => Ok(RedriveAllow::All),
            Some("denyAll") => Ok(RedriveAllow::None),
            Some("byQueue") => {
                let arns: Vec<String> = sources
                    .into_iter()
                    .flat_map(|arns| arns.iter())
                    .filter_map(|arn| Some(arn.as_str()?.to_owned()))
                    .collect();
                if (1..=10).contains(&arns.len()) {
                    Ok(RedriveAllow::Queues(arns))
                } else {
                    Err(refuse("sourceQueueArns must name 1 to 10 queues."))
                }
            }
            Some(_) | None => Err(refuse(
                "Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
            )),
        }
    }

    /// Whether the queue with this ARN may send its dead letters.
    pub(crate) fn allows(&self, source_arn: &str) -> bool {
        match self {
            RedriveAllow::All => true,
            RedriveAllow::None => false,
            RedriveAllow::Queues(arns) => arns.iter().any(|arn| arn == source_arn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(queue: &str, name: &str, value: &str, occasion: Occasion) -> String {
        let address = Address {
            account: "000000000000".to_owned(),
            region: "us-east-1".to_owned(),
            name: queue.to_owned(),
        };
        let given = [(name.to_owned(), value.to_owned())].into();
        match check(&given, &address, occasion) {
            Ok(()) => "ok".to_owned(),
            Err(fault) => format!("{}: {}", fault.code, fault.message),
        }
    }

    #[test]
    fn values_are_checked() {
        for (name, value, expect) in [
            ("VisibilityTimeout", "0", "ok"),
            (
                "VisibilityTimeout",
                "43201",
                "InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout.",
            ),
            (
                "VisibilityTimeout",
                "x",
                "InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout.",
            ),
            (
                "Nonsense",
                "1",
                "InvalidAttributeName: Unknown Attribute Nonsense.",
            ),
            (
                "QueueArn",
                "1",
                "InvalidAttributeName: Unknown Attribute QueueArn.",
            ),
            (
                "FifoQueue",
                "true",
                "InvalidAttributeName: Unknown Attribute FifoQueue.",
            ),
            ("Policy", "", "ok"),
            (
                "Policy",
                "{",
                "InvalidAttributeValue: Invalid value for the parameter Policy.",
            ),
            (
                "RedrivePolicy",
                r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d"}"#,
                "InvalidParameterValue: Value {\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:d\"} for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attribute: maxReceiveCount.",
            ),
            (
                "RedrivePolicy",
                r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d","maxReceiveCount":"3"}"#,
                "ok",
            ),
        ] {
            assert_eq!(
                outcome("q", name, value, Occasion::Change),
                expect,
                "{name}"
            );
        }
        assert_eq!(
            outcome("q.fifo", "FifoQueue", "true", Occasion::Creation),
            "ok"
        );
        assert_eq!(
            outcome("q.fifo", "FifoQueue", "true", Occasion::Change),
            "InvalidAttributeValue: Modifying queue type is not supported."
        );
        assert_eq!(
            outcome("q", "ContentBasedDeduplication", "true", Occasion::Change),
            "InvalidAttributeName: Unknown Attribute ContentBasedDeduplication."
        );
    }

    #[test]
    fn a_queue_chooses_whose_dead_letters_it_takes() {
        for (policy, expect) in [
            (r#"{"redrivePermission":"allowAll"}"#, true),
            (r#"{"redrivePermission":"denyAll"}"#, false),
            (
                r#"{"redrivePermission":"byQueue","sourceQueueArns":["a"]}"#,
                true,
            ),
            (
                r#"{"redrivePermission":"byQueue","sourceQueueArns":["b"]}"#,
                false,
            ),
        ] {
            assert_eq!(
                RedriveAllow::read(policy).unwrap().allows("a"),
                expect,
                "{policy}"
            );
        }
        for policy in ["{}", "", r#"{"redrivePermission":"byQueue"}"#] {
            assert!(RedriveAllow::read(policy).is_err());
        }
    }
}
