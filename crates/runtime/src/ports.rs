//! What the runtime needs from outside: the time, chance, somebody who does tasks, somebody who listens.

use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::{Event, ExecutionHeader, StartTask, TaskId};
use passo_vocab::Timestamp;

use crate::{Alarm, Key, UnderWay};

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
