//! Names of workflow errors, predefined (`States.…`) or the user's own.
//!
//! Knows nothing about which error may be caught; that is the engine's.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The name of a workflow error, matched by exact text in Retry and Catch. Cheap to clone.
///
/// Source: Step Functions Developer Guide, "Handling errors in workflows".
#[derive(Clone)]
pub struct ErrorName {
    text: Text,
}

#[derive(Clone)]
enum Text {
    Predefined(&'static str),
    Given(Arc<str>),
}

impl ErrorName {
    /// Matches any error, except `States.DataLimitExceeded` and `States.Runtime`.
    pub const ALL: ErrorName = ErrorName::predefined("States.ALL");
    /// A branch of a Parallel state failed.
    pub const BRANCH_FAILED: ErrorName = ErrorName::predefined("States.BranchFailed");
    /// A payload is larger than 256 KiB.
    pub const DATA_LIMIT_EXCEEDED: ErrorName = ErrorName::predefined("States.DataLimitExceeded");
    /// A Map Run failed more items than it tolerates.
    pub const EXCEED_TOLERATED_FAILURE_THRESHOLD: ErrorName =
        ErrorName::predefined("States.ExceedToleratedFailureThreshold");
    /// A task missed its heartbeat.
    pub const HEARTBEAT_TIMEOUT: ErrorName = ErrorName::predefined("States.HeartbeatTimeout");
    /// An HTTP Task took longer than 60 seconds.
    pub const HTTP_SOCKET: ErrorName = ErrorName::predefined("States.Http.Socket");
    /// An intrinsic function could not be evaluated.
    pub const INTRINSIC_FAILURE: ErrorName = ErrorName::predefined("States.IntrinsicFailure");
    /// The data set of a Distributed Map could not be read.
    pub const ITEM_READER_FAILED: ErrorName = ErrorName::predefined("States.ItemReaderFailed");
    /// No rule of a Choice state matched and it has no `Default`.
    pub const NO_CHOICE_MATCHED: ErrorName = ErrorName::predefined("States.NoChoiceMatched");
    /// A path in a payload template found nothing (language specification).
    pub const PARAMETER_PATH_FAILURE: ErrorName =
        ErrorName::predefined("States.ParameterPathFailure");
    /// The role lacks the rights for a task.
    pub const PERMISSIONS: ErrorName = ErrorName::predefined("States.Permissions");
    /// A JSONata expression failed or its result is not allowed where it stands.
    pub const QUERY_EVALUATION_ERROR: ErrorName =
        ErrorName::predefined("States.QueryEvaluationError");
    /// `ResultPath` cannot be applied to the input (language specification).
    pub const RESULT_PATH_MATCH_FAILURE: ErrorName =
        ErrorName::predefined("States.ResultPathMatchFailure");
    /// The results of a Distributed Map could not be written.
    pub const RESULT_WRITER_FAILED: ErrorName = ErrorName::predefined("States.ResultWriterFailed");
    /// The interpreter could not go on, for example with a path that finds nothing.
    pub const RUNTIME: ErrorName = ErrorName::predefined("States.Runtime");
    /// A task failed; as a matcher it covers everything except `States.Timeout`.
    pub const TASK_FAILED: ErrorName = ErrorName::predefined("States.TaskFailed");
    /// A task or the execution took too long, or a heartbeat was missed.
    pub const TIMEOUT: ErrorName = ErrorName::predefined("States.Timeout");

    /// A name as the user, a task or a service gives it; any text is legal.
    pub fn new(text: impl Into<Arc<str>>) -> ErrorName {
        ErrorName {
            text: Text::Given(text.into()),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        match &self.text {
            Text::Predefined(text) => text,
            Text::Given(text) => text,
        }
    }

    const fn predefined(text: &'static str) -> ErrorName {
        ErrorName {
            text: Text::Predefined(text),
        }
    }
}

impl PartialEq for ErrorName {
    fn eq(&self, other: &ErrorName) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for ErrorName {}

impl Hash for ErrorName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Display for ErrorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ErrorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ErrorName({})", self.as_str())
    }
}

impl From<&str> for ErrorName {
    fn from(text: &str) -> ErrorName {
        ErrorName::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_by_text() {
        assert_eq!(ErrorName::TIMEOUT, ErrorName::new("States.Timeout"));
        assert_ne!(ErrorName::TIMEOUT, ErrorName::RUNTIME);
        assert_eq!(ErrorName::from("Mine").to_string(), "Mine");
    }
}
