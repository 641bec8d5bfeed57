//! Whether an execution can go on from where it failed, in AWS's words.

use passo_engine::WorkflowType;
use passo_runtime::{ExecutionStatus, Summary};
use passo_vocab::Timestamp;

use crate::quotas::{EXECUTION_MILLIS_MAX, REDRIVABLE_EVENTS_MAX, REDRIVABLE_MILLIS_MAX};

/// `redriveStatus`, with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Redrive {
    /// It can.
    Redrivable,
    /// Its Map run can redrive it.
    ByMapRun,
    /// It cannot, for this reason.
    Not(&'static str),
}

impl Redrive {
    /// As the API spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Redrive::Redrivable => "REDRIVABLE",
            Redrive::ByMapRun => "REDRIVABLE_BY_MAP_RUN",
            Redrive::Not(_) => "NOT_REDRIVABLE",
        }
    }

    /// Why it cannot.
    pub(crate) fn reason(self) -> Option<&'static str> {
        match self {
            Redrive::Redrivable | Redrive::ByMapRun => None,
            Redrive::Not(reason) => Some(reason),
        }
    }
}

/// Whether an execution can be redriven; `event_count` is only asked where everything else allows it.
///
/// Source: `DescribeExecution` in the API reference; the words for a succeeded one are recorded.
pub(crate) fn status(
    summary: &Summary,
    workflow_type: WorkflowType,
    now: Timestamp,
    event_count: impl FnOnce() -> usize,
) -> Redrive {
    match summary.status {
        ExecutionStatus::Running | ExecutionStatus::PendingRedrive => {
            return Redrive::Not("Execution is RUNNING and cannot be redriven");
        }
        ExecutionStatus::Succeeded => {
            return Redrive::Not("Execution is SUCCEEDED and cannot be redriven");
        }
        ExecutionStatus::Failed | ExecutionStatus::TimedOut | ExecutionStatus::Aborted => {}
    }
    if summary.map_run_arn.is_some() || workflow_type == WorkflowType::Express {
        return Redrive::ByMapRun;
    }
    let stopped_at = summary.stopped_at.unwrap_or(now);
    if now.millis_since(stopped_at) > REDRIVABLE_MILLIS_MAX {
        return Redrive::Not("Execution redrivable period exceeded");
    }
    if now.millis_since(summary.started_at) > EXECUTION_MILLIS_MAX {
        return Redrive::Not("Execution has exceeded the max execution time");
    }
    if event_count() >= REDRIVABLE_EVENTS_MAX {
        return Redrive::Not("Execution history event limit exceeded");
    }
    Redrive::Redrivable
}
