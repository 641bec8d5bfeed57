//! Spans, those of an execution, and their form in OTLP's JSON.
//!
//! Source: OpenTelemetry Protocol Specification, "OTLP/HTTP", JSON Protobuf encoding.

use std::collections::BTreeMap;

use passo_asl::program::{Program, StateKind, TaskResource};
use passo_engine::{Event, EventKind, ExecutionHeader, FrameId};
use passo_json::{Json, json};
use passo_runtime::Key;
use passo_vocab::Timestamp;

use super::x_ray::{self, Origin};

/// What a span is, by OTLP's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Internal = 1,
    Server = 2,
    Client = 3,
}

/// One span.
#[derive(Clone, Debug)]
pub(super) struct Span {
    /// 32 hexadecimal digits.
    pub(super) trace: String,
    /// 16 hexadecimal digits.
    pub(super) id: String,
    pub(super) parent: Option<String>,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) start_nanos: u128,
    pub(super) end_nanos: u128,
    pub(super) attributes: Vec<(&'static str, String)>,
    pub(super) is_failed: bool,
}

impl Span {
    pub(super) fn add(&mut self, name: &'static str, value: &str) {
        self.attributes.push((name, value.to_owned()));
    }

    fn to_json(&self) -> Json {
        let attributes = self.attributes.iter();
        let attributes: Vec<Json> = attributes
            .map(|(name, value)| json!({"key": *name, "value": {"stringValue": value.as_str()}}))
            .collect();
        let kind = match self.kind {
            Kind::Internal => 1,
            Kind::Server => 2,
            Kind::Client => 3,
        };
        json!({
            "traceId": self.trace.as_str(),
            "spanId": self.id.as_str(),
            "parentSpanId": self.parent.as_deref().unwrap_or_default(),
            "name": self.name.as_str(),
            "kind": kind,
            "startTimeUnixNano": self.start_nanos.to_string(),
            "endTimeUnixNano": self.end_nanos.to_string(),
            "attributes": attributes,
            "status": {"code": if self.is_failed { 2 } else { 1 }}
        })
    }
}

/// One request to a collector.
pub(super) fn request(spans: &[Span]) -> Json {
    let spans: Vec<Json> = spans.iter().map(Span::to_json).collect();
    json!({"resourceSpans": [{
        "resource": {"attributes": [
            {"key": "service.name", "value": {"stringValue": "passo"}},
            {"key": "service.version", "value": {"stringValue": env!("CARGO_PKG_VERSION")}}
        ]},
        "scopeSpans": [{"scope": {"name": "passo"}, "spans": spans}]
    }]})
}

/// The spans of an execution that has ended: itself, and each attempt at a task. A redriven one yields its spans again,
/// with the same ids, up to its last end.
pub(super) fn of_execution(
    header: &ExecutionHeader,
    program: &Program,
    events: &[Event],
    trace_header: Option<&str>,
) -> Vec<Span> {
    let arn = &header.execution_arn;
    let mut whole = whole(header, events, trace_header);
    let mut spans = Vec::new();
    let mut open: BTreeMap<FrameId, Span> = BTreeMap::new();
    let mut states = BTreeMap::new();
    for (number, event) in events.iter().enumerate() {
        match &event.kind {
            EventKind::StateEntered { state, .. } => {
                states.insert(event.frame, *state);
            }
            EventKind::TaskScheduled(_) => {
                let state = states.get(&event.frame).and_then(|id| program.state(*id));
                let Some(state) = state else { continue };
                let mut span = Span {
                    id: span_id(arn, number.saturating_add(1)),
                    parent: Some(whole.id.clone()),
                    name: state.name.as_str().to_owned(),
                    kind: Kind::Client,
                    start_nanos: nanos(event.at),
                    attributes: Vec::new(),
                    ..whole.clone()
                };
                if let StateKind::Task(task) = &state.kind {
                    span.add("aws.step_functions.resource", resource(&task.resource));
                }
                open.insert(event.frame, span);
            }
            kind => {
                if let Some(is_failed) = ends_task(kind)
                    && let Some(mut span) = open.remove(&event.frame)
                {
                    span.end_nanos = nanos(event.at);
                    span.is_failed = is_failed;
                    spans.push(span);
                }
                if let Some(status) = end(kind) {
                    whole.is_failed = status != "SUCCEEDED";
                    whole
                        .attributes
                        .retain(|(name, _)| *name != "aws.step_functions.execution.status");
                    whole.add("aws.step_functions.execution.status", status);
                }
            }
        }
    }
    // What never came to an end ends with its execution.
    for (_, mut span) in open {
        span.end_nanos = whole.end_nanos;
        span.is_failed = true;
        spans.push(span);
    }
    spans.push(whole);
    spans
}

/// The span of the execution itself.
fn whole(header: &ExecutionHeader, events: &[Event], trace_header: Option<&str>) -> Span {
    let arn = &header.execution_arn;
    let origin = trace_header.and_then(x_ray::origin);
    let origin = origin.unwrap_or_else(|| Origin {
        trace: Key::of(arn).to_string(),
        parent: None,
    });
    let mut whole = Span {
        trace: origin.trace.clone(),
        id: span_id(arn, 0),
        parent: origin.parent,
        name: header.state_machine_name.to_string(),
        kind: Kind::Internal,
        start_nanos: nanos(header.started_at),
        end_nanos: nanos(events.last().map_or(header.started_at, |event| event.at)),
        attributes: Vec::new(),
        is_failed: false,
    };
    whole.add("aws.step_functions.execution.arn", arn);
    whole.add(
        "aws.step_functions.state_machine.arn",
        &header.state_machine_arn,
    );
    whole
}

/// Whether an event ends an attempt at a task, and then whether it failed.
fn ends_task(kind: &EventKind) -> Option<bool> {
    match kind {
        EventKind::TaskSucceeded { .. } => Some(false),
        EventKind::TaskScheduleFailed(_)
        | EventKind::TaskStartFailed(_)
        | EventKind::TaskSubmitFailed(_)
        | EventKind::TaskFailed(_)
        | EventKind::TaskTimedOut { .. }
        | EventKind::StateAborted
        | EventKind::FrameAborted => Some(true),
        _ => None,
    }
}

fn end(kind: &EventKind) -> Option<&'static str> {
    match kind {
        EventKind::ExecutionSucceeded { .. } => Some("SUCCEEDED"),
        EventKind::ExecutionFailed(_) => Some("FAILED"),
        EventKind::ExecutionTimedOut(_) => Some("TIMED_OUT"),
        EventKind::ExecutionAborted(_) => Some("ABORTED"),
        _ => None,
    }
}

fn resource(resource: &TaskResource) -> &str {
    match resource {
        TaskResource::LambdaFunction { arn }
        | TaskResource::Activity { arn }
        | TaskResource::Service { arn, .. } => arn,
    }
}

fn span_id(execution_arn: &str, number: usize) -> String {
    let key = Key::of(&format!("{execution_arn}#{number}"));
    key.to_string().chars().take(16).collect()
}

fn nanos(at: Timestamp) -> u128 {
    u128::from(at.epoch_millis().max(0).cast_unsigned()) * 1_000_000
}
