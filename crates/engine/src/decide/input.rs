//! What each input changes, before the execution moves on by itself.

use passo_asl::program::{StateKind, TaskResource};
use passo_json::Payload;
use passo_vocab::{ErrorName, Failure, Timestamp};

use super::turn::Turn;
use crate::execution::{Stage, TaskStage};
use crate::flow::{Fault, Value};
use crate::{
    Closing, Command, Data, EventId, EventKind, FrameId, Input, Invariant, MapRunId, MapRunOutcome,
    PayloadId, Sequence, Status, TaskId, TaskUpdate, TimerId, WorkflowType,
};

impl Turn<'_> {
    pub fn accept(&mut self, input: Input) -> Result<(), Invariant> {
        match input {
            Input::Start => self.start(),
            Input::Continue => Ok(()),
            Input::Task { task, update } => self.task_update(task, update),
            Input::TimerFired { timer } => self.timer_fired(timer),
            Input::MapRunFinished {
                map_run,
                redrives,
                outcome,
            } => self.map_run_finished(map_run, redrives, outcome),
            Input::Stop { failure } => self.close(Closing::Stopped(failure)),
            Input::Redrive => self.redrive(),
        }
    }

    fn start(&mut self) -> Result<(), Invariant> {
        if self.execution.sequence != Sequence::default() {
            return Ok(());
        }
        let input = Data::new(PayloadId::INPUT, self.execution.header.input.clone());
        self.emit(
            FrameId::ROOT,
            EventId::NONE,
            EventKind::ExecutionStarted { input },
        )
    }

    fn task_update(&mut self, task: TaskId, update: TaskUpdate) -> Result<(), Invariant> {
        let Some(id) = self.execution.tasks.get(&task).copied() else {
            return Ok(());
        };
        let Stage::Task(stage) = &self.frame(id)?.stage else {
            return Ok(());
        };
        let (started, submitted) = (stage.started, stage.submitted.is_some());
        let old = stage.timer;
        match update {
            TaskUpdate::Started { worker } if !started => {
                self.emit_next(id, EventKind::TaskStarted { worker })?;
            }
            TaskUpdate::Submitted(payload) if !submitted => {
                self.ensure_started(id, started)?;
                let output = self.names().of(Value::New(payload));
                self.emit_next(id, EventKind::TaskSubmitted { output })?;
            }
            TaskUpdate::Started { .. } | TaskUpdate::Submitted(_) => {}
            TaskUpdate::Heartbeat => {
                if stage.scheduled.heartbeat_seconds.is_some() {
                    self.emit_next(id, EventKind::TaskHeartbeat)?;
                }
            }
            TaskUpdate::Succeeded(payload) => {
                self.ensure_started(id, started)?;
                let kind = self.result(id, payload)?;
                self.emit_next(id, kind)?;
            }
            TaskUpdate::ScheduleFailed(failure) => {
                self.emit_next(id, EventKind::TaskScheduleFailed(Box::new(failure)))?;
            }
            TaskUpdate::StartFailed(failure) => {
                self.emit_next(id, EventKind::TaskStartFailed(Box::new(failure)))?;
            }
            TaskUpdate::SubmitFailed(failure) => {
                self.ensure_started(id, started)?;
                self.emit_next(id, EventKind::TaskSubmitFailed(Box::new(failure)))?;
            }
            TaskUpdate::Failed(failure) => {
                self.ensure_started(id, started)?;
                self.emit_next(id, EventKind::TaskFailed(Box::new(failure)))?;
            }
            TaskUpdate::TimedOut(failure) => {
                self.ensure_started(id, started)?;
                let failure = Box::new(failure);
                self.emit_next(
                    id,
                    EventKind::TaskTimedOut {
                        failure,
                        heartbeat: false,
                    },
                )?;
            }
        }
        self.follow_timer(id, old);
        Ok(())
    }

    /// A driver need not say that a task started when it tells more at once.
    fn ensure_started(&mut self, id: FrameId, started: bool) -> Result<(), Invariant> {
        if started {
            return Ok(());
        }
        self.emit_next(id, EventKind::TaskStarted { worker: None })
    }

    /// A result over the limit is a failure that names the task. Recorded on AWS.
    fn result(&self, id: FrameId, payload: Payload) -> Result<EventKind, Invariant> {
        if payload.text().len() <= self.execution.header.limits.payload_bytes_max {
            let output = self.names().of(Value::New(payload));
            return Ok(EventKind::TaskSucceeded { output });
        }
        let state = self.state(id)?;
        let what = match &state.kind {
            StateKind::Task(task) => match &task.resource {
                TaskResource::LambdaFunction { arn } | TaskResource::Activity { arn } => arn,
                TaskResource::Service { resource_type, .. } => resource_type,
            },
            _ => return Err(Invariant::new("a task belongs to a Task state")),
        };
        Ok(EventKind::TaskFailed(Box::new(crate::flow::too_large(
            what,
        ))))
    }

    fn timer_fired(&mut self, timer: TimerId) -> Result<(), Invariant> {
        if timer == TimerId::EXECUTION {
            let due = self
                .execution
                .deadline
                .is_some_and(|deadline| deadline <= self.environment.now);
            if !due {
                return Ok(());
            }
            // Recorded on AWS: a Standard execution that times out shows neither error nor cause.
            let error = match self.execution.header.workflow_type {
                WorkflowType::Standard => None,
                WorkflowType::Express => Some(ErrorName::TIMEOUT),
            };
            let failure = Failure { error, cause: None };
            return self.close(Closing::TimedOut(failure));
        }
        let Some(id) = self.execution.timers.get(&timer).copied() else {
            return Ok(());
        };
        let Stage::Task(stage) = &self.frame(id)?.stage else {
            return self.emit(id, EventId::NONE, EventKind::TimerFired);
        };
        let TaskStage {
            task, heartbeat, ..
        } = **stage;
        let failure = Box::new(Failure {
            error: Some(ErrorName::TIMEOUT),
            cause: None,
        });
        self.command(Command::CancelTask { task });
        self.emit_next(id, EventKind::TaskTimedOut { failure, heartbeat })
    }

    fn map_run_finished(
        &mut self,
        map_run: MapRunId,
        redrives: u32,
        outcome: MapRunOutcome,
    ) -> Result<(), Invariant> {
        let Some(id) = self.execution.map_runs.get(&map_run).copied() else {
            return Ok(());
        };
        if self.execution.awaited_redrives(map_run) != Some(redrives) {
            return Ok(());
        }
        let kind = match outcome {
            MapRunOutcome::Succeeded(payload)
                if payload.text().len() > self.execution.header.limits.payload_bytes_max =>
            {
                let failure = crate::flow::too_large(self.state(id)?.name.as_str());
                EventKind::MapRunFailed(Box::new(failure))
            }
            MapRunOutcome::Succeeded(payload) => {
                let output = self.names().of(Value::New(payload));
                EventKind::MapRunSucceeded { output }
            }
            MapRunOutcome::Failed(failure) => EventKind::MapRunFailed(Box::new(failure)),
            MapRunOutcome::Aborted => EventKind::MapRunAborted,
        };
        self.emit_next(id, kind)
    }

    /// Ends the execution from outside; what runs inside its Parallel and Map states is aborted first.
    fn close(&mut self, closing: Closing) -> Result<(), Invariant> {
        let begun = self.execution.sequence != Sequence::default();
        if !begun || !self.execution.status.is_running() || self.execution.closing.is_some() {
            return Ok(());
        }
        if self.next_abort(FrameId::ROOT)?.is_some() {
            // What ends already, in as many steps as it takes, cannot run out of time any more.
            if self.execution.deadline.is_some() {
                self.command(Command::CancelTimer {
                    timer: TimerId::EXECUTION,
                });
            }
            return self.emit(
                FrameId::ROOT,
                EventId::NONE,
                EventKind::ClosingStarted(Box::new(closing)),
            );
        }
        self.emit_closed(closing)
    }

    fn redrive(&mut self) -> Result<(), Invariant> {
        let redrivable = match self.execution.status {
            Status::Failed { .. } | Status::TimedOut { .. } | Status::Aborted { .. } => true,
            Status::Running | Status::Succeeded { .. } => false,
        };
        if !redrivable || self.execution.header.workflow_type == WorkflowType::Express {
            return Ok(());
        }
        let count = self.execution.redrives.saturating_add(1);
        let previous = self.execution.last_event;
        self.emit(
            FrameId::ROOT,
            previous,
            EventKind::ExecutionRedriven { count },
        )?;
        let waiting: Vec<(TimerId, Timestamp)> = self
            .execution
            .frames
            .iter()
            .filter_map(|(_, frame)| match frame.stage {
                Stage::Waiting { timer, until } => Some((timer, until)),
                _ => None,
            })
            .collect();
        for (timer, at) in waiting {
            self.command(Command::SetTimer { timer, at });
        }
        Ok(())
    }

    /// An event that follows the frame's last one.
    pub fn emit_next(&mut self, id: FrameId, kind: EventKind) -> Result<(), Invariant> {
        let previous = self.frame(id)?.previous;
        self.emit(id, previous, kind)
    }

    /// Tells the driver where a task's timer changed.
    pub fn follow_timer(&mut self, id: FrameId, old: Option<(TimerId, Timestamp)>) {
        let new = match self.frame(id).map(|frame| &frame.stage) {
            Ok(Stage::Task(stage)) => stage.timer,
            _ => None,
        };
        if new == old {
            return;
        }
        if let Some((timer, _)) = old {
            self.command(Command::CancelTimer { timer });
        }
        if let Some((timer, at)) = new {
            self.command(Command::SetTimer { timer, at });
        }
    }

    /// Emits what `kind` makes of a state's evaluation, or the state's failure.
    pub fn settle<T>(
        &mut self,
        id: FrameId,
        outcome: Result<T, Fault>,
        apply: impl FnOnce(&mut Self, T) -> Result<(), Invariant>,
    ) -> Result<(), Invariant> {
        match outcome {
            Ok(value) => apply(self, value),
            Err(fault) => self.fault(id, &fault),
        }
    }
}
