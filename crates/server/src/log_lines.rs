//! What functions print, until somebody keeps it.

use std::time::SystemTime;

use passo_lambda::{LogSink, LogSource, LogStream};

/// Drops every line.
pub(crate) struct NoLog;

impl LogSink for NoLog {
    fn write(&self, _: &LogSource, _: LogStream, _: &str, _: SystemTime) {}
}
