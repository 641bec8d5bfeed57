//! What each state type does, one step at a time.

pub(crate) mod choice;
mod fail;
pub(crate) mod map;
pub(crate) mod map_run;
pub(crate) mod parallel;
pub(crate) mod pass;
pub(crate) mod task;
pub(crate) mod wait;

use passo_asl::program::{StateKind, Succeed};

use super::exit::Exit;
use super::turn::Turn;
use crate::execution::Stage;
use crate::flow::{Evaluator, Fault};
use crate::{EventKind, FrameId, Invariant};

impl Turn<'_> {
    /// Moves the frame whose turn it is by one event.
    pub fn step(&mut self, id: FrameId) -> Result<(), Invariant> {
        match &self.frame(id)?.stage {
            Stage::Enter => self.enter(id),
            Stage::Entered => self.work(id),
            Stage::WaitOver => self.wait_over(id),
            Stage::Done(_) => self.task_done(id),
            Stage::Join(join) if join.failure.is_some() => self.unwind(id),
            Stage::Join(_) => self.start_iteration(id),
            Stage::Joined(join) if !join.announced => {
                let kind = if join.map.is_some() {
                    EventKind::MapSucceeded
                } else {
                    EventKind::ParallelSucceeded
                };
                self.emit_next(id, kind)
            }
            Stage::Joined(_) => self.joined(id),
            Stage::MapReady(_) => self.start_map_run(id),
            Stage::MapRun(_) => self.resume_map_run(id),
            Stage::MapRunDone(run, _) if !run.announced => {
                self.emit_next(id, EventKind::MapSucceeded)
            }
            Stage::MapRunDone(_, _) => self.map_run_done(id),
            Stage::Failed(_) => self.failed(id),
            Stage::Ended(output) => {
                let output = output.clone();
                self.end_scope(id, output)
            }
            Stage::Waiting { .. } | Stage::Task(_) | Stage::BackingOff { .. } | Stage::Dead(_) => {
                Err(Invariant::new("a frame has its turn when it can move"))
            }
        }
    }

    fn work(&mut self, id: FrameId) -> Result<(), Invariant> {
        match &self.state(id)?.kind {
            StateKind::Task(task) => self.schedule_task(id, task),
            StateKind::Pass(pass) => self.pass(id, pass),
            StateKind::Choice(choice) => self.choose(id, choice),
            StateKind::Wait(wait) => self.wait(id, wait),
            StateKind::Succeed(state) => {
                let exit = succeed(&self.evaluator(id)?, state);
                self.settle(id, exit, |turn, exit| turn.exit(id, exit))
            }
            StateKind::Fail(fail) => self.fail(id, fail),
            StateKind::Parallel(parallel) => self.start_parallel(id, parallel),
            StateKind::Map(map) => self.start_map(id, map),
        }
    }
}

/// How a Succeed state is left.
pub(crate) fn succeed(evaluator: &Evaluator<'_>, state: &Succeed) -> Result<Exit, Fault> {
    let effective = evaluator.input(&state.flow)?;
    let assigned = evaluator.assign_of_input(&state.flow, &effective)?;
    let output = evaluator.output_of_input(&state.flow, effective)?;
    Ok(Exit {
        output,
        assigned,
        next: None,
    })
}
