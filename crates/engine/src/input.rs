//! What the world tells an execution.

use std::sync::Arc;

use passo_json::Payload;
use passo_vocab::Failure;

use crate::{MapRunId, TaskId, TimerId};

/// One input of `decide`. A result or a timer for something that is no longer wanted changes nothing.
#[derive(Clone, Debug)]
pub enum Input {
    /// Begin. Ignored once begun.
    Start,
    /// Go on with what can move by itself: after `Progress::More`, and after recovery.
    Continue,
    /// News of a task.
    Task {
        /// Which one.
        task: TaskId,
        /// What.
        update: TaskUpdate,
    },
    /// A timer came due.
    TimerFired {
        /// Which one.
        timer: TimerId,
    },
    /// A Map run ended.
    MapRunFinished {
        /// Which one.
        map_run: MapRunId,
        /// How many times it had been redriven: the end of an earlier attempt means nothing to a later one.
        redrives: u32,
        /// How.
        outcome: MapRunOutcome,
    },
    /// A caller stops the execution, with error and cause as given.
    Stop {
        /// What `StopExecution` was given.
        failure: Failure,
    },
    /// A caller lets a failed execution go on from where it failed. Ignored unless it failed, was stopped or
    /// timed out.
    Redrive,
}

/// News of a task, in the order in which a task can tell them.
#[derive(Clone, Debug)]
pub enum TaskUpdate {
    /// The task could not be scheduled.
    ScheduleFailed(Failure),
    /// The work began. Said by the driver when it makes the request, or when a worker takes an activity's task.
    Started {
        /// The name that an activity's worker gave.
        worker: Option<Arc<str>>,
    },
    /// The work could not begin.
    StartFailed(Failure),
    /// The request was accepted: `.sync` and `.waitForTaskToken` only.
    Submitted(Payload),
    /// The request was refused: `.sync` and `.waitForTaskToken` only.
    SubmitFailed(Failure),
    /// The result.
    Succeeded(Payload),
    /// The failure.
    Failed(Failure),
    /// The service says that the task timed out.
    TimedOut(Failure),
    /// A sign of life.
    Heartbeat,
}

/// How a Map run ended.
#[derive(Clone, Debug)]
pub enum MapRunOutcome {
    /// Within its tolerance; the Map state's result.
    Succeeded(Payload),
    /// Beyond its tolerance, or reader or writer failed.
    Failed(Failure),
    /// Stopped.
    Aborted,
}
