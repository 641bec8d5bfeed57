//! What running one state gives.

use passo_asl::program::{StateId, TaskResource};
use passo_expr::Variables;
use passo_json::Payload;
use passo_vocab::{Failure, Timestamp};

use crate::flow::Inspection;

/// How far a state came.
#[derive(Clone, Debug)]
pub enum Step {
    /// It is over.
    Done(Box<Tested>),
    /// A Task state waits for this; run it again with what became of it.
    Task(Box<SingleTask>),
}

/// What a Task state asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct SingleTask {
    /// What to call.
    pub resource: TaskResource,
    /// What the task gets.
    pub parameters: Payload,
    /// `Credentials`: `{"RoleArn": …}`.
    pub credentials: Option<Payload>,
    /// `TimeoutSeconds`.
    pub timeout_seconds: Option<u64>,
}

/// What became of a state's work: of a task, or of what a Parallel or Map state runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// It has this result.
    Succeeded(Payload),
    /// It failed.
    Failed(Failure),
}

/// How a state ended.
///
/// Source: AWS Step Functions API Reference, `TestState`, `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestStatus {
    /// `SUCCEEDED`
    Succeeded,
    /// `FAILED`
    Failed,
    /// `RETRIABLE`: an entry of `Retry` takes the failure.
    Retriable,
    /// `CAUGHT_ERROR`: an entry of `Catch` takes the failure.
    CaughtError,
}

impl TestStatus {
    /// As the API spells it.
    pub fn name(self) -> &'static str {
        match self {
            TestStatus::Succeeded => "SUCCEEDED",
            TestStatus::Failed => "FAILED",
            TestStatus::Retriable => "RETRIABLE",
            TestStatus::CaughtError => "CAUGHT_ERROR",
        }
    }
}

/// A state that is over.
#[derive(Clone, Debug)]
pub struct Tested {
    /// How it ended.
    pub status: TestStatus,
    /// Its output, where it was left.
    pub output: Option<Payload>,
    /// The state that follows, if any.
    pub next: Option<StateId>,
    /// Its failure, handled or not.
    pub failure: Option<Failure>,
    /// What takes the failure.
    pub handled: Option<Handled>,
    /// The variables after it.
    pub variables: Variables,
    /// The values between its steps.
    pub inspection: Inspection,
    /// When a Wait state would have gone on.
    pub waits_until: Option<Timestamp>,
}

/// What takes a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handled {
    /// An entry of `Retry`.
    Retry {
        /// Its place.
        index: usize,
        /// Whole seconds until the retry.
        backoff_seconds: u64,
    },
    /// An entry of `Catch`.
    Catch {
        /// Its place.
        index: usize,
    },
}
