//! What an execution asks of the world, once the events that say so are durable.

use std::sync::Arc;

use passo_asl::program::{StateId, TaskResource};
use passo_json::Payload;
use passo_vocab::{StateName, Timestamp};

use crate::map::MapRunSpec;
use crate::{MapRunId, Status, TaskId, TimerId};

/// One request to the outside. Performing it twice with the same id must not do harm: after a crash it is
/// given again.
#[derive(Clone, Debug)]
pub enum Command {
    /// Do a task, and report on it with `Input::Task`.
    StartTask(Box<StartTask>),
    /// A task's result is no longer wanted.
    CancelTask {
        /// Which one.
        task: TaskId,
    },
    /// Say `Input::TimerFired` at that time, or at once if it has passed.
    SetTimer {
        /// The name to fire under.
        timer: TimerId,
        /// When.
        at: Timestamp,
    },
    /// A timer is no longer wanted.
    CancelTimer {
        /// Which one.
        timer: TimerId,
    },
    /// Run a Distributed Map, and report its end with `Input::MapRunFinished`.
    StartMapRun {
        /// Which one.
        map_run: MapRunId,
        /// What to run.
        spec: Box<MapRunSpec>,
    },
    /// Let a Map run that failed go on with its unsuccessful items.
    RedriveMapRun {
        /// Which one.
        map_run: MapRunId,
        /// What to run, as when it was started.
        spec: Box<MapRunSpec>,
        /// How many times it was redriven, this one included.
        count: u32,
    },
    /// Stop a Map run with all its children.
    StopMapRun {
        /// Which one.
        map_run: MapRunId,
    },
    /// The execution is over; tell whoever waits for it.
    Finish {
        /// How it ended.
        status: Status,
    },
}

/// A task to do.
#[derive(Clone, Debug)]
pub struct StartTask {
    /// Its id, which is also the idempotency key for services that take one.
    pub task: TaskId,
    /// What to call.
    pub resource: TaskResource,
    /// The state that asks.
    pub state: StateId,
    /// Its name.
    pub state_name: StateName,
    /// What the task gets.
    pub parameters: Payload,
    /// `Credentials`: `{"RoleArn": …}`.
    pub credentials: Option<Payload>,
    /// What `SendTaskSuccess` and its like name: for callbacks and activities.
    pub token: Option<Arc<str>>,
    /// `TimeoutSeconds`; the engine keeps the time itself.
    pub timeout_seconds: Option<u64>,
    /// `HeartbeatSeconds`; the engine keeps the time itself.
    pub heartbeat_seconds: Option<u64>,
    /// Earlier attempts at the same state since it was entered.
    pub retry_count: u32,
    /// Earlier tasks of the same state in this execution: retries, Map iterations, loops. The same after a crash.
    pub invocation: u32,
    /// How far it has come: anything but `Scheduled` after a crash only.
    pub progress: TaskProgress,
}

/// How far a task has come.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskProgress {
    /// Asked for.
    Scheduled,
    /// Begun: the request may have been made.
    Started,
    /// Accepted, with this answer: only the result is missing.
    Submitted(Payload),
}
