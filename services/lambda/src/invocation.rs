//! What goes into an invocation and what comes out of it.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use tokio::time::Instant;

use crate::entropy;

/// Largest payload of a synchronous invocation. Source: Lambda Developer Guide, "Lambda quotas" (6 MB).
pub(crate) const REQUEST_BYTES_MAX: usize = 6_291_456;
/// Largest response; AWS allows 100 bytes more than for a request (observed in AWS's error text).
pub(crate) const RESPONSE_BYTES_MAX: usize = 6_291_556;
/// Most bytes of log that an answer carries. Source: Lambda API Reference, `Invoke`, `X-Amz-Log-Result`.
pub(crate) const LOG_TAIL_BYTES: usize = 4096;
/// Largest client context. Source: Lambda API Reference, `Invoke`: 3,583 bytes of base64.
pub(crate) const CLIENT_CONTEXT_BYTES_MAX: usize = 3583 / 4 * 3;

/// How one invocation differs from the plain one.
#[derive(Clone, Debug, Default)]
pub struct InvokeOptions {
    /// The id that the function sees as `aws_request_id`; a random one if there is none.
    pub request_id: Option<RequestId>,
    /// The client context as JSON text (AWS's callers send it in base64), at most 2,685 bytes.
    pub client_context: Option<String>,
    /// When the caller stops waiting. The function is not told and goes on until its own timeout.
    pub deadline: Option<Instant>,
    /// Whether the outcome carries the end of the log.
    pub log_type: LogType,
    /// The X-Ray trace header for the function; a random unsampled one if there is none.
    pub trace_id: Option<String>,
    /// Version or alias the caller named; it shows in the context object's `invoked_function_arn`.
    pub qualifier: Option<String>,
}

/// Whether an outcome carries the last 4 KB of the invocation's log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogType {
    /// It does not.
    #[default]
    None,
    /// It does.
    Tail,
}

/// The id of one invocation: 1 to 128 visible ASCII characters without `/`; AWS uses UUIDs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(String);

/// What a function answered, or how it failed. Always HTTP status 200 on AWS.
///
/// Source: Lambda API Reference, `Invoke`, Response Elements.
#[derive(Clone, Debug)]
pub struct InvokeOutcome {
    /// The id that the function saw.
    pub request_id: RequestId,
    /// 200, as for every synchronous invocation that was performed.
    pub status: u16,
    /// The function's result, byte for byte, or the error document when `function_error` is there.
    pub payload: Bytes,
    /// Present when the function failed.
    pub function_error: Option<FunctionError>,
    /// The version that ran.
    pub executed_version: String,
    /// The last 4 KB of the invocation's log, when asked for.
    pub log_tail: Option<Bytes>,
    /// What the REPORT line says.
    pub report: InvocationReport,
}

/// The value of `X-Amz-Function-Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionError {
    /// Reported by runtimes of the past only; no function run here gives it.
    Handled,
    /// The function raised, exited, timed out or answered too much.
    Unhandled,
}

/// Figures of one invocation, as in its REPORT log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InvocationReport {
    /// From handing over the event to the end of the function.
    pub duration: Duration,
    /// Start of the process and the function's imports; only for the first invocation of a process.
    pub init_duration: Option<Duration>,
    /// Largest resident size seen, in MB.
    pub max_memory_used_megabytes: u32,
}

impl RequestId {
    /// Takes a caller's id; `None` when it is empty, over 128 bytes, or has a `/` or anything but visible ASCII.
    pub fn parse(text: &str) -> Option<RequestId> {
        let visible = text.bytes().all(|b| b.is_ascii_graphic() && b != b'/');
        ((1..=128).contains(&text.len()) && visible).then(|| RequestId(text.to_owned()))
    }

    /// A new UUID.
    pub fn random() -> RequestId {
        RequestId(entropy::random_uuid())
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl InvokeOutcome {
    /// `LogResult` as the API sends it: the log's tail in base64.
    pub fn log_result(&self) -> Option<String> {
        self.log_tail.as_ref().map(|tail| STANDARD.encode(tail))
    }
}

impl FunctionError {
    /// AWS's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            FunctionError::Handled => "Handled",
            FunctionError::Unhandled => "Unhandled",
        }
    }
}

impl InvocationReport {
    /// Whole milliseconds that AWS would bill, rounded up; since August 2025 they include the init duration.
    pub fn billed_milliseconds(&self) -> u128 {
        let billed = self
            .duration
            .saturating_add(self.init_duration.unwrap_or_default());
        billed.as_micros().div_ceil(1000)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_fit_a_path_and_a_header() {
        assert!(RequestId::parse("8f507cfc-xmpl-4697-b07a-ac58fc914c95").is_some());
        for text in ["", "a b", "a/b", "a\r\nb", "é", &"x".repeat(129)] {
            assert!(RequestId::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn billing_rounds_up_and_includes_the_init_duration() {
        let mut report = InvocationReport {
            duration: Duration::from_micros(1001),
            ..Default::default()
        };
        assert_eq!(report.billed_milliseconds(), 2);
        report.init_duration = Some(Duration::from_millis(10));
        assert_eq!(report.billed_milliseconds(), 12);
    }
}
