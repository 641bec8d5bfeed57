//! What callers use: the driver, its settings, and how a run ended.

use std::fmt;
use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::{ExecutionHeader, Invariant, Status};
use passo_vocab::{Entropy, Timestamp};

use super::Observer;
use super::run::Run;
use super::tasks::Tasks;
use crate::clock::Clock;
use crate::{ClockKind, TaskHandler};

/// Tasks at work at the same time, unless set otherwise.
const TASKS_AT_WORK_DEFAULT: usize = 16;

/// Runs executions in memory.
pub struct Driver {
    handler: Arc<dyn TaskHandler>,
    clock: ClockKind,
    seed: u64,
    tasks_at_work_max: usize,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The status of the execution that was asked for.
    pub status: Status,
    /// When it ended, by the clock of the run.
    pub ended_at: Timestamp,
}

/// A run that cannot go on; the workflow itself did nothing wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DriveError {
    /// The engine contradicts itself.
    Engine(Invariant),
    /// The execution waits for something that nobody will do.
    Stalled,
}

impl Driver {
    /// A driver whose tasks are done by `handler`. With the same seed, handler and virtual clock, a run is the same
    /// each time.
    pub fn new(handler: Arc<dyn TaskHandler>, clock: ClockKind, seed: u64) -> Driver {
        Driver {
            handler,
            clock,
            seed,
            tasks_at_work_max: TASKS_AT_WORK_DEFAULT,
        }
    }

    /// Sets how many tasks may be at work at the same time, at least 1.
    #[must_use]
    pub fn with_tasks_at_work_max(mut self, tasks: usize) -> Driver {
        self.tasks_at_work_max = tasks.max(1);
        self
    }

    /// How time passes in its runs.
    pub fn clock(&self) -> ClockKind {
        self.clock
    }

    /// Runs the execution that `header` describes to its end; its clock begins at `header.started_at`. Dropping the
    /// future ends the run and its tasks.
    ///
    /// # Errors
    /// When the engine breaks an invariant, and when the execution waits for something that nobody will do.
    pub async fn run(
        &self,
        program: &Program,
        header: ExecutionHeader,
        observer: &mut dyn Observer,
    ) -> Result<Outcome, DriveError> {
        let clock = Clock::new(self.clock, header.started_at);
        let entropy = Entropy::from_seed(self.seed);
        let tasks = Tasks::new(Arc::clone(&self.handler), self.tasks_at_work_max);
        let run = Run::new(program, header, clock, entropy, tasks, observer);
        run.finish_all().await
    }
}

impl fmt::Display for DriveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DriveError::Engine(invariant) => write!(f, "{invariant}"),
            DriveError::Stalled => {
                f.write_str("the execution waits for something that nobody will do")
            }
        }
    }
}

impl std::error::Error for DriveError {}
