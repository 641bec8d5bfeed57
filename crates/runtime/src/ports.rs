//! What the runtime needs from outside: the time, chance, somebody who does tasks, somebody who listens.

use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::map::MapRunSpec;
use passo_engine::{Event, ExecutionHeader, StartTask, TaskId};
use passo_vocab::Timestamp;

use crate::{Alarm, Key, Results, UnderWay};

/// Tells the time. A test's clock stands still until it is moved.
pub trait Clock: Send + Sync {
    /// The time now. It may jump, but the runtime never lets it go backwards inside one execution.
    fn now(&self) -> Timestamp;

    /// Asks a virtual clock to jump to `to`, because nothing can happen before; a real clock says no.
    fn jump(&self, to: Timestamp) -> bool {
        let _ = to;
        false
    }

    /// Says that nothing is under way and nothing is due: a virtual clock that was told to go on may go on.
    fn rest(&self) {}

    /// Whether it only moves when it is told to.
    fn is_virtual(&self) -> bool {
        false
    }

    /// Rings at `at`, for those whose timers are not the runtime's. `None` where the clock moves by itself, so that one
    /// can just sleep.
    fn alarm(&self, at: Timestamp) -> Option<Alarm> {
        let _ = at;
        None
    }
}

/// Gives seeds that nobody can guess.
pub trait Entropy: Send + Sync {
    /// The next seed.
    fn seed(&self) -> u64;
}

/// Does the tasks of executions, and tells what became of them through the runtime's handle.
pub trait TaskPort: Send + Sync {
    /// Begins `request` without waiting for it. After a crash the same task is asked for again, with the same
    /// [`TaskId`]: it is the idempotency key downstream.
    fn start(&self, request: TaskRequest);

    /// The result of a task is no longer wanted; stopping it is a courtesy.
    fn cancel(&self, execution: Key, task: TaskId);
}

/// Reads the data sets of Map runs, and writes their results. It tells what became of that with
/// [`Message::MapRun`](crate::Message::MapRun).
///
/// Nothing is wanted of a page but that it comes: asked for again, after a crash or where an answer was lost, the same
/// cursor gives the same page or a failure.
pub trait DataPort: Send + Sync {
    /// Begins to read one page of items, without waiting for it: `MapRunInput::ItemsRead` or `ReadFailed` answers.
    fn read(&self, request: ReadRequest);

    /// Begins to write the results of a Map run: `MapRunInput::ResultsWritten` or `WriteFailed` answers. What was
    /// written before a crash is written again, under the same names.
    fn write(&self, request: WriteRequest);
}

/// No data sets: nothing that is asked for is answered. For tests, whose Map runs find their items in their states' data.
#[derive(Clone, Copy, Debug)]
pub struct NoDataSets;

impl DataPort for NoDataSets {
    fn read(&self, _request: ReadRequest) {}

    fn write(&self, _request: WriteRequest) {}
}

/// Whose data it is.
#[derive(Clone, Debug)]
pub struct DataOwner {
    /// The execution, to report to.
    pub execution: Key,
    /// Its fixed part.
    pub header: Arc<ExecutionHeader>,
    /// The Map run.
    pub map_run: Key,
    /// What it was started with.
    pub spec: Arc<MapRunSpec>,
}

/// One page of items to read.
#[derive(Clone, Debug)]
pub struct ReadRequest {
    /// Whose.
    pub owner: DataOwner,
    /// How many items were read before; the answer repeats it.
    pub after: u64,
    /// Where the page begins, as the page before has said; none for the first.
    pub cursor: Option<Arc<str>>,
    /// To be kept while work goes on inside this process, so that virtual time waits for it.
    pub under_way: Arc<UnderWay>,
}

/// Results to write.
#[derive(Clone)]
pub struct WriteRequest {
    /// Whose.
    pub owner: DataOwner,
    /// The results.
    pub results: Results,
    /// As [`ReadRequest::under_way`].
    pub under_way: Arc<UnderWay>,
}

/// One task of one execution.
#[derive(Clone, Debug)]
pub struct TaskRequest {
    /// The execution, to report to.
    pub execution: Key,
    /// Its fixed part: names, role, region.
    pub header: Arc<ExecutionHeader>,
    /// The task.
    pub task: Box<StartTask>,
    /// To be kept while work on the task goes on inside this process, so that virtual time waits for it.
    pub under_way: Arc<UnderWay>,
}

/// Hears what became durable: logs, metrics, EventBridge, the console.
pub trait Listener: Send + Sync {
    /// Events of one execution, in order, each told once in the life of a process.
    fn recorded(&self, header: &Arc<ExecutionHeader>, program: &Arc<Program>, events: &[Event]);
}

/// Turns a definition's text into what runs.
pub trait Definitions: Send + Sync {
    /// The program of `text`, which was valid when it was stored.
    ///
    /// # Errors
    /// What is wrong with it, where this version no longer accepts it.
    fn program(&self, text: &str) -> Result<Arc<Program>, String>;
}
