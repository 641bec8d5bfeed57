//! Event source mappings: created, shown, changed, removed.

use std::ops::RangeInclusive;

use passo_json::{Json, Object, ObjectBuilder, json};
use passo_service::Fault;

use super::super::faults;
use super::super::mappings::{Filters, Queue, Stream, show};
use super::super::request::{Request, Target};
use super::super::service::Lambda;
use super::super::times::epoch_seconds;
use super::invoke;

/// Records of a batch, for a stream or a standard queue. Source: Lambda API Reference, `BatchSize`.
const BATCH_MAX: i64 = 10_000;
/// The same for a FIFO queue, and the most for which no window is needed.
const SMALL_BATCH_MAX: i64 = 10;
/// Source: Lambda API Reference, `MaximumBatchingWindowInSeconds`.
const WINDOW_SECONDS_MAX: i64 = 300;
/// Source: Lambda API Reference, `ScalingConfig`.
const CONCURRENCY: RangeInclusive<i64> = 2..=1000;
/// Records of a batch of a stream, where nothing else is said.
const STREAM_BATCH: i64 = 100;
/// Members that are taken over as they are given.
const GIVEN: [&str; 4] = [
    "FunctionResponseTypes",
    "FilterCriteria",
    "ScalingConfig",
    "MetricsConfig",
];
/// The same, for streams only.
const GIVEN_OF_STREAM: [&str; 5] = [
    "ParallelizationFactor",
    "MaximumRecordAgeInSeconds",
    "BisectBatchOnFunctionError",
    "MaximumRetryAttempts",
    "DestinationConfig",
];

/// What records come from.
enum Source {
    Queue(Queue),
    Stream(Stream),
}

impl Source {
    fn parse(arn: &str) -> Option<Source> {
        let queue = Queue::parse(arn).map(Source::Queue);
        queue.or_else(|| Stream::parse(arn).map(Source::Stream))
    }
}

type Answer = Result<Json, Fault>;

/// `CreateEventSourceMapping`
pub(in super::super) async fn create(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let arn = request.required("EventSourceArn")?;
    let source = Source::parse(arn).ok_or_else(|| faults::invalid("Unrecognized event source."))?;
    let id = crate::entropy::random_uuid();
    let caller = &request.call.caller;
    let mut row = ObjectBuilder::new();
    row.insert("UUID", &*id)
        .insert(
            "EventSourceMappingArn",
            format!(
                "arn:aws:lambda:{}:{}:event-source-mapping:{id}",
                caller.region.as_str(),
                caller.account.as_str()
            ),
        )
        .insert("MaximumBatchingWindowInSeconds", 0)
        .insert("EventSourceArn", arn)
        .insert("FunctionArn", target.qualified_arn())
        .insert("State", "Enabled")
        .insert("StateTransitionReason", "USER_INITIATED")
        .insert("FunctionResponseTypes", json!([]));
    match &source {
        Source::Queue(_) => {
            row.insert("BatchSize", SMALL_BATCH_MAX);
        }
        Source::Stream(_) => of_stream(request, &mut row)?,
    }
    let row = changed(lambda, request, row.build())?;
    match &source {
        Source::Queue(queue) => check_queue(lambda, &target, queue).await?,
        Source::Stream(stream) => check_stream(lambda, &target, stream, arn).await?,
    }
    lambda
        .mappings
        .list()
        .and_then(|all| check_new(&row, &all))?;
    if let (Source::Stream(stream), Some("LATEST")) = (&source, text(&row, "StartingPosition")) {
        lambda.mappings.begin_at_end(&id, stream).await?;
    }
    let row = lambda.mappings.change(&id, |_, all| {
        check_new(&row, all)?;
        Ok(row)
    })?;
    Ok(show(&row, Some("Creating")))
}

/// `UpdateEventSourceMapping`
pub(in super::super) fn update(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let id = request.required("UUID")?;
    let row = lambda.mappings.change(id, |row, _| {
        let mut row = mine(request, row)?;
        if request.get("FunctionName").is_some() {
            let target = request.target()?;
            invoke::runnable(lambda, &target)?;
            row = row.with("FunctionArn", target.qualified_arn());
        }
        changed(lambda, request, row)
    })?;
    Ok(show(&row, Some("Updating")))
}

/// `GetEventSourceMapping`
pub(in super::super) fn get(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let row = lambda.mappings.find(request.required("UUID")?)?;
    Ok(show(&mine(request, row)?, None))
}

/// `DeleteEventSourceMapping`
pub(in super::super) fn delete(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let id = request.required("UUID")?;
    let row = lambda.mappings.remove(id, |row| mine(request, row))?;
    Ok(show(&row, Some("Deleting")))
}

/// `ListEventSourceMappings`
pub(in super::super) fn list(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let function = match request.get("FunctionName") {
        Some(_) => Some(request.target()?.qualified_arn()),
        None => None,
    };
    let source = request.text("EventSourceArn");
    let has = |row: &Object, member: &str, wanted: Option<&str>| {
        wanted.is_none_or(|wanted| text(row, member) == Some(wanted))
    };
    let rows = lambda.mappings.list()?.into_iter();
    let items = rows.filter_map(|(id, row)| {
        let row = mine(request, row.as_object().cloned()).ok()?;
        let wanted =
            has(&row, "EventSourceArn", source) && has(&row, "FunctionArn", function.as_deref());
        wanted.then(|| (id, show(&row, None)))
    });
    let (page, marker) = request.page(items.collect());
    let mut answer = ObjectBuilder::new();
    answer
        .insert("EventSourceMappings", page)
        .insert_some("NextMarker", marker);
    Ok(Json::from(answer.build()))
}

/// A row with what a request gives.
fn changed(lambda: &Lambda, request: &Request<'_>, mut row: Object) -> Result<Object, Fault> {
    for member in ["BatchSize", "MaximumBatchingWindowInSeconds"] {
        if let Some(number) = request.get(member).and_then(Json::as_i64) {
            row = row.with(member, number);
        }
    }
    for member in GIVEN {
        if let Some(given) = request.get(member) {
            row = row.with(member, given.clone());
        }
    }
    if text(&row, "StartingPosition").is_some() {
        for member in GIVEN_OF_STREAM {
            if let Some(given) = request.get(member) {
                row = row.with(member, given.clone());
            }
        }
    }
    if let Some(enabled) = request.get("Enabled").and_then(Json::as_bool) {
        row = row.with("State", if enabled { "Enabled" } else { "Disabled" });
    }
    check(&row)?;
    Ok(row.with("LastModified", epoch_seconds(lambda.clock.now())))
}

fn check(row: &Object) -> Result<(), Fault> {
    let source = text(row, "EventSourceArn").and_then(Source::parse);
    let is_stream = matches!(source, Some(Source::Stream(_)));
    let is_fifo = matches!(&source, Some(Source::Queue(queue)) if queue.is_fifo());
    let number = |member: &str| row.get(member).and_then(Json::as_i64).unwrap_or(0);
    let (batch, window) = (
        number("BatchSize"),
        number("MaximumBatchingWindowInSeconds"),
    );
    let most = if is_fifo { SMALL_BATCH_MAX } else { BATCH_MAX };
    range(batch, "batchSize", 1..=most)?;
    range(
        window,
        "maximumBatchingWindowInSeconds",
        0..=WINDOW_SECONDS_MAX,
    )?;
    if !is_stream && batch > SMALL_BATCH_MAX && window == 0 {
        return Err(faults::invalid(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
        ));
    }
    if is_fifo && window > 0 {
        return Err(faults::invalid(
            "Batching window is not supported for FIFO queues",
        ));
    }
    let scaling = row.get("ScalingConfig");
    let concurrency = scaling.and_then(|scaling| scaling.get("MaximumConcurrency")?.as_i64());
    if let Some(concurrency) = concurrency {
        range(concurrency, "scalingConfig.maximumConcurrency", CONCURRENCY)?;
    }
    if is_stream {
        check_policy(row)?;
    }
    Filters::parse(row.get("FilterCriteria"))
        .map(drop)
        .map_err(|error| faults::invalid(format!("Invalid filter pattern definition. {error}")))
}

/// What only mappings of streams have.
fn check_policy(row: &Object) -> Result<(), Fault> {
    let number = |member: &str| row.get(member).and_then(Json::as_i64);
    range(
        number("ParallelizationFactor").unwrap_or(1),
        "parallelizationFactor",
        1..=10,
    )?;
    range(
        number("MaximumRetryAttempts").unwrap_or(-1),
        "maximumRetryAttempts",
        -1..=10_000,
    )?;
    let age = number("MaximumRecordAgeInSeconds").unwrap_or(-1);
    range(age, "maximumRecordAgeInSeconds", -1..=604_800)?;
    if (0..60).contains(&age) {
        return Err(faults::invalid(
            "MaximumRecordAgeInSeconds must be -1 or between 60 and 604800.",
        ));
    }
    let destination = row
        .get("DestinationConfig")
        .and_then(|config| config.get("OnFailure")?.get("Destination")?.as_str());
    let service = |arn: &str| arn.split(':').nth(2).unwrap_or_default().to_owned();
    match destination.map(|arn| (arn, service(arn))) {
        None => Ok(()),
        Some((_, service)) if matches!(&*service, "sqs" | "sns") => Ok(()),
        Some((arn, _)) => Err(faults::invalid(format!(
            "The destination ARN {arn} is invalid."
        ))),
    }
}

/// A number is within its bounds.
fn range(value: i64, member: &str, range: RangeInclusive<i64>) -> Result<(), Fault> {
    if range.contains(&value) {
        return Ok(());
    }
    let (first, last) = range.into_inner();
    let rule = if value < first {
        format!("Member must have value greater than or equal to {first}")
    } else {
        format!("Member must have value less than or equal to {last}")
    };
    Err(faults::constraint(&value.to_string(), member, &rule))
}

/// The members that a mapping of a stream has besides.
fn of_stream(request: &Request<'_>, row: &mut ObjectBuilder) -> Result<(), Fault> {
    let position = request.required("StartingPosition")?;
    match position {
        "TRIM_HORIZON" | "LATEST" => {}
        "AT_TIMESTAMP" => {
            return Err(faults::invalid(
                "Unsupported starting position for stream type: AT_TIMESTAMP",
            ));
        }
        other => {
            return Err(faults::constraint(
                other,
                "startingPosition",
                "Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
            ));
        }
    }
    row.insert("BatchSize", STREAM_BATCH)
        .insert("StartingPosition", position)
        .insert("ParallelizationFactor", 1)
        .insert("MaximumRecordAgeInSeconds", -1)
        .insert("BisectBatchOnFunctionError", false)
        .insert("MaximumRetryAttempts", -1)
        .insert("TumblingWindowInSeconds", 0)
        .insert("DestinationConfig", json!({"OnFailure": {}}));
    Ok(())
}

/// The stream is there.
async fn check_stream(
    lambda: &Lambda,
    target: &Target,
    stream: &Stream,
    arn: &str,
) -> Result<(), Fault> {
    invoke::runnable(lambda, target)?;
    let shards = stream.shards(&lambda.peers).await;
    shards
        .map(drop)
        .map_err(|_| faults::invalid(format!("Stream not found: {arn}")))
}

/// A queue and a function are mapped once.
fn check_new(row: &Object, all: &[(String, Json)]) -> Result<(), Fault> {
    let same = |other: &Json, member: &str| other.get(member) == row.get(member);
    let twin = all
        .iter()
        .find(|(_, other)| same(other, "EventSourceArn") && same(other, "FunctionArn"));
    let Some((id, _)) = twin else { return Ok(()) };
    let member = |member: &str| text(row, member).unwrap_or_default();
    if text(row, "StartingPosition").is_some() {
        return Err(faults::conflict(format!(
            "The event source arn (\" {} \") and function (\" {} \") provided mapping already exists. \
             Please update or delete the existing mapping with UUID {id}",
            member("EventSourceArn"),
            member("FunctionArn"),
        )));
    }
    Err(faults::conflict(format!(
        "An event source mapping with SQS arn (\" {} \") and function (\" {} \") already exists. \
         Please update or delete the existing mapping with UUID {id}",
        member("EventSourceArn"),
        member("FunctionArn"),
    )))
}

/// The queue is there, and keeps messages hidden for as long as the function may take.
async fn check_queue(lambda: &Lambda, target: &Target, source: &Queue) -> Result<(), Fault> {
    let (_, configuration) = invoke::runnable(lambda, target)?;
    let wanted = Object::default().with("AttributeNames", json!(["VisibilityTimeout"]));
    let answer = source
        .call(&lambda.peers, "GetQueueAttributes", wanted)
        .await
        .map_err(|fault| {
            let code = fault.query_code.as_ref().unwrap_or(&fault.code);
            faults::invalid(format!(
                "Error occurred while ReceiveMessage. SQS Error Code: {code}. SQS Error Message: {}",
                fault.message
            ))
        })?;
    let visibility = answer
        .get("Attributes")
        .and_then(|attributes| attributes.get("VisibilityTimeout")?.as_str()?.parse().ok())
        .unwrap_or(u32::MAX);
    if visibility < configuration.timeout_seconds {
        return Err(faults::invalid(format!(
            "Queue visibility timeout: {visibility} seconds is less than Function timeout: {} seconds",
            configuration.timeout_seconds
        )));
    }
    Ok(())
}

/// The row, where it belongs to whoever calls.
fn mine(request: &Request<'_>, row: Option<Object>) -> Result<Object, Fault> {
    let caller = &request.call.caller;
    let place = format!(
        "arn:aws:lambda:{}:{}:",
        caller.region.as_str(),
        caller.account.as_str()
    );
    row.filter(|row| text(row, "EventSourceMappingArn").is_some_and(|arn| arn.starts_with(&place)))
        .ok_or_else(|| faults::missing("The resource you requested does not exist."))
}

fn text<'a>(row: &'a Object, member: &str) -> Option<&'a str> {
    row.get(member).and_then(Json::as_str)
}
