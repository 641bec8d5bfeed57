//! Frames and their children: access, removal, abort.

use passo_asl::program::{BlockId, Program};

use crate::execution::{Dead, Frame, Join, RetryCounts, Stage};
use crate::{Data, EventId, Execution, FrameId, Invariant};

impl Execution {
    pub(crate) fn frame(&self, id: FrameId) -> Result<&Frame, Invariant> {
        self.frames
            .get(id)
            .ok_or(Invariant::new("an event's frame exists"))
    }

    pub(crate) fn frame_mut(&mut self, id: FrameId) -> Result<&mut Frame, Invariant> {
        self.frames
            .get_mut(id)
            .ok_or(Invariant::new("an event's frame exists"))
    }

    pub(super) fn join_mut(&mut self, id: FrameId) -> Result<&mut Join, Invariant> {
        match &mut self.frame_mut(id)?.stage {
            Stage::Join(join) => Ok(join),
            _ => Err(Invariant::new(
                "children belong to a frame that waits for them",
            )),
        }
    }

    /// A new frame inside `parent`, ready to enter the first state of `block`.
    pub(super) fn add_child(
        &mut self,
        program: &Program,
        parent: FrameId,
        block: BlockId,
        position: u32,
        input: &Data,
    ) -> Result<FrameId, Invariant> {
        let state = program
            .block(block)
            .ok_or(Invariant::new("the program has the block of a branch"))?
            .start;
        let previous = self.last_event;
        let around = self.frame(parent)?;
        let child = Frame {
            generation: 0,
            queued: false,
            parent: Some(parent),
            position,
            state,
            stage: Stage::Enter,
            input: input.clone(),
            previous,
            entered: EventId::NONE,
            before: EventId::NONE,
            entered_at: around.entered_at,
            variables: around.variables.child_scope(),
            retries: RetryCounts::default(),
        };
        let id = self.frames.insert(child);
        self.settle(id);
        Ok(id)
    }

    /// Removes every frame inside a frame, however deep.
    pub(super) fn drop_children(&mut self, id: FrameId) -> Result<(), Invariant> {
        let mut doomed: Vec<FrameId> = self.frame(id)?.stage.children().collect();
        while let Some(child) = doomed.pop() {
            self.forget_work(child);
            if let Some(frame) = self.frames.remove(child) {
                doomed.extend(frame.stage.children());
            }
        }
        Ok(())
    }

    /// `event` is the visible event that says so, if any.
    pub(super) fn abort(&mut self, id: FrameId, event: EventId) -> Result<(), Invariant> {
        self.forget_work(id);
        let frame = self.frame_mut(id)?;
        let visible = event != EventId::NONE;
        if let Stage::Dead(dead) = &mut frame.stage {
            dead.aborted = dead.aborted || visible;
            return Ok(());
        }
        let was = std::mem::replace(&mut frame.stage, Stage::Enter);
        frame.stage = Stage::Dead(Box::new(Dead {
            aborted: visible,
            closed: false,
            was,
        }));
        Ok(())
    }

    /// A dead child that its parent need not look at again.
    pub(super) fn bury(&mut self, id: FrameId) -> Result<(), Invariant> {
        self.forget_work(id);
        let frame = self.frame_mut(id)?;
        if let Stage::Dead(dead) = &mut frame.stage {
            dead.closed = true;
            return Ok(());
        }
        let was = std::mem::replace(&mut frame.stage, Stage::Enter);
        frame.stage = Stage::Dead(Box::new(Dead {
            aborted: false,
            closed: true,
            was,
        }));
        Ok(())
    }

    /// News of what the frame had under way are no longer wanted.
    fn forget_work(&mut self, id: FrameId) {
        let Some(frame) = self.frames.get(id) else {
            return;
        };
        match &frame.stage {
            Stage::Task(task) => {
                self.tasks.remove(&task.task);
                if let Some((timer, _)) = task.timer {
                    self.timers.remove(&timer);
                }
            }
            Stage::Waiting { timer, .. } | Stage::BackingOff { timer, .. } => {
                self.timers.remove(timer);
            }
            Stage::MapRun(run) => {
                self.map_runs.remove(&run.map_run);
            }
            Stage::Enter
            | Stage::Entered
            | Stage::WaitOver
            | Stage::Done(_)
            | Stage::Join(_)
            | Stage::Joined(_)
            | Stage::MapReady(_)
            | Stage::MapRunDone(_, _)
            | Stage::Failed(_)
            | Stage::Ended(_)
            | Stage::Dead(_) => {}
        }
    }
}
