//! One invocation on its way through a sandbox.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::invocation::{InvokeOutcome, LogType, RequestId};

/// What a sandbox needs to know of an invocation. Clones are cheap except for the reply.
#[derive(Debug)]
pub(crate) struct Job {
    pub request_id: RequestId,
    pub payload: Bytes,
    pub invoked_function_arn: String,
    pub trace_id: String,
    pub client_context: Option<String>,
    pub log_type: LogType,
    pub reply: oneshot::Sender<Reply>,
    /// The place among the function's concurrent invocations; free again when the last clone is dropped.
    pub place: Arc<OwnedSemaphorePermit>,
}

/// How a sandbox answers. A dropped sender means that the event never reached the process.
#[derive(Debug)]
pub(crate) enum Reply {
    Done(Box<InvokeOutcome>),
    /// The process took too long to load the function; AWS then starts another and counts its time as the
    /// function's.
    InitTimedOut,
}
