//! Retriers and catchers.

use passo_expr::Template;
use passo_vocab::ErrorName;

use super::{ResultPath, StateId};

/// One entry of `ErrorEquals`, kept as the name; the wildcards are told apart once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorMatcher {
    /// `States.ALL`: everything but `States.DataLimitExceeded` and `States.Runtime`.
    All,
    /// `States.TaskFailed`: what a task failed with, except `States.Timeout`.
    TaskFailed,
    /// Exactly this name.
    Name(ErrorName),
}

/// How a retry's delay is spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum JitterStrategy {
    /// The computed delay.
    #[default]
    None,
    /// Anything from nothing to the computed delay.
    Full,
}

/// One entry of `Retry`, with AWS's defaults filled in.
#[derive(Clone, Debug)]
pub struct Retrier {
    /// `ErrorEquals`, never empty.
    pub error_equals: Vec<ErrorMatcher>,
    /// `IntervalSeconds`, 1 by default.
    pub interval_seconds: u64,
    /// `MaxAttempts`, 3 by default; 0 means never.
    pub max_attempts: u64,
    /// `BackoffRate`, 2.0 by default, at least 1.0.
    pub backoff_rate: f64,
    /// `MaxDelaySeconds`.
    pub max_delay_seconds: Option<u64>,
    /// `JitterStrategy`.
    pub jitter_strategy: JitterStrategy,
}

/// One entry of `Catch`.
#[derive(Clone, Debug)]
pub struct Catcher {
    /// `ErrorEquals`, never empty.
    pub error_equals: Vec<ErrorMatcher>,
    /// `Next`.
    pub next: StateId,
    /// `ResultPath` (JSONPath); by default the error output replaces the input.
    pub result_path: ResultPath,
    /// `Output` (JSONata); by default the error output.
    pub output: Option<Template>,
    /// `Assign`.
    pub assign: Option<Template>,
}
