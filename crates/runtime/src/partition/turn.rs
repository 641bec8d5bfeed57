//! What a partition did since its last turn ended: one batch, and what may happen once it is durable.

use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::{Event, ExecutionHeader, StartTask, TaskId};
use passo_store::Batch;

use crate::ports::DataOwner;
use crate::tables::activity::ActivityTask;
use crate::{Key, Results};

/// One turn. Nothing in `effects` may happen before `batch` is durable.
#[derive(Default)]
pub struct Turn {
    /// Turns are numbered from 1.
    pub number: u64,
    /// What changes in the store.
    pub batch: Batch,
    /// What to do then, in order.
    pub effects: Vec<Effect>,
}

/// Something that the outside hears of, once the turn is durable.
pub enum Effect {
    /// Begin a task.
    StartTask {
        /// For this execution.
        execution: Key,
        /// Its fixed part.
        header: Arc<ExecutionHeader>,
        /// This one.
        task: Box<StartTask>,
    },
    /// A task's result is no longer wanted.
    CancelTask {
        /// For this execution.
        execution: Key,
        /// This one.
        task: TaskId,
    },
    /// Read a page of a Map run's items.
    ReadItems {
        /// Whose.
        owner: DataOwner,
        /// How many items were read before.
        after: u64,
        /// Where the page begins.
        cursor: Option<Arc<str>>,
    },
    /// Write a Map run's results.
    WriteResults {
        /// Whose.
        owner: DataOwner,
        /// Them.
        results: Results,
    },
    /// A task waits for a worker.
    OfferActivityTask(ActivityTask),
    /// A task no longer waits for a worker.
    WithdrawActivityTask {
        /// Of this activity.
        activity: Key,
        /// Asked for by this execution.
        execution: Key,
        /// This one.
        task: TaskId,
    },
    /// Answer somebody.
    Answer(Box<dyn FnOnce() + Send>),
    /// Tell listeners what happened.
    Recorded {
        /// To this execution.
        header: Arc<ExecutionHeader>,
        /// Which runs this.
        program: Arc<Program>,
        /// These events.
        events: Vec<Event>,
    },
}
