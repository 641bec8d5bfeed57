//! The loop.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::map::{ChildOutcome, MapRunInput};
use passo_engine::{
    Budget, Command, Decision, Execution, ExecutionHeader, Input, Progress, Status, TaskUpdate,
};
use passo_expr::Environment;
use passo_vocab::Entropy;

use super::live::Live;
use super::map_runs::{LiveMapRun, MapRunKey};
use super::tasks::Tasks;
use super::timers::Timers;
use super::{DriveError, ExecutionKey, Observer, Origin, Outcome, Seen};
use crate::clock::Clock;
use crate::{ClockKind, TaskAnswer, TaskCall};

/// Turns in a row before others of the same thread get theirs.
const TURNS_BEFORE_OTHERS: u32 = 16;

/// News that waits for its turn.
pub(super) enum Work {
    Execution(ExecutionKey, Input),
    MapRun(MapRunKey, MapRunInput),
}

/// One run under way.
pub(super) struct Run<'a> {
    pub(super) program: &'a Program,
    pub(super) clock: Clock,
    pub(super) environment: Environment,
    pub(super) observer: &'a mut dyn Observer,
    pub(super) live: BTreeMap<ExecutionKey, Live>,
    pub(super) inputs: VecDeque<Work>,
    pub(super) map_runs: BTreeMap<MapRunKey, LiveMapRun>,
    pub(super) last_key: ExecutionKey,
    pub(super) timers: Timers,
    pub(super) tasks: Tasks,
    pub(super) outcome: Option<Outcome>,
}

impl<'a> Run<'a> {
    /// A run of the execution that `header` describes.
    pub(super) fn new(
        program: &'a Program,
        header: ExecutionHeader,
        clock: Clock,
        entropy: Entropy,
        tasks: Tasks,
        observer: &'a mut dyn Observer,
    ) -> Run<'a> {
        let environment = Environment {
            now: header.started_at,
            entropy,
        };
        let mut run = Run {
            program,
            clock,
            environment,
            observer,
            live: BTreeMap::new(),
            inputs: VecDeque::new(),
            map_runs: BTreeMap::new(),
            last_key: ExecutionKey::ROOT,
            timers: Timers::default(),
            tasks,
            outcome: None,
        };
        run.begin(ExecutionKey::ROOT, header, Origin::Root);
        run
    }

    pub(super) fn begin(&mut self, key: ExecutionKey, header: ExecutionHeader, origin: Origin) {
        self.live
            .insert(key, Live::new(Execution::new(header), origin));
        self.give(key, Input::Start);
    }

    /// Drives it to its end.
    pub(super) async fn finish_all(mut self) -> Result<Outcome, DriveError> {
        let mut turns: u32 = 0;
        loop {
            while let Some(work) = self.inputs.pop_front() {
                match work {
                    Work::Execution(key, input) => self.turn(key, input)?,
                    Work::MapRun(key, input) => self.map_run_turn(key, input)?,
                }
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
            Progress::More => self
                .inputs
                .push_front(Work::Execution(key, Input::Continue)),
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
            Command::StartMapRun { map_run, spec } => {
                let run = (key, map_run);
                self.map_runs.insert(run, LiveMapRun::new(*spec));
                self.give_map_run(run, MapRunInput::Start);
            }
            Command::RedriveMapRun { map_run, count, .. } => {
                self.give_map_run((key, map_run), MapRunInput::Redrive { count });
            }
            Command::StopMapRun { map_run } => {
                self.give_map_run((key, map_run), MapRunInput::Stop);
            }
            Command::Finish { status } => self.finish(key, status),
        }
    }

    fn finish(&mut self, key: ExecutionKey, status: Status) {
        self.tasks.cancel_all(key);
        self.timers.cancel_all(key);
        let origin = self.live.remove(&key).map(|live| live.origin);
        match origin {
            Some(Origin::Root) => {
                self.outcome = Some(Outcome {
                    status,
                    ended_at: self.clock.now(),
                });
            }
            Some(Origin::MapRunChild {
                parent,
                map_run,
                index,
            }) => {
                if let Some(outcome) = ChildOutcome::of(&status) {
                    let input = MapRunInput::ChildFinished { index, outcome };
                    self.give_map_run((parent, map_run), input);
                }
            }
            None => {}
        }
    }

    pub(super) fn give(&mut self, key: ExecutionKey, input: Input) {
        self.inputs.push_back(Work::Execution(key, input));
    }

    pub(super) fn give_map_run(&mut self, key: MapRunKey, input: MapRunInput) {
        self.inputs.push_back(Work::MapRun(key, input));
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
            match self.tasks.start(call) {
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
        self.give(key, Input::Task { task, update });
    }

    fn fire_timers(&mut self) {
        let now = self.clock.now();
        while let Some((key, timer)) = self.timers.take_due(now) {
            self.give(key, Input::TimerFired { timer });
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
