//! What functions print, on its way to CloudWatch Logs.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use passo_lambda::{LogSink, LogSource, LogStream};
use passo_logs::{LogEvent, Logs, Place};
use passo_runtime::Clock;
use passo_vocab::{Arn, Timestamp};

/// Writes lines to the log group of their function.
pub(crate) struct LogLines {
    pub(crate) logs: Arc<Logs>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl LogLines {
    /// The machine's time of a line; with a virtual clock its own, so that logs stand beside the executions' histories.
    fn time(&self, at: SystemTime) -> Timestamp {
        if self.clock.is_virtual() {
            return self.clock.now();
        }
        let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_epoch_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

impl LogSink for LogLines {
    fn write(&self, source: &LogSource, _: LogStream, line: &str, at: SystemTime) {
        let Ok(arn) = Arn::parse(&source.function_arn) else {
            return;
        };
        let place = Place {
            account: arn.account().to_owned(),
            region: arn.region().to_owned(),
            group: source.log_group.to_string(),
        };
        // AWS's lines end so, and events cannot be empty.
        let event = LogEvent {
            at: self.time(at),
            message: format!("{line}\n"),
        };
        // A line that cannot be kept must not end the function that printed it.
        let _ = self.logs.write(&place, &source.log_stream, vec![event]);
    }
}
