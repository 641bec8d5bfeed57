//! Evolve: from an event to the next state. The only writer of state.
//!
//! Evaluates nothing and knows neither time nor chance. Entry point: [`Execution::evolve`].

mod join;
mod queue;
mod redrive;
mod scope;
mod task;

use passo_asl::program::{Program, StateId};
use passo_vocab::Failure;

use crate::execution::{FailedStage, Frame, MapRunStage, Origin, RetryCounts, Stage};
use crate::{
    Data, Event, EventId, EventKind, Execution, FrameId, Invariant, MapRunId, Status, TimerId,
};

impl Execution {
    /// Applies one event. Events that were decided once can be applied again at any time.
    ///
    /// # Errors
    /// When the event does not fit: the journal is not this execution's, or the program is not the one that it ran.
    pub fn evolve(&mut self, program: &Program, event: &Event) -> Result<(), Invariant> {
        self.sequence = self.sequence.next();
        if event.is_visible() {
            self.last_event = self.last_event.next();
        }
        event.kind.for_each_data(|data| {
            self.next_payload = self.next_payload.max(data.id.next());
        });
        self.take_turn(event.frame);
        self.apply(program, event)?;
        self.settle(event.frame);
        self.purge_queue();
        Ok(())
    }

    // tidy: long, because every kind of event has its place here.
    fn apply(&mut self, program: &Program, event: &Event) -> Result<(), Invariant> {
        let (frame, id) = (event.frame, self.last_event);
        match &event.kind {
            EventKind::StateEntered { state, input } => self.enter(event, *state, input),
            EventKind::StateExited {
                output,
                assigned,
                next,
                ..
            } => self.exit(frame, output, assigned.as_deref(), *next),
            EventKind::ExecutionStarted { input } => self.start(program, event, input),
            EventKind::ExecutionSucceeded { output } => self.close(Status::Succeeded {
                output: output.payload.clone(),
            }),
            EventKind::ExecutionFailed(failure) => self.close(Status::Failed {
                failure: Failure::clone(failure),
            }),
            EventKind::ExecutionTimedOut(failure) => self.close(Status::TimedOut {
                failure: Failure::clone(failure),
            }),
            EventKind::ExecutionAborted(failure) => self.close(Status::Aborted {
                failure: Failure::clone(failure),
            }),
            EventKind::ExecutionRedriven { count } => self.redrive(program, event, *count),
            EventKind::ClosingStarted(closing) => {
                self.closing = Some(closing.as_ref().clone());
                self.deadline = None;
                Ok(())
            }
            EventKind::EvaluationFailed(evaluation) => {
                self.frame_mut(frame)?.previous = id;
                self.fail(frame, evaluation.failure.clone(), false)
            }
            EventKind::StateFailed(failure) => self.fail(frame, Failure::clone(failure), true),
            EventKind::StateAborted => self.abort(frame, id),
            EventKind::FrameAborted => self.abort(frame, EventId::NONE),
            EventKind::WaitStarted { until } => {
                let timer = TimerId::new(self.sequence.number());
                self.timers.insert(timer, frame);
                self.frame_mut(frame)?.stage = Stage::Waiting {
                    timer,
                    until: *until,
                };
                Ok(())
            }
            EventKind::TimerFired => self.timer_fired(frame),
            EventKind::RetryScheduled { retrier, until } => self.back_off(frame, *retrier, *until),
            EventKind::TaskScheduled(task) => self.task_scheduled(program, event, task),
            EventKind::TaskStarted { .. } => self.task_started(event),
            EventKind::TaskHeartbeat => self.task_heartbeat(event),
            EventKind::TaskSubmitted { output } => self.task_submitted(frame, output),
            EventKind::TaskSucceeded { output } => self.task_succeeded(frame, output),
            EventKind::TaskScheduleFailed(failure)
            | EventKind::TaskStartFailed(failure)
            | EventKind::TaskSubmitFailed(failure)
            | EventKind::TaskFailed(failure) => self.task_failed(frame, failure, Origin::Task),
            EventKind::TaskTimedOut { failure, heartbeat } => {
                let origin = if *heartbeat {
                    Origin::Heartbeat
                } else {
                    Origin::Task
                };
                self.task_failed(frame, failure, origin)
            }
            EventKind::ParallelStarted { input } => self.parallel_started(program, event, input),
            EventKind::BranchSucceeded { output } => self.branch_succeeded(frame, output),
            EventKind::BranchFailed(failure) => self.branch_failed(frame, failure),
            EventKind::ParallelSucceeded | EventKind::MapSucceeded => {
                self.children_announced(frame)
            }
            EventKind::ParallelFailed | EventKind::MapFailed => self.failure_announced(frame),
            EventKind::MapStarted(map) => self.map_started(program, event, map),
            EventKind::MapIterationStarted { index, input } => {
                self.iteration_started(program, event, *index, input)
            }
            EventKind::MapIterationSucceeded { index, output } => {
                self.iteration_succeeded(frame, *index, output)
            }
            EventKind::MapIterationFailed { index, failure } => {
                self.iteration_failed(frame, *index, failure)
            }
            EventKind::MapIterationAborted { index } => self.iteration_aborted(frame, *index),
            EventKind::MapRunStarted(started) => self.map_run_started(frame, started),
            EventKind::MapRunSucceeded { output } => self.map_run_succeeded(frame, output),
            EventKind::MapRunFailed(failure) => self.map_run_failed(frame, Failure::clone(failure)),
            EventKind::MapRunAborted => self.map_run_failed(frame, Failure::default()),
            EventKind::MapRunRedriven { count, .. } => self.map_run_redriven(frame, *count),
        }
    }

    fn start(&mut self, program: &Program, event: &Event, input: &Data) -> Result<(), Invariant> {
        let block = self.header.block;
        let state = program
            .block(block)
            .ok_or(Invariant::new("the program has the execution's block"))?
            .start;
        self.deadline = self.timeout_from(program, event.at);
        let root = self.frames.insert(Frame {
            generation: 0,
            queued: false,
            parent: None,
            position: 0,
            state,
            stage: Stage::Enter,
            input: input.clone(),
            previous: EventId::NONE,
            entered: EventId::NONE,
            before: EventId::NONE,
            entered_at: event.at,
            variables: Default::default(),
            retries: RetryCounts::default(),
        });
        if root != FrameId::ROOT {
            return Err(Invariant::new("an execution starts once"));
        }
        Ok(())
    }

    fn close(&mut self, status: Status) -> Result<(), Invariant> {
        self.status = status;
        self.closing = None;
        self.deadline = None;
        self.tasks.clear();
        self.timers.clear();
        self.map_runs.clear();
        Ok(())
    }

    fn enter(&mut self, event: &Event, state: StateId, input: &Data) -> Result<(), Invariant> {
        let id = self.last_event;
        let frame = self.frame_mut(event.frame)?;
        frame.state = state;
        frame.input = input.clone();
        frame.before = event.previous;
        frame.entered = id;
        frame.previous = id;
        frame.entered_at = event.at;
        frame.retries.clear();
        frame.stage = Stage::Entered;
        Ok(())
    }

    fn exit(
        &mut self,
        id: FrameId,
        output: &Data,
        assigned: Option<&[(std::sync::Arc<str>, Data)]>,
        next: Option<StateId>,
    ) -> Result<(), Invariant> {
        let previous = self.last_event;
        self.drop_children(id)?;
        let frame = self.frame_mut(id)?;
        frame.previous = previous;
        if let Some(assigned) = assigned {
            let values = assigned
                .iter()
                .map(|(name, value)| (std::sync::Arc::clone(name), value.payload.json().clone()));
            frame.variables = frame.variables.with_assigned(values);
        }
        match next {
            Some(state) => {
                frame.state = state;
                frame.input = output.clone();
                frame.stage = Stage::Enter;
            }
            None => frame.stage = Stage::Ended(output.clone()),
        }
        Ok(())
    }

    /// `announced` says that history needs no further word for the failure.
    fn fail(&mut self, id: FrameId, failure: Failure, announced: bool) -> Result<(), Invariant> {
        let frame = self.frame_mut(id)?;
        let stage = std::mem::replace(&mut frame.stage, Stage::Enter);
        let (announced, terminal, was) = match stage {
            Stage::Failed(failed) => (failed.announced, true, failed.was),
            Stage::Join(mut join) => {
                join.failure = Some(failure);
                frame.stage = Stage::Join(join);
                return Ok(());
            }
            Stage::Joined(_) | Stage::MapRun(_) | Stage::MapRunDone(_, _) => {
                // The children already ended well, and history says so.
                (true, false, Some(stage))
            }
            Stage::Enter
            | Stage::Entered
            | Stage::Waiting { .. }
            | Stage::WaitOver
            | Stage::Task(_)
            | Stage::Done(_)
            | Stage::MapReady(_)
            | Stage::BackingOff { .. }
            | Stage::Ended(_)
            | Stage::Dead(_) => (announced, false, None),
        };
        let failed = FailedStage {
            failure,
            origin: Origin::State,
            announced,
            terminal,
            was,
        };
        frame.stage = Stage::Failed(Box::new(failed));
        Ok(())
    }

    fn timer_fired(&mut self, id: FrameId) -> Result<(), Invariant> {
        let frame = self.frame_mut(id)?;
        let (timer, stage) = match frame.stage {
            Stage::Waiting { timer, .. } => (timer, Stage::WaitOver),
            Stage::BackingOff { timer, .. } => (timer, Stage::Entered),
            _ => {
                return Err(Invariant::new(
                    "a timer fires for a frame that waits for it",
                ));
            }
        };
        frame.stage = stage;
        self.timers.remove(&timer);
        Ok(())
    }

    fn back_off(
        &mut self,
        id: FrameId,
        retrier: u32,
        until: passo_vocab::Timestamp,
    ) -> Result<(), Invariant> {
        self.drop_children(id)?;
        let timer = TimerId::new(self.sequence.number());
        self.timers.insert(timer, id);
        let frame = self.frame_mut(id)?;
        frame.retries.count(retrier);
        frame.stage = Stage::BackingOff { timer, until };
        Ok(())
    }

    fn map_run_started(
        &mut self,
        id: FrameId,
        started: &crate::MapRunStarted,
    ) -> Result<(), Invariant> {
        let (event, map_run) = (self.last_event, MapRunId::new(self.sequence.number()));
        self.map_runs.insert(map_run, id);
        let frame = self.frame_mut(id)?;
        let Stage::MapReady(map) = std::mem::replace(&mut frame.stage, Stage::Enter) else {
            return Err(Invariant::new("a Map run starts once its items are known"));
        };
        frame.previous = event;
        frame.stage = Stage::MapRun(Box::new(MapRunStage {
            map_run,
            map: *map,
            started: started.clone(),
            event,
            redrives: 0,
            resuming: false,
            announced: false,
        }));
        Ok(())
    }

    fn map_run_succeeded(&mut self, id: FrameId, output: &Data) -> Result<(), Invariant> {
        let event = self.last_event;
        let run = self.take_map_run(id)?;
        let frame = self.frame_mut(id)?;
        frame.previous = event;
        frame.stage = Stage::MapRunDone(run, output.clone());
        Ok(())
    }

    fn map_run_failed(&mut self, id: FrameId, failure: Failure) -> Result<(), Invariant> {
        let event = self.last_event;
        let run = self.take_map_run(id)?;
        let frame = self.frame_mut(id)?;
        frame.previous = event;
        frame.stage = Stage::Failed(Box::new(FailedStage {
            failure,
            origin: Origin::State,
            announced: false,
            terminal: false,
            was: Some(Stage::MapRun(run)),
        }));
        Ok(())
    }

    fn map_run_redriven(&mut self, id: FrameId, count: u32) -> Result<(), Invariant> {
        let event = self.last_event;
        let frame = self.frame_mut(id)?;
        frame.previous = event;
        let Stage::MapRun(run) = &mut frame.stage else {
            return Err(Invariant::new("a Map run is redriven where it failed"));
        };
        run.redrives = count;
        run.resuming = false;
        Ok(())
    }

    fn take_map_run(&mut self, id: FrameId) -> Result<Box<MapRunStage>, Invariant> {
        let frame = self.frame_mut(id)?;
        let Stage::MapRun(run) = std::mem::replace(&mut frame.stage, Stage::Enter) else {
            return Err(Invariant::new("a Map run ends where it started"));
        };
        self.map_runs.remove(&run.map_run);
        Ok(run)
    }
}
