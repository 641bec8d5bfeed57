//! Who hears of requests: metrics, and virtual time, which stands still while one is answered.

use std::any::Any;
use std::sync::{Arc, OnceLock};

use passo_metrics::Prometheus;
use passo_net::{Answered, Watch};
use passo_runtime::InFlight;
use passo_service::Call;

#[cfg(feature = "otel")]
use crate::otel::Traces;

/// Hears of requests.
pub(crate) struct Watching {
    metrics: Arc<Prometheus>,
    is_virtual: bool,
    in_flight: OnceLock<InFlight>,
    #[cfg(feature = "otel")]
    traces: Option<Arc<Traces>>,
}

impl Watching {
    /// Counts requests in `metrics`. `is_virtual` says whether time waits for them.
    pub(crate) fn new(metrics: Arc<Prometheus>, is_virtual: bool) -> Watching {
        Watching {
            metrics,
            is_virtual,
            in_flight: OnceLock::new(),
            #[cfg(feature = "otel")]
            traces: None,
        }
    }

    /// The same, with traces of requests.
    #[cfg(feature = "otel")]
    pub(crate) fn with_traces(self, traces: Option<Arc<Traces>>) -> Watching {
        Watching { traces, ..self }
    }

    /// Time waits for requests through `in_flight`, the runtime's own.
    pub(crate) fn count_in(&self, in_flight: InFlight) {
        // Said once in the life of a server.
        let _ = self.in_flight.set(in_flight);
    }
}

impl Watch for Watching {
    fn begun(&self, call: &Call) -> Option<Box<dyn Any + Send>> {
        if !self.is_virtual || waits_for_time(&call.operation) {
            return None;
        }
        let under_way = self.in_flight.get()?.begin();
        Some(Box::new(under_way))
    }

    fn answered(&self, request: &Answered<'_>) {
        let service = request.service.map_or("unknown", service_name);
        let operation = operation_name(request);
        log(service, operation, request);
        #[cfg(feature = "otel")]
        if let Some(traces) = &self.traces {
            traces.answered(service, operation, request);
        }
        self.metrics.answered(&passo_metrics::Request {
            service,
            operation,
            outcome: request.code.unwrap_or("success"),
            seconds: request.elapsed.as_secs_f64(),
        });
    }
}

/// The request's line in the log. What a caller sent is not in it.
fn log(service: &str, operation: &str, request: &Answered<'_>) {
    let Answered {
        request_id,
        code,
        status,
        elapsed,
        ..
    } = *request;
    let (code, elapsed_seconds) = (code.unwrap_or("none"), elapsed.as_secs_f64());
    if status >= 500 {
        tracing::warn!(%request_id, service, operation, status, code, elapsed_seconds, "request failed");
    } else {
        tracing::debug!(%request_id, service, operation, status, code, elapsed_seconds, "request answered");
    }
}

/// Whether an operation waits until something has happened that takes time.
fn waits_for_time(operation: &str) -> bool {
    matches!(
        operation,
        "GetActivityTask" | "StartSyncExecution" | "ReceiveMessage"
    )
}

/// The service's name, where the request had the prefix of its target.
fn service_name(name: &str) -> &str {
    match name {
        "AWSStepFunctions" => "states",
        "Logs_20140328" => "logs",
        other => other,
    }
}

/// The operation's name. What is none could be anything, and is told apart by nothing.
fn operation_name<'a>(request: &Answered<'a>) -> &'a str {
    match (request.operation, request.code) {
        (None, _) | (_, Some("UnknownOperationException" | "InvalidAction")) => "unknown",
        (Some(operation), _) => operation,
    }
}
