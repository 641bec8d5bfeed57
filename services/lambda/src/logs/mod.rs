//! What functions print, as lines, on its way to a sink that may be slow.
//!
//! Nothing here waits: a process's output becomes lines ([`lines`]), the lines go into a bounded queue
//! ([`queue`]) that one thread empties into the [`LogSink`]. Entry point: [`journal::Journal`], one per process.

pub(crate) mod journal;
mod lines;
pub(crate) mod queue;
pub(crate) mod report;

use std::sync::Arc;
use std::time::SystemTime;

/// Where log lines go: CloudWatch Logs, a terminal, a test.
pub trait LogSink: Send + Sync + 'static {
    /// Takes one line, without its line end. Lines of one log stream come in order.
    ///
    /// `line` is at most 256 KiB as the function wrote it: longer ones come in pieces. Bytes that are not UTF-8
    /// become U+FFFD (three bytes each). Called from one thread only; when a call takes long, lines are dropped (and their number told in a
    /// [`LogStream::Platform`] line) rather than kept without bound.
    fn write(&self, source: &LogSource, stream: LogStream, line: &str, at: SystemTime);
}

/// Which function and which of its processes wrote a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSource {
    /// The function's ARN, without a qualifier.
    pub function_arn: Arc<str>,
    /// The function's bare name.
    pub function_name: Arc<str>,
    /// `/aws/lambda/<name>` unless configured.
    pub log_group: Arc<str>,
    /// `<date>/[<version>]<32 digits>`, one for each process.
    pub log_stream: Arc<str>,
}

/// Who wrote a line. On AWS all three end up in the same log stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogStream {
    /// The function's standard output.
    Stdout,
    /// The function's standard error.
    Stderr,
    /// The platform: START, END, REPORT, timeouts.
    Platform,
}
