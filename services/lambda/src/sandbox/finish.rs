//! The end of an invocation: its log lines and its outcome.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use tokio::time::Instant;

use super::{Job, Reply};
use crate::fault::Fault;
use crate::function::Function;
use crate::invocation::{FunctionError, InvocationReport, InvokeOutcome, LogType};
use crate::logs::journal::Journal;
use crate::logs::report::{self, Status};

/// What an invocation came to.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The function's result.
    Result(Bytes),
    /// The error document that the runtime sent.
    Error(Bytes),
    /// The error document of a runtime that could not load the function; the type is for the log.
    InitError { document: Bytes, error_type: String },
    /// The process ended or answered too much.
    Fault(Fault),
    /// The function's time was over and its processes were killed.
    TimedOut(Fault),
    /// The function's memory was exhausted and its processes were killed.
    OutOfMemory(Fault),
}

/// An invocation whose end is known.
#[derive(Debug)]
pub(crate) struct Finish {
    pub job: Job,
    pub answer: Answer,
    /// When the event was handed over; `None` when the process never asked for it.
    pub begun: Option<Instant>,
    pub ended: Instant,
    /// Loading the function, when this was the process's first invocation.
    pub init_duration: Option<Duration>,
    pub memory_peak_kilobytes: u64,
}

impl Finish {
    /// Writes the platform's last lines and answers the caller, who may be gone.
    pub(crate) fn complete(self, function: &Function, journal: &mut Journal) {
        let request_id = &self.job.request_id;
        if self.begun.is_none() {
            self.log_failed_init(function, journal);
        }
        self.log_fault(journal);
        let never_ran = self.begun.is_none();
        let report = InvocationReport {
            duration: self
                .begun
                .map(|begun| self.ended - begun)
                .unwrap_or_default(),
            init_duration: self.init_duration.filter(|_| !never_ran),
            max_memory_used_megabytes: self.memory_megabytes(function),
        };
        journal.platform(&report::end(request_id));
        let line = report::report(
            request_id,
            &report,
            function.memory_megabytes(),
            self.status(),
        );
        journal.platform(&line);
        let tail = match self.job.log_type {
            LogType::None => None,
            LogType::Tail => Some(journal.tail()),
        };
        let (payload, function_error) = match self.answer {
            Answer::Result(payload) => (payload, None),
            Answer::Error(document) | Answer::InitError { document, .. } => {
                (document, Some(FunctionError::Unhandled))
            }
            Answer::Fault(fault) | Answer::TimedOut(fault) | Answer::OutOfMemory(fault) => {
                (fault.document(request_id), Some(FunctionError::Unhandled))
            }
        };
        let outcome = InvokeOutcome {
            request_id: request_id.clone(),
            status: 200,
            payload,
            function_error,
            executed_version: function.version().to_owned(),
            log_tail: tail,
            report,
        };
        let Job { reply, place, .. } = self.job;
        drop(place);
        // The caller may have stopped waiting; the function did its work all the same.
        let _ = reply.send(Reply::Done(Box::new(outcome)));
    }

    /// A process that failed before its first event: AWS writes INIT_REPORT, then an invocation without content.
    fn log_failed_init(&self, function: &Function, journal: &mut Journal) {
        let error_type = match &self.answer {
            Answer::InitError { error_type, .. } => error_type.as_str(),
            Answer::Fault(fault) | Answer::TimedOut(fault) | Answer::OutOfMemory(fault) => {
                fault.error_type
            }
            Answer::Result(_) | Answer::Error(_) => "Runtime.Unknown",
        };
        let duration = self.init_duration.unwrap_or_default();
        journal.platform(&report::init_report(duration, error_type));
        journal.begin();
        journal.platform(&report::start(&self.job.request_id, function.version()));
    }

    fn log_fault(&self, journal: &mut Journal) {
        let request_id = &self.job.request_id;
        match &self.answer {
            Answer::TimedOut(fault) => {
                let time = report::time(SystemTime::now());
                journal.platform(&format!("{time} {request_id} {}", fault.message()));
                journal.platform("");
            }
            Answer::Fault(fault) | Answer::OutOfMemory(fault) => {
                journal.platform(&format!(
                    "RequestId: {request_id} Error: {}",
                    fault.message()
                ));
                journal.platform(fault.error_type);
            }
            Answer::Result(_) | Answer::Error(_) | Answer::InitError { .. } => {}
        }
    }

    fn status(&self) -> Status {
        match &self.answer {
            Answer::Result(_) | Answer::Error(_) | Answer::InitError { .. } => Status::Success,
            Answer::TimedOut(_) => Status::Timeout,
            Answer::Fault(fault) => Status::Error(fault.error_type),
            Answer::OutOfMemory(_) => Status::Error("Runtime.OutOfMemory"),
        }
    }

    /// AWS never reports more than the function has.
    fn memory_megabytes(&self, function: &Function) -> u32 {
        let limit = function.memory_megabytes();
        match self.answer {
            Answer::OutOfMemory(_) => limit,
            Answer::Result(_)
            | Answer::Error(_)
            | Answer::InitError { .. }
            | Answer::Fault(_)
            | Answer::TimedOut(_) => {
                let used = self.memory_peak_kilobytes.div_ceil(1024);
                u32::try_from(used).unwrap_or(limit).min(limit)
            }
        }
    }
}
