//! `Events` of a function.

use passo_asl::source::{Entry, Node};
use passo_json::json;

use super::event_source;
use super::expansion::{Expansion, Source};
use super::function::{listed, permission, target};
use super::route::{self, Route};
use super::schedule::{self, Called};
use crate::TemplateError;
use crate::tree::{attribute, list, object, plain, reference, referred, text};

/// Expands one event of a function.
pub(super) fn of_function(
    into: &mut Expansion<'_>,
    source: Source<'_>,
    alias: Option<&str>,
    entry: &Entry,
) -> Result<(), TemplateError> {
    let name = &*entry.key.text;
    let event = &entry.value;
    let kind = event.get("Type").and_then(Node::as_str).unwrap_or_default();
    let empty = object(event.span, []);
    let properties = event.get("Properties").unwrap_or(&empty);
    let called = Called {
        source,
        name,
        properties,
        target: target(source, alias),
        role: None,
    };
    match kind {
        "S3" => bucket(into, source, alias, name, properties)?,
        "SNS" => topic(into, source, alias, name, properties),
        "SQS" | "DynamoDB" | "Kinesis" | "MSK" | "MQ" | "SelfManagedKafka" | "DocumentDB" => {
            event_source::expand(into, source, alias, name, kind, properties);
        }
        "Schedule" => {
            let rule = schedule::rule(into, &called);
            allow_rule(into, source, alias, name, &rule);
        }
        "EventBridgeRule" | "CloudWatchEvent" => {
            let rule = schedule::pattern(into, &called);
            allow_rule(into, source, alias, name, &rule);
        }
        "ScheduleV2" => schedule::schedule(into, &called, "lambda:InvokeFunction"),
        "CloudWatchLogs" => logs(into, source, alias, name, properties),
        "Api" | "HttpApi" => {
            let route = Route::of_function(source, alias, kind, properties)?;
            route::allow(into, source, alias, name, &route);
            into.routes.add(route);
        }
        _ => {
            let message = format!(
                "the event `{name}` of `{}` is of the type `{kind}`, which is not supported",
                source.id
            );
            into.leave_out(entry.key.span, message);
        }
    }
    Ok(())
}

fn allow_rule(
    into: &mut Expansion<'_>,
    source: Source<'_>,
    alias: Option<&str>,
    event: &str,
    rule: &str,
) {
    let from = ("SourceArn", attribute(source.span, rule, "Arn"));
    permission(
        into,
        source,
        alias,
        event,
        "events.amazonaws.com",
        Some(from),
    );
}

/// `S3`: the bucket calls the function.
fn bucket(
    into: &mut Expansion<'_>,
    source: Source<'_>,
    alias: Option<&str>,
    name: &str,
    properties: &Node,
) -> Result<(), TemplateError> {
    let bucket = properties.get("Bucket").and_then(referred);
    let Some(bucket) = bucket.map(str::to_owned) else {
        let message = format!(
            "the event `{name}` of `{}` must refer to a bucket of this template",
            source.id
        );
        return Err(TemplateError::at(properties, message));
    };
    let from = ("SourceAccount", reference(source.span, "AWS::AccountId"));
    let service = "s3.amazonaws.com";
    let permission = permission(into, source, alias, name, service, Some(from));
    let events = properties.get("Events").map(listed);
    for event in events.iter().filter_map(Node::as_array).flatten() {
        let filter = properties.get("Filter").cloned();
        let members = [
            ("Event", Some(event.clone())),
            ("Filter", filter),
            ("Function", Some(target(source, alias))),
        ];
        into.notify(&bucket, object(event.span, members), &permission);
    }
    Ok(())
}

/// `SNS`: a subscription of the function.
fn topic(
    into: &mut Expansion<'_>,
    source: Source<'_>,
    alias: Option<&str>,
    name: &str,
    properties: &Node,
) {
    let span = properties.span;
    let topic = properties.get("Topic").cloned();
    let from = topic.clone().map(|topic| ("SourceArn", topic));
    permission(into, source, alias, name, "sns.amazonaws.com", from);
    let same = |member: &'static str| (member, properties.get(member).cloned());
    if properties.get("SqsSubscription").is_some() {
        let message = format!("`SqsSubscription` of the event `{name}` is not supported");
        into.leave_out(span, message);
    }
    let subscription = object(
        span,
        [
            ("Protocol", Some(text(span, "lambda"))),
            ("Endpoint", Some(target(source, alias))),
            ("TopicArn", topic),
            same("FilterPolicy"),
            same("FilterPolicyScope"),
            same("RedrivePolicy"),
            same("Region"),
        ],
    );
    let id = format!("{}{name}", source.id);
    into.comes_with(source, &id, "AWS::SNS::Subscription", subscription);
}

/// `CloudWatchLogs`: a subscription filter.
fn logs(
    into: &mut Expansion<'_>,
    source: Source<'_>,
    alias: Option<&str>,
    name: &str,
    properties: &Node,
) {
    permission(into, source, alias, name, "logs.amazonaws.com", None);
    let span = properties.span;
    let filter = object(
        span,
        [
            ("LogGroupName", properties.get("LogGroupName").cloned()),
            ("FilterPattern", properties.get("FilterPattern").cloned()),
            ("DestinationArn", Some(target(source, alias))),
        ],
    );
    let id = format!("{}{name}", source.id);
    into.comes_with(source, &id, "AWS::Logs::SubscriptionFilter", filter);
}

/// The dead-letter configuration of a target; a queue is made where SAM would make one.
pub(super) fn dead_letters(
    into: &mut Expansion<'_>,
    source: Source<'_>,
    event: &str,
    properties: &Node,
) -> Option<Node> {
    let given = properties.get("DeadLetterConfig")?;
    if let Some(arn) = given.get("Arn") {
        return Some(object(given.span, [("Arn", Some(arn.clone()))]));
    }
    let id = match given.get("QueueLogicalId").and_then(Node::as_str) {
        Some(id) => id.to_owned(),
        None => format!("{}{event}Queue", source.id),
    };
    into.comes_with(source, &id, "AWS::SQS::Queue", object(given.span, []));
    let arn = attribute(given.span, &id, "Arn");
    Some(object(given.span, [("Arn", Some(arn))]))
}

/// A list of one target.
pub(super) fn targets(target: Node) -> Node {
    list(target.span, vec![target])
}

/// A window of zero minutes.
pub(super) fn no_window(near: &Node) -> Node {
    plain(near.span, &json!({"Mode": "OFF"}))
}
