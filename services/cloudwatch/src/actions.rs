//! What an alarm does when its state has become another one: messages for topics, events for functions and for EventBridge.
//!
//! Sources: CloudWatch User Guide, "Notifying users on alarm changes", "Invoke a Lambda function from an alarm", "Alarm events and
//! EventBridge"; messages seen on AWS.

use passo_delivery::{Delivery, Retry};
use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Caller;
use passo_vocab::{AccountId, Arn, Region, Timestamp};

use crate::alarm::{Alarm, State};
use crate::series::read_dimensions;

/// How the bus is reached that gets an event for each change: a service of the directory, and its operation.
#[derive(Clone, Copy, Debug)]
pub struct EventTarget {
    /// The service's name.
    pub service: &'static str,
    /// The operation, which takes `EventBusName` and `Event`.
    pub operation: &'static str,
}

/// `2026-11-20T17:00:00.000+0000`
fn time(millis: i64) -> String {
    let text = Timestamp::from_epoch_millis(millis).to_string();
    let text = text.trim_end_matches('Z');
    let whole = if text.contains('.') { "" } else { ".000" };
    format!("{text}{whole}+0000")
}

/// The deliveries that follow when `alarm` was in `before` and now is in its state.
pub(crate) fn deliveries(
    alarm: &Alarm,
    before: &State,
    event_id: &str,
    events: EventTarget,
) -> Vec<Delivery> {
    let mut deliveries: Vec<Delivery> =
        event(alarm, before, event_id, events).into_iter().collect();
    if alarm.are_actions_enabled() {
        let actions = alarm.actions(alarm.state.value).into_iter();
        deliveries.extend(actions.filter_map(|action| perform(alarm, before, action)));
    }
    deliveries
}

fn delivery(service: &str, operation: &str, parameters: Object, caller: Caller) -> Delivery {
    Delivery {
        service: service.into(),
        operation: operation.into(),
        parameters: Json::from(parameters),
        caller,
        retry: Retry::default(),
        dead_letter: None,
        group: None,
        note: Json::Null,
    }
}

/// Whether an action is one that can be performed here; others are kept and do nothing.
fn perform(alarm: &Alarm, before: &State, action: &str) -> Option<Delivery> {
    let arn = Arn::parse(action).ok()?;
    let caller = Caller {
        account: AccountId::parse(arn.account()).ok()?,
        region: Region::parse(arn.region()).ok()?,
    };
    let mut parameters = ObjectBuilder::new();
    match arn.service() {
        "sns" => {
            parameters
                .insert("TopicArn", action)
                .insert("Subject", subject(alarm))
                .insert("Message", notification(alarm, before).to_text());
            Some(delivery("sns", "Publish", parameters.build(), caller))
        }
        "lambda" => {
            parameters
                .insert("FunctionName", action)
                .insert("InvocationType", "Event")
                .insert("Payload", payload(alarm, before).to_text());
            Some(delivery("lambda", "Invoke", parameters.build(), caller))
        }
        _ => None,
    }
}

/// Subjects have at most 100 characters.
fn subject(alarm: &Alarm) -> String {
    let place = region_name(&alarm.region);
    let whole = format!(
        "{}: \"{}\" in {place}",
        alarm.state.value.name(),
        alarm.name
    );
    match whole.char_indices().nth(96) {
        Some((end, _)) => format!("{}...", whole.get(..end).unwrap_or_default()),
        None => whole,
    }
}

/// The name of a region, as AWS's messages have it.
fn region_name(region: &str) -> &str {
    match region {
        "us-east-1" => "US East (N. Virginia)",
        "us-east-2" => "US East (Ohio)",
        "us-west-1" => "US West (N. California)",
        "us-west-2" => "US West (Oregon)",
        "eu-west-1" => "EU (Ireland)",
        "eu-west-2" => "EU (London)",
        "eu-west-3" => "EU (Paris)",
        "eu-central-1" => "EU (Frankfurt)",
        "eu-north-1" => "EU (Stockholm)",
        "eu-south-1" => "EU (Milan)",
        "ca-central-1" => "Canada (Central)",
        "sa-east-1" => "South America (Sao Paulo)",
        "ap-south-1" => "Asia Pacific (Mumbai)",
        "ap-northeast-1" => "Asia Pacific (Tokyo)",
        "ap-northeast-2" => "Asia Pacific (Seoul)",
        "ap-northeast-3" => "Asia Pacific (Osaka)",
        "ap-southeast-1" => "Asia Pacific (Singapore)",
        "ap-southeast-2" => "Asia Pacific (Sydney)",
        "ap-east-1" => "Asia Pacific (Hong Kong)",
        "af-south-1" => "Africa (Cape Town)",
        "me-south-1" => "Middle East (Bahrain)",
        other => other,
    }
}

fn or_null(value: Option<&Json>) -> Json {
    value.cloned().unwrap_or(Json::Null)
}

fn list(value: Option<&Json>) -> Json {
    value.cloned().unwrap_or_else(|| Json::from(Vec::new()))
}

/// What a topic gets.
fn notification(alarm: &Alarm, before: &State) -> Json {
    let given = |member: &str| alarm.given.get(member);
    let mut message = ObjectBuilder::new();
    message
        .insert("AlarmName", alarm.name.as_str())
        .insert("AlarmDescription", or_null(given("AlarmDescription")))
        .insert("AWSAccountId", alarm.account.as_str())
        .insert(
            "AlarmConfigurationUpdatedTimestamp",
            time(alarm.configured_at),
        )
        .insert("NewStateValue", alarm.state.value.name())
        .insert("NewStateReason", alarm.state.reason.as_str())
        .insert("StateChangeTime", time(alarm.state.changed_at))
        .insert("Region", region_name(&alarm.region))
        .insert("AlarmArn", alarm.arn())
        .insert("OldStateValue", before.value.name());
    for member in ["OKActions", "AlarmActions", "InsufficientDataActions"] {
        message.insert(member, list(given(member)));
    }
    match alarm.rule() {
        Some(rule) => message.insert("AlarmRule", rule),
        None => message.insert("Trigger", trigger(alarm)),
    };
    Json::from(message.build())
}

fn trigger(alarm: &Alarm) -> Json {
    let given = |member: &str| alarm.given.get(member);
    let mut trigger = ObjectBuilder::new();
    if let Some(metrics) = given("Metrics") {
        let metrics = metrics.as_array().into_iter().flat_map(|list| list.iter());
        trigger.insert(
            "Metrics",
            metrics.map(metric_of_trigger).collect::<Vec<_>>(),
        );
    } else {
        trigger
            .insert("MetricName", or_null(given("MetricName")))
            .insert("Namespace", or_null(given("Namespace")));
        match alarm.text("ExtendedStatistic") {
            Some(statistic) => {
                trigger
                    .insert("StatisticType", "ExtendedStatistic")
                    .insert("ExtendedStatistic", statistic);
            }
            None => {
                let statistic = match alarm.text("Statistic").unwrap_or_default() {
                    "SampleCount" => "SAMPLE_COUNT".to_owned(),
                    other => other.to_uppercase(),
                };
                trigger
                    .insert("StatisticType", "Statistic")
                    .insert("Statistic", statistic);
            }
        }
        trigger
            .insert("Unit", or_null(given("Unit")))
            .insert("Dimensions", small_dimensions(given("Dimensions")));
    }
    trigger
        .insert_some("Period", given("Period").cloned())
        .insert("EvaluationPeriods", or_null(given("EvaluationPeriods")))
        .insert_some("DatapointsToAlarm", given("DatapointsToAlarm").cloned())
        .insert("ComparisonOperator", or_null(given("ComparisonOperator")))
        .insert("Threshold", or_null(given("Threshold")))
        .insert(
            "TreatMissingData",
            alarm.text("TreatMissingData").unwrap_or("missing"),
        )
        .insert(
            "EvaluateLowSampleCountPercentile",
            alarm
                .text("EvaluateLowSampleCountPercentile")
                .unwrap_or_default(),
        );
    Json::from(trigger.build())
}

fn metric_of_trigger(query: &Json) -> Json {
    let mut shown = ObjectBuilder::new();
    shown
        .insert_some("Expression", query.get("Expression").cloned())
        .insert("Id", or_null(query.get("Id")))
        .insert_some("Label", query.get("Label").cloned());
    if let Some(stat) = query.get("MetricStat") {
        let metric = stat.get("Metric").unwrap_or(&Json::Null);
        let mut inner = ObjectBuilder::new();
        inner
            .insert("Dimensions", small_dimensions(metric.get("Dimensions")))
            .insert("MetricName", or_null(metric.get("MetricName")))
            .insert("Namespace", or_null(metric.get("Namespace")));
        let mut outer = ObjectBuilder::new();
        outer
            .insert("Metric", inner.build())
            .insert("Period", or_null(stat.get("Period")))
            .insert("Stat", or_null(stat.get("Stat")));
        shown.insert("MetricStat", outer.build());
    }
    let is_returned = query.get("ReturnData").and_then(Json::as_bool);
    shown.insert("ReturnData", is_returned.unwrap_or(true));
    Json::from(shown.build())
}

/// AWS's messages write dimensions in small letters, the value first.
fn small_dimensions(given: Option<&Json>) -> Vec<Json> {
    let dimension = |(name, value): (&String, &String)| {
        let mut shown = ObjectBuilder::new();
        shown
            .insert("value", value.as_str())
            .insert("name", name.as_str());
        Json::from(shown.build())
    };
    read_dimensions(given).iter().map(dimension).collect()
}

fn state(state: &State) -> Json {
    let mut shown = ObjectBuilder::new();
    shown
        .insert("value", state.value.name())
        .insert("reason", state.reason.as_str())
        .insert_some("reasonData", state.reason_data.as_deref())
        .insert("timestamp", time(state.updated_at));
    Json::from(shown.build())
}

/// The configuration as functions and buses get it.
fn configuration(alarm: &Alarm) -> Json {
    let mut shown = ObjectBuilder::new();
    shown.insert_some("description", alarm.text("AlarmDescription"));
    if let Some(rule) = alarm.rule() {
        shown.insert("alarmRule", rule);
        return Json::from(shown.build());
    }
    let metrics = match alarm.given.get("Metrics").and_then(Json::as_array) {
        Some(metrics) => metrics.iter().map(metric_of_event).collect(),
        None => vec![own_metric(alarm)],
    };
    shown.insert("metrics", metrics);
    Json::from(shown.build())
}

fn metric_of_event(query: &Json) -> Json {
    let mut shown = ObjectBuilder::new();
    shown.insert("id", or_null(query.get("Id")));
    shown.insert_some("expression", query.get("Expression").cloned());
    shown.insert_some("label", query.get("Label").cloned());
    if let Some(stat) = query.get("MetricStat") {
        let metric = stat.get("Metric").unwrap_or(&Json::Null);
        shown.insert("metricStat", metric_stat(metric, stat, stat.get("Stat")));
    }
    let is_returned = query.get("ReturnData").and_then(Json::as_bool);
    shown.insert("returnData", is_returned.unwrap_or(true));
    Json::from(shown.build())
}

/// The one metric of an alarm without queries. AWS makes up an id; ours says what it is.
fn own_metric(alarm: &Alarm) -> Json {
    let given = Json::from(alarm.given.clone());
    let statistic = given
        .get("Statistic")
        .or_else(|| given.get("ExtendedStatistic"));
    let mut shown = ObjectBuilder::new();
    shown
        .insert("id", "metric")
        .insert("metricStat", metric_stat(&given, &given, statistic))
        .insert("returnData", true);
    Json::from(shown.build())
}

fn metric_stat(metric: &Json, stat: &Json, statistic: Option<&Json>) -> Object {
    let dimensions = read_dimensions(metric.get("Dimensions"));
    let dimensions = dimensions.iter();
    let dimensions = dimensions.map(|(name, value)| (name.as_str(), Json::from(value.as_str())));
    let mut inner = ObjectBuilder::new();
    inner
        .insert("namespace", or_null(metric.get("Namespace")))
        .insert("name", or_null(metric.get("MetricName")))
        .insert("dimensions", dimensions.collect::<Object>());
    let mut outer = ObjectBuilder::new();
    outer
        .insert("metric", inner.build())
        .insert("period", or_null(stat.get("Period")))
        .insert("stat", or_null(statistic));
    outer.build()
}

/// What a function gets.
fn payload(alarm: &Alarm, before: &State) -> Json {
    let mut data = ObjectBuilder::new();
    data.insert("alarmName", alarm.name.as_str())
        .insert("state", state(&alarm.state))
        .insert("previousState", state(before))
        .insert("configuration", configuration(alarm));
    let mut payload = ObjectBuilder::new();
    payload
        .insert("source", "aws.cloudwatch")
        .insert("alarmArn", alarm.arn())
        .insert("accountId", alarm.account.as_str())
        .insert("time", time(alarm.state.changed_at))
        .insert("region", alarm.region.as_str())
        .insert("alarmData", data.build());
    Json::from(payload.build())
}

/// The event "CloudWatch Alarm State Change" on the default bus.
fn event(alarm: &Alarm, before: &State, id: &str, target: EventTarget) -> Option<Delivery> {
    let mut detail = ObjectBuilder::new();
    detail
        .insert("alarmName", alarm.name.as_str())
        .insert("configuration", configuration(alarm))
        .insert("previousState", state(before))
        .insert("state", state(&alarm.state));
    let mut event = ObjectBuilder::new();
    event
        .insert("version", "0")
        .insert("id", id)
        .insert("detail-type", "CloudWatch Alarm State Change")
        .insert("source", "aws.cloudwatch")
        .insert("account", alarm.account.as_str())
        .insert(
            "time",
            Timestamp::from_epoch_millis(alarm.state.changed_at).to_string(),
        )
        .insert("region", alarm.region.as_str())
        .insert("resources", vec![Json::from(alarm.arn())])
        .insert("detail", detail.build());
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("EventBusName", "default")
        .insert("Event", event.build());
    let parameters = parameters.build();
    Some(delivery(
        target.service,
        target.operation,
        parameters,
        alarm.caller()?,
    ))
}

/// `StateReasonData` of a metric alarm.
pub(crate) fn reason_data(alarm: &Alarm, points: &[(i64, f64)], now: i64) -> String {
    let statistic = alarm.text("Statistic").or(alarm.text("ExtendedStatistic"));
    let evaluated = points.iter().rev().map(|(at, value)| {
        let mut point = ObjectBuilder::new();
        point.insert("timestamp", time(*at)).insert("value", *value);
        Json::from(point.build())
    });
    let recent = points.iter().map(|(_, value)| Json::from(*value));
    let mut data = ObjectBuilder::new();
    data.insert("version", "1.0")
        .insert("queryDate", time(now))
        .insert_some("startDate", points.first().map(|(at, _)| time(*at)))
        .insert_some("unit", alarm.text("Unit"))
        .insert_some("statistic", statistic)
        .insert_some("period", alarm.number("Period"))
        .insert("recentDatapoints", recent.collect::<Vec<_>>())
        .insert("threshold", or_null(alarm.given.get("Threshold")))
        .insert("evaluatedDatapoints", evaluated.collect::<Vec<_>>());
    Json::from(data.build()).to_text()
}
