//! OpenTelemetry traces: a span for each request, each execution and each attempt at a task, sent as OTLP over HTTP.
//!
//! Executions are traced when they have ended, from their journal: a trace then survives a restart as the execution does, and
//! costs nothing while it runs. What they carry is not in it. Enter at [`Traces::begin`].

mod export;
mod span;
mod x_ray;

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use passo_asl::program::Program;
use passo_engine::{Event, EventKind, ExecutionHeader};
use passo_net::Answered;
use passo_net::client::{Client, ClientSettings, TrustError};
use passo_runtime::{Key, Listener, Runtime};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use self::export::Exporter;
use self::span::{Kind, Span};

/// Requests and executions that may wait to be sent; what comes while so many wait is not traced.
const WAITING_MAX: usize = 10_000;
/// How long the last spans may take to be sent when the server stops.
const LAST_WAIT: Duration = Duration::from_secs(3);

/// Something to be traced.
enum Traced {
    Request(Box<Span>),
    Execution(Arc<ExecutionHeader>, Arc<Program>),
}

/// Sends traces.
pub(crate) struct Traces {
    sender: mpsc::Sender<Traced>,
    runtime: Arc<OnceLock<Runtime>>,
}

/// The sender at work.
pub(crate) struct Sending {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Traces {
    /// Traces that go to the collector at `endpoint`, such as `http://localhost:4318`.
    ///
    /// # Errors
    /// Where no client can be made.
    pub(crate) fn begin(endpoint: &str) -> Result<(Arc<Traces>, Sending), TrustError> {
        let client = Client::new(&ClientSettings::default())?;
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        let runtime = Arc::new(OnceLock::new());
        let (stop, stopped) = oneshot::channel();
        let exporter = Exporter {
            client,
            url: format!("{}/v1/traces", endpoint.trim_end_matches('/')),
            runtime: Arc::clone(&runtime),
        };
        let task = tokio::spawn(exporter.run(receiver, stopped));
        let traces = Arc::new(Traces { sender, runtime });
        Ok((traces, Sending { stop, task }))
    }

    /// Where journals are to be had.
    pub(crate) fn read_from(&self, runtime: Runtime) {
        // Said once in the life of a server.
        let _ = self.runtime.set(runtime);
    }

    /// Traces a request.
    pub(crate) fn answered(&self, service: &str, operation: &str, request: &Answered<'_>) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default();
        let trace: String = request.request_id.as_str().replace('-', "");
        let mut span = Span {
            id: Key::of(&trace).to_string().chars().take(16).collect(),
            trace,
            parent: None,
            name: format!("{service}.{operation}"),
            kind: Kind::Server,
            start_nanos: now.saturating_sub(request.elapsed).as_nanos(),
            end_nanos: now.as_nanos(),
            attributes: Vec::new(),
            is_failed: request.status >= 500,
        };
        span.add("rpc.system", "aws-api");
        span.add("rpc.service", service);
        span.add("rpc.method", operation);
        span.add("http.response.status_code", &request.status.to_string());
        if let Some(code) = request.code {
            span.add("error.type", code);
        }
        span.add("aws.request_id", request.request_id.as_str());
        // Where too many wait, this one is not traced.
        let _ = self.sender.try_send(Traced::Request(Box::new(span)));
    }
}

impl Sending {
    /// Sends what waits, within bounds, and ends.
    pub(crate) async fn end(self) {
        let _ = self.stop.send(());
        let _ = tokio::time::timeout(LAST_WAIT, self.task).await;
    }
}

impl Listener for Traces {
    fn recorded(&self, header: &Arc<ExecutionHeader>, program: &Arc<Program>, events: &[Event]) {
        let has_ended = events.iter().any(|event| {
            matches!(
                event.kind,
                EventKind::ExecutionSucceeded { .. }
                    | EventKind::ExecutionFailed(_)
                    | EventKind::ExecutionTimedOut(_)
                    | EventKind::ExecutionAborted(_)
            )
        });
        if has_ended {
            let traced = Traced::Execution(Arc::clone(header), Arc::clone(program));
            // Where too many wait, this one is not traced.
            let _ = self.sender.try_send(traced);
        }
    }
}
