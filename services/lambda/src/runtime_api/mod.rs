//! The Lambda Runtime API over loopback HTTP: one listener for each process, on a port of the system's choice.
//!
//! Knows the protocol and nothing of processes or pools: calls become [`ApiCall`] values for whoever owns the
//! process. A listener of its own keeps one sandbox from taking another's events, and `AWS_LAMBDA_RUNTIME_API` can
//! be plain `host:port`, which is all that some runtimes understand.
//!
//! Source: Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes"; error bodies as AWS's
//! runtime interface emulator documents them.

mod routes;
mod upload;

use std::io;
use std::net::Ipv4Addr;

use bytes::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};

/// Connections of one process that are served at the same time.
const CONNECTIONS_MAX: usize = 32;
/// Calls that wait for the owner.
const CALLS_MAX: usize = 16;

/// The way back to a process that waits for an event.
pub(crate) type NextCall = oneshot::Sender<Result<Event, Verdict>>;

/// A call that a process made.
#[derive(Debug)]
pub(crate) enum ApiCall {
    /// `GET …/invocation/next`; answered when there is an event.
    Next(NextCall),
    /// `POST …/invocation/{id}/response`.
    Response {
        id: String,
        body: Upload,
        verdict: oneshot::Sender<Verdict>,
    },
    /// `POST …/invocation/{id}/error`.
    Error {
        id: String,
        body: Upload,
        verdict: oneshot::Sender<Verdict>,
    },
    /// `POST …/init/error`. `error_type` is the header's.
    InitError {
        body: Upload,
        error_type: Option<String>,
        verdict: oneshot::Sender<Verdict>,
    },
}

/// What `next` answers.
#[derive(Debug)]
pub(crate) struct Event {
    pub request_id: String,
    pub deadline_epoch_millis: u64,
    pub invoked_function_arn: String,
    pub trace_id: String,
    pub client_context: Option<String>,
    pub payload: Bytes,
}

/// The body of a POST.
#[derive(Debug)]
pub(crate) enum Upload {
    Whole(Bytes),
    /// Over AWS's limit; the bytes are gone.
    TooLarge,
}

/// How a POST is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Accepted,
    /// The id is not that of the running invocation.
    UnknownRequest,
    /// The call does not fit the process's state; both are named as AWS names them.
    WrongState {
        from: &'static str,
        to: &'static str,
    },
    TooLarge,
}

/// A listener with its tasks. Dropping it closes all connections.
#[derive(Debug)]
pub(crate) struct RuntimeApi {
    address: String,
    calls: mpsc::Receiver<ApiCall>,
    listener: AbortHandle,
}

impl RuntimeApi {
    /// Opens a port on the loopback interface and serves it.
    pub(crate) async fn open() -> io::Result<RuntimeApi> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?.to_string();
        let (to_owner, calls) = mpsc::channel(CALLS_MAX);
        let task = tokio::spawn(accept(listener, to_owner));
        Ok(RuntimeApi {
            address,
            calls,
            listener: task.abort_handle(),
        })
    }

    /// `host:port`, the value of `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The next call. Cancel-safe. Never `None` while the listener lives.
    pub(crate) async fn next_call(&mut self) -> Option<ApiCall> {
        self.calls.recv().await
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// Serves connections until it is aborted, which closes them all.
async fn accept(listener: TcpListener, calls: mpsc::Sender<ApiCall>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < CONNECTIONS_MAX => {
                let Ok((stream, _)) = accepted else {
                    // The system is out of descriptors for the moment; others will be freed.
                    tokio::task::yield_now().await;
                    continue;
                };
                // Without it every answer could wait for the peer's delayed acknowledgement.
                let _ = stream.set_nodelay(true);
                let calls = calls.clone();
                connections.spawn(async move {
                    let service = service_fn(move |request| routes::answer(request, calls.clone()));
                    // A connection that breaks concerns only the process at its other end.
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}
