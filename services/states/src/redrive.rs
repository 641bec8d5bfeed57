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

/// Whether an execution can be redriven, whose state machine may be about to go, or gone; `event_count` is only asked where everything else allows it.
///
/// Source: `DescribeExecution` in the API reference; the words for a succeeded one are recorded.
pub(crate) fn status(
    summary: &Summary,
    workflow_type: WorkflowType,
    is_deleting: bool,
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
    if is_deleting {
        return Redrive::Not("State machine is in DELETING status");
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use passo_runtime::Key;

    use super::*;

    const DAY_MILLIS: i64 = 24 * 3600 * 1000;

    fn summary(status: ExecutionStatus) -> Summary {
        let started_at = Timestamp::from_epoch_millis(1_700_000_000_000);
        Summary {
            execution_arn: Arc::from("e"),
            name: Arc::from("e"),
            state_machine_arn: Arc::from("m"),
            state_machine_version_arn: None,
            state_machine_alias_arn: None,
            map_run_arn: None,
            status,
            order: 0,
            started_at,
            stopped_at: Some(started_at),
            output: None,
            failure: None,
            redrive_count: 0,
            redriven_at: None,
            trace_header: None,
            named_by: None,
            definition: Key::of("d"),
            quarantine: None,
        }
    }

    #[test]
    fn every_reason_is_told() {
        let failed = summary(ExecutionStatus::Failed);
        let check = |summary: &Summary, is_deleting, days: i64, events| {
            let now = summary.started_at.plus_millis(days * DAY_MILLIS);
            status(summary, WorkflowType::Standard, is_deleting, now, || events)
        };
        assert_eq!(check(&failed, false, 14, 24_998), Redrive::Redrivable);
        for (is_deleting, days, events, reason) in [
            (true, 0, 0, "State machine is in DELETING status"),
            (false, 15, 0, "Execution redrivable period exceeded"),
            (false, 0, 24_999, "Execution history event limit exceeded"),
        ] {
            let expect = Redrive::Not(reason);
            assert_eq!(
                check(&failed, is_deleting, days, events),
                expect,
                "{reason}"
            );
        }
        let mut old = failed.clone();
        old.stopped_at = Some(old.started_at.plus_millis(366 * DAY_MILLIS));
        let exceeded = Redrive::Not("Execution has exceeded the max execution time");
        assert_eq!(check(&old, false, 367, 0), exceeded);
        let mut child = failed;
        child.map_run_arn = Some(Arc::from("r"));
        assert_eq!(check(&child, false, 0, 0), Redrive::ByMapRun);
        let succeeded = summary(ExecutionStatus::Succeeded);
        assert_eq!(check(&succeeded, false, 0, 0).name(), "NOT_REDRIVABLE");
    }
}
