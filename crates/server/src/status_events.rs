//! Step Functions' own events: that a Standard execution has begun, or ended, goes to EventBridge's default bus.
//!
//! Source: Step Functions Developer Guide, "Automating Step Functions event delivery with EventBridge". As there, they
//! are sent as well as can be: what a crash or a flood comes in between is not sent again.

use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::{Event, EventKind, ExecutionHeader};
use passo_events::EventBridge;
use passo_json::{Json, Number, Object, ObjectBuilder};
use passo_runtime::Listener;
use passo_service::{Call, Caller, Directory, RequestId};
use passo_vocab::{AccountId, Arn, Region, WorkflowType};
use tokio::sync::mpsc;

/// News that wait to be sent; further ones are dropped.
const WAITING_MAX: usize = 65_536;
/// Bytes of input or output that an event shows.
const PAYLOAD_BYTES_MAX: usize = 248_000;

/// Listens to executions.
pub(crate) struct StatusEvents {
    news: mpsc::Sender<News>,
}

/// Sends what [`StatusEvents`] has heard.
pub(crate) struct Sender(mpsc::Receiver<News>);

struct News {
    header: Arc<ExecutionHeader>,
    status: &'static str,
}

/// A listener, and what sends its news.
pub(crate) fn status_events() -> (StatusEvents, Sender) {
    let (news, heard) = mpsc::channel(WAITING_MAX);
    (StatusEvents { news }, Sender(heard))
}

impl Listener for StatusEvents {
    fn recorded(&self, header: &Arc<ExecutionHeader>, _: &Arc<Program>, events: &[Event]) {
        if header.workflow_type != WorkflowType::Standard {
            return;
        }
        for status in events.iter().filter_map(|event| status(&event.kind)) {
            let header = Arc::clone(header);
            // A flood is more than EventBridge's users can want to hear of.
            let _ = self.news.try_send(News { header, status });
        }
    }
}

fn status(kind: &EventKind) -> Option<&'static str> {
    match kind {
        EventKind::ExecutionStarted { .. } | EventKind::ExecutionRedriven { .. } => Some("RUNNING"),
        EventKind::ExecutionSucceeded { .. } => Some("SUCCEEDED"),
        EventKind::ExecutionFailed(_) => Some("FAILED"),
        EventKind::ExecutionTimedOut(_) => Some("TIMED_OUT"),
        EventKind::ExecutionAborted(_) => Some("ABORTED"),
        _ => None,
    }
}

impl Sender {
    /// Sends news to `events` until the listener is gone.
    pub(crate) async fn run(mut self, events: Arc<EventBridge>, directory: Directory) {
        while let Some(News { header, status }) = self.0.recv().await {
            let Some(caller) = caller(&header) else {
                continue;
            };
            if !events.has_rules(&caller) {
                continue;
            }
            let Some(detail) = detail(&directory, &caller, &header, status).await else {
                continue;
            };
            let kind = "Step Functions Execution Status Change";
            let resources = vec![Json::from(&*header.execution_arn)];
            // One that the store does not take is not sent.
            let _ = events.publish(&caller, "aws.states", kind, resources, detail);
        }
    }
}

fn caller(header: &ExecutionHeader) -> Option<Caller> {
    let arn = Arn::parse(&header.execution_arn).ok()?;
    Some(Caller {
        account: AccountId::parse(arn.account()).ok()?,
        region: Region::parse(&header.region).ok()?,
    })
}

/// What `DescribeExecution` says, in the form of the event.
async fn detail(
    directory: &Directory,
    caller: &Caller,
    header: &ExecutionHeader,
    status: &str,
) -> Option<Json> {
    let parameters = Object::default().with("executionArn", &*header.execution_arn);
    let call = Call {
        operation: "DescribeExecution".into(),
        parameters: Json::from(parameters),
        caller: caller.clone(),
        request_id: RequestId::new("status-event"),
    };
    let described = directory.by_name("states")?.call(call).await.ok()?;
    let over = status != "RUNNING";
    // The description may be later than the news.
    let known = |member: &str| described.get(member).filter(|_| over);
    let or_null = |value: Option<&Json>| value.cloned().unwrap_or(Json::Null);
    let payload = |value: Option<&Json>| {
        let text = value.and_then(Json::as_str);
        let shown = text.filter(|text| text.len() <= PAYLOAD_BYTES_MAX);
        let details = text.map(|_| Object::default().with("included", shown.is_some()));
        (
            shown.map_or(Json::Null, Json::from),
            details.map_or(Json::Null, Json::from),
        )
    };
    let (input, input_details) = payload(described.get("input"));
    let (output, output_details) = payload(known("output"));
    let mut detail = ObjectBuilder::new();
    detail
        .insert("executionArn", &*header.execution_arn)
        .insert("stateMachineArn", &*header.state_machine_arn)
        .insert("name", &*header.name)
        .insert("status", status)
        .insert("startDate", millis(described.get("startDate")))
        .insert("stopDate", millis(known("stopDate")))
        .insert("input", input)
        .insert("output", output)
        .insert("inputDetails", input_details)
        .insert("outputDetails", output_details)
        .insert("error", or_null(known("error")))
        .insert("cause", or_null(known("cause")))
        .insert(
            "stateMachineVersionArn",
            or_null(described.get("stateMachineVersionArn")),
        )
        .insert(
            "stateMachineAliasArn",
            or_null(described.get("stateMachineAliasArn")),
        )
        .insert("redriveCount", or_null(described.get("redriveCount")))
        .insert("redriveDate", millis(described.get("redriveDate")))
        .insert("redriveStatus", or_null(known("redriveStatus")))
        .insert("redriveStatusReason", or_null(known("redriveStatusReason")));
    Some(Json::from(detail.build()))
}

/// Seconds as milliseconds.
fn millis(seconds: Option<&Json>) -> Json {
    let seconds = seconds.and_then(Json::as_f64);
    let millis = seconds.and_then(|seconds| Number::integral((seconds * 1000.0).round()));
    millis.map_or(Json::Null, Json::Number)
}
