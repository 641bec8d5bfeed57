//! Redrive: a closed execution goes on from where it failed.
//!
//! Frames are kept when an execution closes. What ended well stays; a state that was entered but not left does its
//! work again; of a Parallel state or an inline Map only the unsuccessful children do.
//! Source: Step Functions Developer Guide, "Redriving executions".

use std::sync::Arc;

use passo_asl::program::{Program, StateKind};
use passo_vocab::{ErrorName, Timestamp};

use crate::execution::Stage;
use crate::{Event, Execution, FrameId, Invariant, Status};

impl Execution {
    pub(super) fn redrive(
        &mut self,
        program: &Program,
        event: &Event,
        count: u32,
    ) -> Result<(), Invariant> {
        self.status = Status::Running;
        self.closing = None;
        self.redrives = count;
        self.deadline = self.timeout_from(program, event.at);
        self.deadline_set = false;
        let context = Arc::make_mut(&mut self.context);
        context.redrive_count = context.redrive_count.map(|_| count);
        context.redrive_time = Some(event.at);
        let mut pending = vec![FrameId::ROOT];
        while let Some(id) = pending.pop() {
            self.revive(program, id)?;
            pending.extend(self.frame(id)?.stage.children());
            self.settle(id);
        }
        Ok(())
    }

    /// When an execution that starts or is redriven at `at` times out.
    pub(super) fn timeout_from(&self, program: &Program, at: Timestamp) -> Option<Timestamp> {
        let own = if self.header.block == Program::ROOT {
            program.timeout_seconds()
        } else {
            None
        };
        let most = self.header.limits.execution_seconds_max;
        let seconds = match (own, most) {
            (Some(own), Some(most)) => own.min(most),
            (own, most) => own.or(most)?,
        };
        Some(
            at.plus_millis(
                i64::try_from(seconds)
                    .unwrap_or(i64::MAX)
                    .saturating_mul(1000),
            ),
        )
    }

    fn revive(&mut self, program: &Program, id: FrameId) -> Result<(), Invariant> {
        let event = self.last_event;
        let frame = self.frame_mut(id)?;
        let fails = matches!(
            program.state(frame.state).map(|state| &state.kind),
            Some(StateKind::Fail(_))
        );
        let mut stage = std::mem::replace(&mut frame.stage, Stage::Enter);
        let mut redo = false;
        loop {
            stage = match stage {
                Stage::Dead(dead) => dead.was,
                Stage::Failed(failed) => {
                    redo = failed.failure.error.as_ref() == Some(&ErrorName::DATA_LIMIT_EXCEEDED);
                    failed.was.unwrap_or(Stage::Entered)
                }
                Stage::Task(_) | Stage::BackingOff { .. } => Stage::Entered,
                stage => break frame.stage = stage,
            };
        }
        frame.retries.clear();
        frame.previous = event;
        let mut timer = None;
        match &mut frame.stage {
            Stage::Entered if fails => frame.stage = Stage::Enter,
            Stage::Join(join) => {
                join.failure = None;
                join.failed = None;
                join.resume = event;
            }
            Stage::MapRun(run) => run.resuming = true,
            Stage::Waiting { timer: waiting, .. } => timer = Some(*waiting),
            _ => {}
        }
        if let Some(timer) = timer {
            self.timers.insert(timer, id);
        }
        if redo
            && matches!(
                self.frame(id)?.stage,
                Stage::Join(_) | Stage::Joined(_) | Stage::MapRun(_)
            )
        {
            self.drop_children(id)?;
            self.frame_mut(id)?.stage = Stage::Entered;
        }
        if let Stage::MapRun(run) = &self.frame(id)?.stage {
            let map_run = run.map_run;
            self.map_runs.insert(map_run, id);
        }
        Ok(())
    }
}
