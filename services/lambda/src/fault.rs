//! Error documents that the platform itself writes, in AWS's words.
//!
//! Source: documents seen on AWS in `Invoke` answers and Step Functions causes; `errorType` comes first.

use std::process::ExitStatus;
use std::time::Duration;

use bytes::Bytes;
use passo_json::Json;

use crate::invocation::{RESPONSE_BYTES_MAX, RequestId};

/// A failure of the sandbox rather than of the function's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub error_type: &'static str,
    /// What follows `Error: ` or stands alone.
    message: String,
    /// Whether AWS puts `RequestId: … Error: ` before the message.
    names_request: bool,
}

impl Fault {
    pub(crate) fn timed_out(timeout: Duration) -> Fault {
        let message = format!("Task timed out after {:.2} seconds", timeout.as_secs_f64());
        Fault {
            error_type: "Sandbox.Timedout",
            message,
            names_request: true,
        }
    }

    pub(crate) fn exited(status: Option<ExitStatus>) -> Fault {
        let message = exit_text(status);
        Fault {
            error_type: "Runtime.ExitError",
            message,
            names_request: true,
        }
    }

    pub(crate) fn killed() -> Fault {
        let message = "Runtime exited with error: signal: killed".to_owned();
        Fault {
            error_type: "Runtime.ExitError",
            message,
            names_request: true,
        }
    }

    pub(crate) fn response_too_large() -> Fault {
        let message = format!(
            "Response payload size exceeded maximum allowed payload size ({RESPONSE_BYTES_MAX} bytes)."
        );
        Fault {
            error_type: "Function.ResponseSizeTooLarge",
            message,
            names_request: false,
        }
    }

    pub(crate) fn no_bootstrap() -> Fault {
        let message =
            "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]".to_owned();
        Fault {
            error_type: "Runtime.InvalidEntrypoint",
            message,
            names_request: true,
        }
    }

    pub(crate) fn bootstrap_not_executable(reason: &str) -> Fault {
        let message = format!("fork/exec /var/task/bootstrap: {reason}");
        Fault {
            error_type: "Runtime.InvalidEntrypoint",
            message,
            names_request: true,
        }
    }

    /// The text after `<time> <request id> ` or `RequestId: <id> Error: `.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The document that the caller gets.
    pub(crate) fn document(&self, request_id: &RequestId) -> Bytes {
        let message = if self.names_request {
            format!("RequestId: {request_id} Error: {}", self.message)
        } else {
            self.message.clone()
        };
        Bytes::from(document(self.error_type, &message))
    }
}

/// `{"errorType":…,"errorMessage":…}`.
fn document(error_type: &str, message: &str) -> String {
    let quoted = |text: &str| Json::from(text).to_text();
    format!(
        "{{\"errorType\":{},\"errorMessage\":{}}}",
        quoted(error_type),
        quoted(message)
    )
}

fn exit_text(status: Option<ExitStatus>) -> String {
    let Some(status) = status else {
        return "Runtime exited without providing a reason".to_owned();
    };
    match status.code() {
        Some(0) => "Runtime exited without providing a reason".to_owned(),
        Some(code) => format!("Runtime exited with error: exit status {code}"),
        None => format!("Runtime exited with error: signal: {}", signal_text(status)),
    }
}

/// Signal names as the Go runtime, and so AWS, writes them.
fn signal_text(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    let name = match status.signal() {
        Some(1) => "hangup",
        Some(2) => "interrupt",
        Some(3) => "quit",
        Some(4) => "illegal instruction",
        Some(5) => "trace/breakpoint trap",
        Some(6) => "aborted",
        Some(7) => "bus error",
        Some(8) => "floating point exception",
        Some(9) => "killed",
        Some(10) => "user defined signal 1",
        Some(11) => "segmentation fault",
        Some(12) => "user defined signal 2",
        Some(13) => "broken pipe",
        Some(14) => "alarm clock",
        Some(15) => "terminated",
        Some(number) => return format!("signal {number}"),
        None => "unknown",
    };
    let dumped = if status.core_dumped() {
        " (core dumped)"
    } else {
        ""
    };
    format!("{name}{dumped}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    fn check(fault: &Fault, expect: &str) {
        let request_id = RequestId::parse("id-1").unwrap();
        assert_eq!(fault.document(&request_id), expect.as_bytes());
    }

    #[test]
    fn documents_are_worded_as_on_aws() {
        check(
            &Fault::timed_out(Duration::from_secs(3)),
            r#"{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: id-1 Error: Task timed out after 3.00 seconds"}"#,
        );
        let exit = |raw: i32| Fault::exited(Some(ExitStatus::from_raw(raw)));
        check(
            &exit(1 << 8),
            r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: id-1 Error: Runtime exited with error: exit status 1"}"#,
        );
        check(
            &exit(9),
            r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: id-1 Error: Runtime exited with error: signal: killed"}"#,
        );
        check(
            &exit(0),
            r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: id-1 Error: Runtime exited without providing a reason"}"#,
        );
        check(
            &Fault::response_too_large(),
            r#"{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}"#,
        );
    }
}
