//! The lines that the platform writes around an invocation.
//!
//! Source: Lambda Developer Guide, "Understanding the log output of Lambda functions", and logs seen on AWS.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use passo_vocab::Timestamp;

use crate::invocation::{InvocationReport, RequestId};

/// How an invocation ended, as REPORT says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Success,
    Timeout,
    Error(&'static str),
}

pub(crate) fn start(request_id: &RequestId, version: &str) -> String {
    format!("START RequestId: {request_id} Version: {version}")
}

pub(crate) fn end(request_id: &RequestId) -> String {
    format!("END RequestId: {request_id}")
}

pub(crate) fn report(
    request_id: &RequestId,
    report: &InvocationReport,
    memory_megabytes: u32,
    status: Status,
) -> String {
    let mut line = format!(
        "REPORT RequestId: {request_id}\tDuration: {}\tBilled Duration: {} ms\tMemory Size: {memory_megabytes} MB\t\
         Max Memory Used: {} MB\t",
        milliseconds(report.duration),
        report.billed_milliseconds(),
        report.max_memory_used_megabytes,
    );
    if let Some(init) = report.init_duration {
        line += &format!("Init Duration: {}\t", milliseconds(init));
    }
    match status {
        Status::Success => {}
        Status::Timeout => line += "Status: timeout",
        Status::Error(error_type) => line += &format!("Status: error\tError Type: {error_type}"),
    }
    line
}

/// The line for a process that failed before it asked for its first event.
pub(crate) fn init_report(duration: Duration, error_type: &str) -> String {
    let duration = milliseconds(duration);
    format!(
        "INIT_REPORT Init Duration: {duration}\tPhase: init\tStatus: error\tError Type: {error_type}"
    )
}

/// `2023-01-02T03:04:05.678Z`.
pub(crate) fn time(at: SystemTime) -> String {
    let millis = at
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    let text = Timestamp::from_epoch_millis(i64::try_from(millis).unwrap_or(i64::MAX)).to_string();
    match text.strip_suffix('Z') {
        Some(whole) if !whole.contains('.') => format!("{whole}.000Z"),
        Some(_) | None => text,
    }
}

/// `2023/01/02/[$LATEST]0123456789abcdef0123456789abcdef`.
pub(crate) fn log_stream(at: SystemTime, version: &str, unique: &str) -> String {
    let time = time(at);
    let date = time.split('T').next().unwrap_or_default().replace('-', "/");
    format!("{date}/[{version}]{unique}")
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_aws() {
        let id = RequestId::parse("id-1").unwrap();
        let mut figures = InvocationReport {
            duration: Duration::from_micros(1234),
            init_duration: None,
            max_memory_used_megabytes: 30,
        };
        assert_eq!(
            start(&id, "$LATEST"),
            "START RequestId: id-1 Version: $LATEST"
        );
        let got = report(&id, &figures, 128, Status::Success);
        let expect = "REPORT RequestId: id-1\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\t\
                      Max Memory Used: 30 MB\t";
        assert_eq!(got, expect);
        figures.init_duration = Some(Duration::from_millis(100));
        let got = report(&id, &figures, 128, Status::Timeout);
        assert!(
            got.ends_with("Max Memory Used: 30 MB\tInit Duration: 100.00 ms\tStatus: timeout"),
            "{got}"
        );
        let got = report(&id, &figures, 128, Status::Error("Runtime.ExitError"));
        assert!(
            got.ends_with("Status: error\tError Type: Runtime.ExitError"),
            "{got}"
        );
    }

    #[test]
    fn times_have_three_digits_of_milliseconds() {
        assert_eq!(time(UNIX_EPOCH), "1970-01-01T00:00:00.000Z");
        assert_eq!(
            time(UNIX_EPOCH + Duration::from_millis(1)),
            "1970-01-01T00:00:00.001Z"
        );
        assert_eq!(
            log_stream(UNIX_EPOCH, "$LATEST", "ab"),
            "1970/01/01/[$LATEST]ab"
        );
    }
}
