//! Sending spans: a few at a time, and only as long as somebody takes them.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request};
use passo_net::client::Client;
use passo_runtime::{Key, Runtime};
use tokio::sync::{mpsc, oneshot};

use super::Traced;
use super::span::{self, Span};

/// Requests and executions whose spans are sent together.
const TOGETHER_MAX: usize = 200;
/// How long spans wait for more.
const WAIT: Duration = Duration::from_millis(500);
/// How long a collector may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Sends spans to a collector.
pub(super) struct Exporter {
    pub(super) client: Client,
    pub(super) url: String,
    pub(super) runtime: Arc<OnceLock<Runtime>>,
}

impl Exporter {
    /// Sends until it is told to stop, then what waits.
    pub(super) async fn run(
        self,
        mut traced: mpsc::Receiver<Traced>,
        mut stopped: oneshot::Receiver<()>,
    ) {
        let mut is_stopping = false;
        let mut was_taken = true;
        while !is_stopping {
            let mut together = Vec::new();
            tokio::select! {
                taken = traced.recv_many(&mut together, TOGETHER_MAX) => if taken == 0 { return },
                _ = &mut stopped => {
                    is_stopping = true;
                    traced.close();
                }
            }
            if !is_stopping {
                tokio::time::sleep(WAIT).await;
            }
            while let Ok(more) = traced.try_recv() {
                together.push(more);
            }
            let mut spans = Vec::new();
            for traced in together {
                self.spans(traced, &mut spans);
            }
            if spans.is_empty() {
                continue;
            }
            let is_taken = self.send(&spans).await;
            if was_taken && !is_taken {
                tracing::warn!(
                    "the collector of traces takes nothing; they are lost until it does"
                );
            }
            was_taken = is_taken;
        }
    }

    fn spans(&self, traced: Traced, spans: &mut Vec<Span>) {
        match traced {
            Traced::Request(span) => spans.push(*span),
            Traced::Execution(header, program) => {
                let Some(runtime) = self.runtime.get() else {
                    return;
                };
                let key = Key::of(&header.execution_arn);
                // What cannot be read cannot be traced; whoever looks for the execution will hear of it.
                let Ok(events) = runtime.events(key, &header) else {
                    return;
                };
                let summary = runtime.execution(key).ok().flatten();
                let trace_header = summary.and_then(|(summary, _)| summary.trace_header);
                let trace_header = trace_header.as_deref();
                spans.extend(span::of_execution(&header, &program, &events, trace_header));
            }
        }
    }

    /// Whether the collector took the spans. They are not sent twice: a trace is worth less than memory without bound.
    async fn send(&self, spans: &[Span]) -> bool {
        let body = Bytes::from(span::request(spans).to_text());
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        let Ok(url) = self.url.parse() else {
            return false;
        };
        *request.uri_mut() = url;
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        let answer = self.client.send(request, TIMEOUT).await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }
}
