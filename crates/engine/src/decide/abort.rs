//! Ending what still runs when what it belongs to has failed or is closed.

use passo_asl::program::StateKind;

use super::turn::Turn;
use crate::execution::{Frame, Stage};
use crate::{Closing, Command, EventId, EventKind, FrameId, Invariant};

/// The next thing to do to a frame that must end.
#[derive(Clone, Copy)]
pub(super) enum Abort {
    /// Say that its state is aborted.
    State(FrameId),
    /// The same, where history has no word for it.
    Silently(FrameId),
    /// Say that the iteration of this parent is aborted.
    Iteration(FrameId, u32),
}

impl Turn<'_> {
    /// One step of ending an execution from outside.
    pub fn close_step(&mut self) -> Result<(), Invariant> {
        if let Some(abort) = self.next_abort(FrameId::ROOT)? {
            let previous = self.frame(FrameId::ROOT)?.previous;
            return self.abort(abort, previous);
        }
        match self.execution.closing.clone() {
            Some(closing) => self.emit_closed(closing),
            None => Err(Invariant::new("an execution closes for a reason")),
        }
    }

    /// Recorded on AWS: the end from outside follows no event.
    pub fn emit_closed(&mut self, closing: Closing) -> Result<(), Invariant> {
        let kind = match closing {
            Closing::Stopped(failure) => EventKind::ExecutionAborted(Box::new(failure)),
            Closing::TimedOut(failure) => EventKind::ExecutionTimedOut(Box::new(failure)),
        };
        self.emit(FrameId::ROOT, EventId::NONE, kind)
    }

    /// One step of ending what a failed child leaves behind: its siblings, then the Task that failed. Order and
    /// causes as recorded on AWS.
    pub fn unwind(&mut self, id: FrameId) -> Result<(), Invariant> {
        let previous = self.frame(id)?.previous;
        if let Some(abort) = self.next_abort(id)? {
            return self.abort(abort, previous);
        }
        let Stage::Join(join) = &self.frame(id)?.stage else {
            return Err(Invariant::new(
                "children belong to a frame that waits for them",
            ));
        };
        if let Some(failed) = join.failed
            && let Stage::Dead(dead) = &self.frame(failed)?.stage
            && !dead.aborted
            && matches!(self.state(failed)?.kind, StateKind::Task(_))
        {
            return self.emit(failed, previous, EventKind::StateAborted);
        }
        self.failed(id)
    }

    /// The innermost frame inside `id` that must end first, if any is left.
    pub fn next_abort(&self, id: FrameId) -> Result<Option<Abort>, Invariant> {
        let children: Vec<FrameId> = self.frame(id)?.stage.children().collect();
        let in_map = matches!(self.state(id)?.kind, StateKind::Map(_));
        for child in children {
            let frame = self.frame(child)?;
            if let Stage::Dead(dead) = &frame.stage {
                if in_map && !dead.closed {
                    return Ok(Some(Abort::Iteration(id, frame.position)));
                }
                continue;
            }
            // Nesting is as deep as the definition's, which has a bound.
            if let Some(abort) = self.next_abort(child)? {
                return Ok(Some(abort));
            }
            if is_inside_state(frame) && has_aborted_event(&self.state(child)?.kind) {
                return Ok(Some(Abort::State(child)));
            }
            return Ok(Some(if in_map {
                Abort::Iteration(id, frame.position)
            } else {
                Abort::Silently(child)
            }));
        }
        Ok(None)
    }

    fn abort(&mut self, abort: Abort, previous: EventId) -> Result<(), Invariant> {
        match abort {
            Abort::State(id) => {
                self.cancel_work(id)?;
                self.emit(id, previous, EventKind::StateAborted)
            }
            Abort::Silently(id) => {
                self.cancel_work(id)?;
                self.emit(id, previous, EventKind::FrameAborted)
            }
            Abort::Iteration(parent, index) => {
                self.emit(parent, previous, EventKind::MapIterationAborted { index })
            }
        }
    }

    fn cancel_work(&mut self, id: FrameId) -> Result<(), Invariant> {
        match &self.frame(id)?.stage {
            Stage::Task(stage) => {
                let (task, timer) = (stage.task, stage.timer);
                self.command(Command::CancelTask { task });
                if let Some((timer, _)) = timer {
                    self.command(Command::CancelTimer { timer });
                }
            }
            Stage::Waiting { timer, .. } | Stage::BackingOff { timer, .. } => {
                let timer = *timer;
                self.command(Command::CancelTimer { timer });
            }
            Stage::MapRun(run) => {
                let map_run = run.map_run;
                self.command(Command::StopMapRun { map_run });
            }
            _ => {}
        }
        Ok(())
    }
}

/// Whether the frame's state was entered and not left.
fn is_inside_state(frame: &Frame) -> bool {
    !matches!(frame.stage, Stage::Enter | Stage::Ended(_))
}

fn has_aborted_event(kind: &StateKind) -> bool {
    match kind {
        StateKind::Task(_) | StateKind::Wait(_) | StateKind::Parallel(_) | StateKind::Map(_) => {
            true
        }
        StateKind::Pass(_) | StateKind::Choice(_) | StateKind::Succeed(_) | StateKind::Fail(_) => {
            false
        }
    }
}
