//! One call of `decide`: the loop, and how events come about.

use std::sync::Arc;

use passo_asl::program::{Program, State};
use passo_expr::Environment;
use passo_vocab::{ErrorName, Failure};

use crate::execution::{Frame, Stage};
use crate::flow::{Evaluator, Fault, Value};
use crate::token::new_token;
use crate::{
    Budget, Command, Data, Decision, EvaluationFailed, Event, EventId, EventKind, Execution,
    FrameId, Invariant, PayloadId, Progress, TimerId, WaitScale,
};

pub(super) struct Turn<'a> {
    pub execution: &'a mut Execution,
    pub program: &'a Program,
    pub environment: &'a Environment,
    pub decision: &'a mut Decision,
    pub wait_scale: WaitScale,
    emitted: u32,
}

/// Gives names to new payloads of one event.
pub(super) struct Names {
    next: PayloadId,
}

impl Names {
    pub fn of(&mut self, value: Value) -> Data {
        match value {
            Value::Kept(data) => data,
            Value::New(payload) => {
                let id = self.next;
                self.next = id.next();
                Data::new(id, payload)
            }
        }
    }
}

impl<'a> Turn<'a> {
    pub fn new(
        execution: &'a mut Execution,
        program: &'a Program,
        environment: &'a Environment,
        decision: &'a mut Decision,
    ) -> Turn<'a> {
        Turn {
            execution,
            program,
            environment,
            decision,
            wait_scale: WaitScale::FULL,
            emitted: 0,
        }
    }

    pub fn run(&mut self, budget: Budget) -> Result<Progress, Invariant> {
        self.wait_scale = budget.wait_scale;
        while self.execution.status.is_running() {
            if self.emitted >= budget.get() {
                self.set_deadline();
                return Ok(Progress::More);
            }
            let before = self.execution.sequence;
            if self.execution.closing.is_some() {
                self.close_step()?;
            } else if let Some((frame, _)) = self.execution.ready.front().copied() {
                self.step(frame)?;
            } else {
                self.set_deadline();
                return Ok(Progress::Settled);
            }
            if self.execution.sequence == before {
                return Err(Invariant::new("what can move does"));
            }
        }
        Ok(Progress::Settled)
    }

    /// Makes an event and applies it. At the limit of a history's length the execution fails instead; afterwards
    /// nothing more is made.
    pub fn emit(
        &mut self,
        frame: FrameId,
        previous: EventId,
        kind: EventKind,
    ) -> Result<(), Invariant> {
        if !self.execution.status.is_running()
            && !matches!(kind, EventKind::ExecutionRedriven { .. })
        {
            return Ok(());
        }
        let kind = if self.is_beyond_history(&kind) {
            history_full(&self.execution.header.limits)
        } else {
            kind
        };
        let closes = is_terminal(&kind);
        if closes {
            self.cancel_everything();
        }
        // What users do not see follows nothing.
        let previous = if kind.is_visible() {
            previous
        } else {
            EventId::NONE
        };
        let event = Event {
            at: self.environment.now,
            frame,
            previous,
            kind,
        };
        self.execution.evolve(self.program, &event)?;
        self.decision.events.push(event);
        self.emitted = self.emitted.saturating_add(1);
        if closes {
            self.decision.commands.push(Command::Finish {
                status: self.execution.status.clone(),
            });
        }
        Ok(())
    }

    pub fn command(&mut self, command: Command) {
        if self.execution.status.is_running() {
            self.decision.commands.push(command);
        }
    }

    pub fn names(&self) -> Names {
        Names {
            next: self.execution.next_payload,
        }
    }

    pub fn frame(&self, id: FrameId) -> Result<&Frame, Invariant> {
        self.execution.frame(id)
    }

    pub fn state(&self, id: FrameId) -> Result<&'a State, Invariant> {
        let state = self.execution.frame(id)?.state;
        self.program
            .state(state)
            .ok_or(Invariant::new("the program has the state of a frame"))
    }

    pub fn evaluator(&self, id: FrameId) -> Result<Evaluator<'_>, Invariant> {
        let frame = self.execution.frame(id)?;
        let state = self
            .program
            .state(frame.state)
            .ok_or(Invariant::new("the program has the state of a frame"))?;
        Ok(Evaluator::new(
            self.execution,
            frame,
            state,
            self.environment,
        ))
    }

    /// The state failed by itself.
    pub fn fault(&mut self, id: FrameId, fault: &Fault) -> Result<(), Invariant> {
        let state = self.state(id)?;
        let frame = self.frame(id)?;
        let failure = fault.failure(state, frame);
        let Some(location) = fault.evaluation() else {
            return self.emit(
                id,
                frame.previous,
                EventKind::StateFailed(Box::new(failure)),
            );
        };
        // Recorded on AWS: a state that fails in its first evaluation shows the failure beside its entry, not after
        // it; a Wait state after it.
        let at_once = matches!(frame.stage, Stage::Entered) && frame.retries.total == 0;
        let waits = matches!(state.kind, passo_asl::program::StateKind::Wait(_));
        let previous = if at_once && !waits {
            frame.before
        } else {
            frame.previous
        };
        let failed = EvaluationFailed {
            state: frame.state,
            failure,
            location,
        };
        self.emit(id, previous, EventKind::EvaluationFailed(Box::new(failed)))
    }

    /// A token that completes a task, for whoever is told.
    pub fn new_token(&self) -> Arc<str> {
        new_token(
            &self.execution.header.execution_arn,
            &self.environment.entropy,
        )
    }

    /// What is outstanding is no longer wanted.
    fn cancel_everything(&mut self) {
        let execution = &*self.execution;
        let commands = &mut self.decision.commands;
        commands.extend(
            execution
                .tasks
                .keys()
                .map(|task| Command::CancelTask { task: *task }),
        );
        commands.extend(
            execution
                .timers
                .keys()
                .map(|timer| Command::CancelTimer { timer: *timer }),
        );
        commands.extend(
            execution
                .map_runs
                .keys()
                .map(|map_run| Command::StopMapRun { map_run: *map_run }),
        );
        if execution.deadline_set && execution.deadline.is_some() {
            commands.push(Command::CancelTimer {
                timer: TimerId::EXECUTION,
            });
        }
    }

    /// Only an execution that does not end at once needs a timer for its own timeout.
    fn set_deadline(&mut self) {
        if self.execution.deadline_set {
            return;
        }
        if let Some(at) = self.execution.deadline {
            self.execution.deadline_set = true;
            self.command(Command::SetTimer {
                timer: TimerId::EXECUTION,
                at,
            });
        }
    }

    /// The last event that a history can hold is the execution's end.
    /// Source: Step Functions Developer Guide, "Avoid reaching the history quota".
    fn is_beyond_history(&self, kind: &EventKind) -> bool {
        let Some(most) = self.execution.header.limits.history_events_max else {
            return false;
        };
        kind.is_visible()
            && !is_terminal(kind)
            && !matches!(kind, EventKind::ExecutionRedriven { .. })
            && self.execution.last_event.next().number() >= most
    }
}

fn is_terminal(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::ExecutionSucceeded { .. }
            | EventKind::ExecutionFailed(_)
            | EventKind::ExecutionTimedOut(_)
            | EventKind::ExecutionAborted(_)
    )
}

fn history_full(limits: &crate::Limits) -> EventKind {
    let most = limits.history_events_max.unwrap_or(u64::MAX);
    let cause = format!("The execution reached the maximum number of history events ({most}).");
    EventKind::ExecutionFailed(Box::new(Failure::new(ErrorName::RUNTIME, cause)))
}
