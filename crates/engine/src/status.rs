//! Whether an execution runs, and how it ended.

use passo_json::Payload;
use passo_vocab::Failure;

/// The status of an execution.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Status {
    /// `RUNNING`
    #[default]
    Running,
    /// `SUCCEEDED`
    Succeeded {
        /// The output.
        output: Payload,
    },
    /// `FAILED`
    Failed {
        /// Error and cause.
        failure: Failure,
    },
    /// `TIMED_OUT`
    TimedOut {
        /// Error and cause.
        failure: Failure,
    },
    /// `ABORTED`
    Aborted {
        /// What the caller gave.
        failure: Failure,
    },
}

impl Status {
    /// As the API names it: `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`.
    pub fn name(&self) -> &'static str {
        match self {
            Status::Running => "RUNNING",
            Status::Succeeded { .. } => "SUCCEEDED",
            Status::Failed { .. } => "FAILED",
            Status::TimedOut { .. } => "TIMED_OUT",
            Status::Aborted { .. } => "ABORTED",
        }
    }

    /// Whether the execution is still under way.
    pub fn is_running(&self) -> bool {
        matches!(self, Status::Running)
    }
}
