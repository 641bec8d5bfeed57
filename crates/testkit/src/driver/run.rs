//! The loop.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::{
    Budget, Command, Decision, Execution, ExecutionHeader, Input, Invariant, MapRunOutcome,
    Progress, Status, TaskUpdate,
};
use passo_expr::Environment;
use passo_vocab::{Entropy, ErrorName, Failure, Timestamp};

use super::live::Live;
use super::tasks::Tasks;
use super::timers::Timers;
use super::{ExecutionKey, Observer, Origin, Seen};
use crate::clock::Clock;
use crate::{ClockKind, TaskAnswer, TaskCall, TaskHandler};

/// Tasks at work at the same time, unless set otherwise.
const TASKS_AT_WORK_DEFAULT: usize = 16;

/// Turns in a row before others of the same thread get theirs.
const TURNS_BEFORE_OTHERS: u32 = 16;

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
        let mut run = Run {
            driver: self,
            program,
            clock: Clock::new(self.clock, header.started_at),
            environment: Environment {
                now: header.started_at,
                entropy: Entropy::from_seed(self.seed),
            },
            observer,
            live: BTreeMap::new(),
            inputs: VecDeque::new(),
            timers: Timers::default(),
            tasks: Tasks::new(self.tasks_at_work_max),
            outcome: None,
        };
        run.begin(ExecutionKey::ROOT, header, Origin::Root);
        run.finish_all().await
    }
}

/// One run under way.
struct Run<'a> {
    driver: &'a Driver,
    program: &'a Program,
    clock: Clock,
    environment: Environment,
    observer: &'a mut dyn Observer,
    live: BTreeMap<ExecutionKey, Live>,
    inputs: VecDeque<(ExecutionKey, Input)>,
    timers: Timers,
    tasks: Tasks,
    outcome: Option<Outcome>,
}

impl Run<'_> {
    fn begin(&mut self, key: ExecutionKey, header: ExecutionHeader, origin: Origin) {
        self.live
            .insert(key, Live::new(Execution::new(header), origin));
        self.inputs.push_back((key, Input::Start));
    }

    async fn finish_all(mut self) -> Result<Outcome, DriveError> {
        let mut turns: u32 = 0;
        loop {
            while let Some((key, input)) = self.inputs.pop_front() {
                self.turn(key, input)?;
                if let Some(outcome) = self.outcome.take() {
                    return Ok(outcome);
                }
                // An endless loop of states must not keep the caller from stopping it.
                turns = turns.wrapping_add(1);
                if turns.is_multiple_of(TURNS_BEFORE_OTHERS) {
                    tokio::task::yield_now().await;
                }
            }
            self.start_tasks();
            self.fire_timers();
            if self.inputs.is_empty() {
                self.wait().await?;
            }
        }
    }

    /// Gives one input to one execution and performs what it asks for.
    fn turn(&mut self, key: ExecutionKey, input: Input) -> Result<(), DriveError> {
        self.environment.now = self.clock.now();
        let Some(live) = self.live.get_mut(&key) else {
            return Ok(());
        };
        let mut decision = Decision::default();
        let progress = live.execution.decide(
            self.program,
            input,
            &self.environment,
            Budget::default(),
            &mut decision,
        );
        for event in &decision.events {
            let id = event.is_visible().then(|| {
                live.last_event = live.last_event.next();
                live.last_event
            });
            self.observer.seen(Seen {
                execution: key,
                origin: live.origin,
                event,
                id,
            });
        }
        match progress.map_err(DriveError::Engine)? {
            Progress::Settled => {}
            // In front, so that the inputs of an execution keep their order.
            Progress::More => self.inputs.push_front((key, Input::Continue)),
        }
        for command in decision.commands {
            self.perform(key, command);
        }
        Ok(())
    }

    fn perform(&mut self, key: ExecutionKey, command: Command) {
        match command {
            Command::StartTask(task) => {
                if let Some(live) = self.live.get_mut(&key) {
                    self.tasks.queue((key, task.task));
                    live.wanted.insert(task.task, *task);
                }
            }
            Command::CancelTask { task } => {
                self.tasks.cancel((key, task));
                if let Some(live) = self.live.get_mut(&key) {
                    live.wanted.remove(&task);
                }
            }
            Command::SetTimer { timer, at } => self.timers.set(key, timer, at),
            Command::CancelTimer { timer } => self.timers.cancel(key, timer),
            Command::StartMapRun { map_run, .. } | Command::RedriveMapRun { map_run, .. } => {
                let outcome = MapRunOutcome::Failed(Failure::new(
                    ErrorName::RUNTIME,
                    "Distributed Maps are not supported here.",
                ));
                let input = Input::MapRunFinished { map_run, outcome };
                self.inputs.push_back((key, input));
            }
            Command::StopMapRun { .. } => {}
            Command::Finish { status } => self.finish(key, status),
        }
    }

    fn finish(&mut self, key: ExecutionKey, status: Status) {
        self.tasks.cancel_all(key);
        self.timers.cancel_all(key);
        self.live.remove(&key);
        if key == ExecutionKey::ROOT {
            self.outcome = Some(Outcome {
                status,
                ended_at: self.clock.now(),
            });
        }
    }

    /// Begins the tasks whose turn has come.
    fn start_tasks(&mut self) {
        while let Some((key, id)) = self.tasks.take_turn() {
            let Some(live) = self.live.get_mut(&key) else {
                continue;
            };
            let Some(task) = live.wanted.remove(&id) else {
                continue;
            };
            let header = live.execution.header();
            let call = TaskCall {
                execution_arn: Arc::clone(&header.execution_arn),
                state_machine_name: Arc::clone(&header.state_machine_name),
                task,
                now: self.clock.now(),
                request_id: self.environment.entropy.uuid_v4(),
            };
            self.tell(key, id, TaskUpdate::Started { worker: None });
            match self.driver.handler.start(call) {
                TaskAnswer::Now(updates) => {
                    for update in updates {
                        self.tell(key, id, update);
                    }
                }
                TaskAnswer::Later(future) => self.tasks.spawn((key, id), future),
            }
        }
    }

    fn tell(&mut self, key: ExecutionKey, task: passo_engine::TaskId, update: TaskUpdate) {
        self.inputs.push_back((key, Input::Task { task, update }));
    }

    fn fire_timers(&mut self) {
        let now = self.clock.now();
        while let Some((key, timer)) = self.timers.take_due(now) {
            self.inputs.push_back((key, Input::TimerFired { timer }));
        }
    }

    /// Waits until a task ends or a timer comes due.
    async fn wait(&mut self) -> Result<(), DriveError> {
        let next = self.timers.next_time();
        if self.tasks.is_idle() {
            let Some(next) = next else {
                return Err(DriveError::Stalled);
            };
            if self.clock.kind() == ClockKind::Virtual {
                self.clock.jump_to(next);
                return Ok(());
            }
        }
        self.clock.begin_wait();
        let until_timer = next.map(|next| self.clock.until(next));
        let timer = async {
            match until_timer {
                Some(duration) => tokio::time::sleep(duration).await,
                None => std::future::pending().await,
            }
        };
        let ended = tokio::select! {
            ended = self.tasks.next_end(), if !self.tasks.is_idle() => ended,
            () = timer => None,
        };
        self.clock.end_wait();
        if let Some(((key, task), updates)) = ended {
            for update in updates {
                self.tell(key, task, update);
            }
        }
        Ok(())
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
