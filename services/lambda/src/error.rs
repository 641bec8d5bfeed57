//! Why an invocation has no outcome: the caller erred, the machine cannot run the function, or Passo failed.
//! What goes wrong inside a function is not here; that is [`InvokeOutcome`](crate::InvokeOutcome).

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::invocation::REQUEST_BYTES_MAX;

/// An invocation that was not performed, or whose end nobody waited for.
///
/// Source of codes, statuses and texts: Lambda API Reference, `Invoke`, Errors; `RequestTooLarge` and
/// `TooManyRequests` as seen on AWS.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvokeError {
    /// The payload is over 6,291,456 bytes.
    #[error(
        "{bytes} byte payload is too large for the RequestResponse invocation type (limit {REQUEST_BYTES_MAX} bytes)"
    )]
    RequestTooLarge {
        /// Size of the payload.
        bytes: usize,
    },
    /// The payload is not JSON, or the client context cannot be sent.
    #[error("Could not parse request body into json: {message}")]
    InvalidRequestContent {
        /// What is wrong.
        message: String,
    },
    /// Concurrency and queue are exhausted.
    #[error("Rate Exceeded.")]
    TooManyRequests,
    /// The caller's own deadline passed. The function goes on until its timeout.
    #[error("the caller's deadline passed before the function ended")]
    DeadlinePassed,
    /// The function's code directory cannot be read.
    #[error("code directory `{}` cannot be read: {source}", path.display())]
    Code {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: Arc<io::Error>,
    },
    /// No program on this machine runs the function's runtime.
    #[error("no interpreter for runtime `{runtime}`: looked for {looked_for}")]
    InterpreterMissing {
        /// The runtime's identifier.
        runtime: String,
        /// The programs tried, each with what it answered, and the search path.
        looked_for: String,
    },
    /// The process, its files or its port could not be made.
    #[error("failed to start `{what}`: {source}")]
    Start {
        /// What could not be started.
        what: String,
        /// Why.
        source: Arc<io::Error>,
    },
    /// [`Functions::shutdown`](crate::Functions::shutdown) was called.
    #[error("the functions of this server are shut down")]
    ShutDown,
}

impl InvokeError {
    /// AWS's error code, for example `TooManyRequestsException`. What AWS has no name for is a
    /// `ServiceException`.
    pub fn aws_code(&self) -> &'static str {
        match self {
            InvokeError::RequestTooLarge { .. } => "RequestTooLargeException",
            InvokeError::InvalidRequestContent { .. } => "InvalidRequestContentException",
            InvokeError::TooManyRequests => "TooManyRequestsException",
            InvokeError::DeadlinePassed
            | InvokeError::Code { .. }
            | InvokeError::InterpreterMissing { .. }
            | InvokeError::Start { .. }
            | InvokeError::ShutDown => "ServiceException",
        }
    }

    /// AWS's HTTP status for [`InvokeError::aws_code`].
    pub fn http_status(&self) -> u16 {
        match self {
            InvokeError::RequestTooLarge { .. } => 413,
            InvokeError::InvalidRequestContent { .. } => 400,
            InvokeError::TooManyRequests => 429,
            InvokeError::DeadlinePassed
            | InvokeError::Code { .. }
            | InvokeError::InterpreterMissing { .. }
            | InvokeError::Start { .. }
            | InvokeError::ShutDown => 500,
        }
    }

    pub(crate) fn start(what: impl Into<String>, source: io::Error) -> InvokeError {
        InvokeError::Start {
            what: what.into(),
            source: Arc::new(source),
        }
    }
}
