//! What happened in one execution: the only truth about it.
//!
//! Events are made by `decide` and applied by `evolve`; a history for users is computed from them. Each holds
//! every result of an evaluation, so that applying one never evaluates anything.

use std::sync::Arc;

use passo_asl::program::StateId;
use passo_vocab::{Failure, Timestamp};

use crate::{Data, EventId, FrameId};

/// One event. Its [`Sequence`](crate::Sequence) is its place in the journal, counted from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// The thread of control that it belongs to.
    pub frame: FrameId,
    /// The event that caused it, as users see it; none for events that users do not see.
    pub previous: EventId,
    /// What happened.
    pub kind: EventKind,
}

/// What happened. "Hidden" events do not appear in a user's history.
#[derive(Clone, Debug, PartialEq)]
pub enum EventKind {
    /// The execution began.
    ExecutionStarted {
        /// Its input, as given.
        input: Data,
    },
    /// The execution ended well.
    ExecutionSucceeded {
        /// What its last state put out.
        output: Data,
    },
    /// The execution failed.
    ExecutionFailed(Box<Failure>),
    /// The execution took longer than its `TimeoutSeconds`.
    ExecutionTimedOut(Box<Failure>),
    /// The execution was stopped.
    ExecutionAborted(Box<Failure>),
    /// A failed execution goes on from where it failed.
    ExecutionRedriven {
        /// How many times it was redriven, this one included.
        count: u32,
    },
    /// Hidden: the execution is about to be stopped or timed out; what still runs is aborted first.
    ClosingStarted(Box<Closing>),

    /// A state was entered.
    StateEntered {
        /// Which one.
        state: StateId,
        /// Its raw input.
        input: Data,
    },
    /// A state was left.
    StateExited {
        /// Which one.
        state: StateId,
        /// Its output.
        output: Data,
        /// The variables that it assigned, by name.
        assigned: Option<Assignments>,
        /// Where it leads; none at the end of its scope.
        next: Option<StateId>,
    },
    /// An expression of a JSONata state failed. The failure then goes through Retry and Catch.
    EvaluationFailed(Box<EvaluationFailed>),
    /// Hidden: a state failed without an event of its own that says so.
    StateFailed(Box<Failure>),
    /// A state was still running when what it belongs to ended.
    StateAborted,
    /// Hidden: the same, for states whose history has no word for it.
    FrameAborted,
    /// Hidden: a Wait state waits.
    WaitStarted {
        /// Until when.
        until: Timestamp,
    },
    /// Hidden: a timer came due.
    TimerFired,
    /// Hidden: a failed state will be tried again.
    RetryScheduled {
        /// Which entry of `Retry`.
        retrier: u32,
        /// When.
        until: Timestamp,
    },

    /// A task was asked for (`TaskScheduled`, `LambdaFunctionScheduled`, `ActivityScheduled`).
    TaskScheduled(Box<TaskScheduled>),
    /// It could not be asked for.
    TaskScheduleFailed(Box<Failure>),
    /// Its work began.
    TaskStarted {
        /// Who took an activity's task.
        worker: Option<Arc<str>>,
    },
    /// Its work could not begin.
    TaskStartFailed(Box<Failure>),
    /// Its request was accepted; the result comes later.
    TaskSubmitted {
        /// The answer to the request.
        output: Data,
    },
    /// Its request was refused.
    TaskSubmitFailed(Box<Failure>),
    /// Hidden: its worker is alive; the time for the next sign starts again.
    TaskHeartbeat,
    /// Its result is there.
    TaskSucceeded {
        /// The result.
        output: Data,
    },
    /// It failed.
    TaskFailed(Box<Failure>),
    /// It took too long, or its worker gave no sign of life in time.
    TaskTimedOut {
        /// What history shows.
        failure: Box<Failure>,
        /// Whether it was the missing sign of life.
        heartbeat: bool,
    },

    /// The branches of a Parallel state began, all at once.
    ParallelStarted {
        /// What each branch gets.
        input: Data,
    },
    /// Hidden: a branch ended well.
    BranchSucceeded {
        /// Its output.
        output: Data,
    },
    /// Hidden: a branch failed.
    BranchFailed(Box<Failure>),
    /// Every branch ended well.
    ParallelSucceeded,
    /// The Parallel state failed for good.
    ParallelFailed,

    /// A Map state knows its items.
    MapStarted(Box<MapStarted>),
    /// An iteration of an inline Map began.
    MapIterationStarted {
        /// Its number, from 0.
        index: u32,
        /// What its first state gets.
        input: Data,
    },
    /// It ended well.
    MapIterationSucceeded {
        /// Its number.
        index: u32,
        /// Its output.
        output: Data,
    },
    /// It failed.
    MapIterationFailed {
        /// Its number.
        index: u32,
        /// Why.
        failure: Box<Failure>,
    },
    /// It was still running when its Map ended.
    MapIterationAborted {
        /// Its number.
        index: u32,
    },
    /// Every item was processed.
    MapSucceeded,
    /// The Map state failed for good.
    MapFailed,

    /// A Distributed Map's run began.
    MapRunStarted(Box<MapRunStarted>),
    /// It ended well.
    MapRunSucceeded {
        /// The Map state's result.
        output: Data,
    },
    /// It failed.
    MapRunFailed(Box<Failure>),
    /// It was stopped.
    MapRunAborted,
    /// It goes on, with the execution that it belongs to.
    MapRunRedriven {
        /// Its ARN.
        map_run_arn: Arc<str>,
        /// How many times it was redriven, this one included.
        count: u32,
    },
}

/// Variables by name, with their new values, in the order of the definition.
pub type Assignments = Box<[(Arc<str>, Data)]>;

/// Why an execution is about to close.
#[derive(Clone, Debug, PartialEq)]
pub enum Closing {
    /// A caller stopped it.
    Stopped(Failure),
    /// It took longer than its `TimeoutSeconds`.
    TimedOut(Failure),
}

/// A JSONata expression failed.
#[derive(Clone, Debug, PartialEq)]
pub struct EvaluationFailed {
    /// The state.
    pub state: StateId,
    /// Error and cause.
    pub failure: Failure,
    /// The field, such as `Output/result`.
    pub location: Option<Arc<str>>,
}

/// One attempt at a task.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskScheduled {
    /// What the task gets: `Parameters`, `Arguments`, or the effective input.
    pub parameters: Data,
    /// `TimeoutSeconds`, as it was evaluated.
    pub timeout_seconds: Option<u64>,
    /// `HeartbeatSeconds`, as it was evaluated.
    pub heartbeat_seconds: Option<u64>,
    /// `Credentials`, as they were evaluated.
    pub credentials: Option<Data>,
    /// The token that completes the task: for callbacks and activities.
    pub token: Option<Arc<str>>,
}

/// The items of a Map state.
#[derive(Clone, Debug, PartialEq)]
pub struct MapStarted {
    /// The array (or, for a Distributed Map, object) to iterate over; none when an ItemReader supplies it.
    pub items: Option<Data>,
    /// The effective input: what `$` is for `ItemSelector`.
    pub input: Data,
    /// Items, as history shows it: 0 when an ItemReader supplies them.
    pub length: u32,
    /// Iterations that may run at the same time, at least 1.
    pub concurrency: u32,
}

/// A Map run, with all that was evaluated for it.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRunStarted {
    /// Its ARN.
    pub map_run_arn: Arc<str>,
    /// How many of its items may fail.
    pub tolerated_failure_count: Option<u64>,
    /// What share of its items may fail, 0 to 100.
    pub tolerated_failure_percentage: Option<f64>,
    /// `ItemReader` `Parameters` or `Arguments`.
    pub reader_arguments: Option<Data>,
    /// `ItemReader` `MaxItems`; what is not positive fails the Map run.
    pub max_items: Option<i64>,
    /// `ItemBatcher` `BatchInput`.
    pub batch_input: Option<Data>,
    /// `ItemBatcher` `MaxItemsPerBatch`.
    pub max_items_per_batch: Option<u64>,
    /// `ItemBatcher` `MaxInputBytesPerBatch`.
    pub max_input_bytes_per_batch: Option<u64>,
    /// `ResultWriter` `Parameters` or `Arguments`.
    pub writer_arguments: Option<Data>,
}

impl Event {
    /// Whether users see it in a history, so that it has an [`EventId`].
    pub fn is_visible(&self) -> bool {
        self.kind.is_visible()
    }
}

impl EventKind {
    /// Whether users see it in a history.
    // tidy: long, because every kind answers for itself.
    pub fn is_visible(&self) -> bool {
        match self {
            EventKind::ClosingStarted(_)
            | EventKind::StateFailed(_)
            | EventKind::FrameAborted
            | EventKind::WaitStarted { .. }
            | EventKind::TimerFired
            | EventKind::RetryScheduled { .. }
            | EventKind::TaskHeartbeat
            | EventKind::BranchSucceeded { .. }
            | EventKind::BranchFailed(_) => false,
            EventKind::ExecutionStarted { .. }
            | EventKind::ExecutionSucceeded { .. }
            | EventKind::ExecutionFailed(_)
            | EventKind::ExecutionTimedOut(_)
            | EventKind::ExecutionAborted(_)
            | EventKind::ExecutionRedriven { .. }
            | EventKind::StateEntered { .. }
            | EventKind::StateExited { .. }
            | EventKind::EvaluationFailed(_)
            | EventKind::StateAborted
            | EventKind::TaskScheduled(_)
            | EventKind::TaskScheduleFailed(_)
            | EventKind::TaskStarted { .. }
            | EventKind::TaskStartFailed(_)
            | EventKind::TaskSubmitted { .. }
            | EventKind::TaskSubmitFailed(_)
            | EventKind::TaskSucceeded { .. }
            | EventKind::TaskFailed(_)
            | EventKind::TaskTimedOut { .. }
            | EventKind::ParallelStarted { .. }
            | EventKind::ParallelSucceeded
            | EventKind::ParallelFailed
            | EventKind::MapStarted(_)
            | EventKind::MapIterationStarted { .. }
            | EventKind::MapIterationSucceeded { .. }
            | EventKind::MapIterationFailed { .. }
            | EventKind::MapIterationAborted { .. }
            | EventKind::MapSucceeded
            | EventKind::MapFailed
            | EventKind::MapRunStarted(_)
            | EventKind::MapRunSucceeded { .. }
            | EventKind::MapRunFailed(_)
            | EventKind::MapRunAborted
            | EventKind::MapRunRedriven { .. } => true,
        }
    }

    /// Every payload that the event mentions, in the order in which they get their names.
    // tidy: long, because every kind answers for itself.
    pub fn for_each_data(&self, mut visit: impl FnMut(&Data)) {
        match self {
            EventKind::ExecutionStarted { input: data }
            | EventKind::ExecutionSucceeded { output: data }
            | EventKind::StateEntered { input: data, .. }
            | EventKind::TaskSubmitted { output: data }
            | EventKind::TaskSucceeded { output: data }
            | EventKind::ParallelStarted { input: data }
            | EventKind::BranchSucceeded { output: data }
            | EventKind::MapIterationStarted { input: data, .. }
            | EventKind::MapIterationSucceeded { output: data, .. }
            | EventKind::MapRunSucceeded { output: data } => visit(data),
            EventKind::StateExited {
                output, assigned, ..
            } => {
                visit(output);
                for (_, value) in assigned.iter().flat_map(|assigned| assigned.iter()) {
                    visit(value);
                }
            }
            EventKind::TaskScheduled(task) => {
                visit(&task.parameters);
                task.credentials.iter().for_each(visit);
            }
            EventKind::MapStarted(map) => {
                visit(&map.input);
                map.items.iter().for_each(visit);
            }
            EventKind::MapRunStarted(run) => {
                let given = [
                    &run.reader_arguments,
                    &run.batch_input,
                    &run.writer_arguments,
                ];
                given.into_iter().flatten().for_each(visit);
            }
            EventKind::ExecutionFailed(_)
            | EventKind::ExecutionTimedOut(_)
            | EventKind::ExecutionAborted(_)
            | EventKind::ExecutionRedriven { .. }
            | EventKind::ClosingStarted(_)
            | EventKind::EvaluationFailed(_)
            | EventKind::StateFailed(_)
            | EventKind::StateAborted
            | EventKind::FrameAborted
            | EventKind::WaitStarted { .. }
            | EventKind::TimerFired
            | EventKind::RetryScheduled { .. }
            | EventKind::TaskScheduleFailed(_)
            | EventKind::TaskStarted { .. }
            | EventKind::TaskStartFailed(_)
            | EventKind::TaskSubmitFailed(_)
            | EventKind::TaskHeartbeat
            | EventKind::TaskFailed(_)
            | EventKind::TaskTimedOut { .. }
            | EventKind::BranchFailed(_)
            | EventKind::ParallelSucceeded
            | EventKind::ParallelFailed
            | EventKind::MapIterationFailed { .. }
            | EventKind::MapIterationAborted { .. }
            | EventKind::MapSucceeded
            | EventKind::MapFailed
            | EventKind::MapRunFailed(_)
            | EventKind::MapRunAborted
            | EventKind::MapRunRedriven { .. } => {}
        }
    }
}
