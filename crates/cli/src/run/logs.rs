//! What functions print, on its way to the screen.

use std::sync::Arc;
use std::time::SystemTime;

use passo_lambda::{LogSink, LogSource, LogStream};
use tokio::sync::mpsc;

/// Lines that may wait for the screen; more are dropped rather than kept without bound.
const LINES_WAITING_MAX: usize = 10_000;

/// A line of a function's log.
pub struct LogLine {
    /// The function's name.
    pub function: Arc<str>,
    /// The line.
    pub line: String,
}

/// Passes lines on.
struct Sender {
    lines: Option<mpsc::Sender<LogLine>>,
}

/// A sink and where its lines come out. Nothing comes out unless logs are `wanted`.
pub fn log_lines(wanted: bool) -> (Arc<dyn LogSink>, mpsc::Receiver<LogLine>) {
    let (sender, receiver) = mpsc::channel(LINES_WAITING_MAX);
    let lines = wanted.then_some(sender);
    (Arc::new(Sender { lines }), receiver)
}

impl LogSink for Sender {
    fn write(&self, source: &LogSource, stream: LogStream, line: &str, _at: SystemTime) {
        let Some(lines) = &self.lines else {
            return;
        };
        if stream == LogStream::Platform && is_routine(line) {
            return;
        }
        let _ = lines.try_send(LogLine {
            function: Arc::clone(&source.function_name),
            line: line.to_owned(),
        });
    }
}

/// Lines that the platform writes for every invocation.
fn is_routine(line: &str) -> bool {
    ["INIT_START ", "START ", "END ", "REPORT "]
        .iter()
        .any(|word| line.starts_with(word))
}
