//! Wait: goes on at a time.

use passo_asl::program::{StateKind, Wait, WaitUntil};
use passo_vocab::Timestamp;

use super::super::exit::{Exit, next_of};
use super::super::turn::Turn;
use crate::flow::{Evaluator, Fault};
use crate::{Command, EventId, EventKind, FrameId, Invariant, TimerId};

/// AWS's bound, 2^31 seconds: 24,855 days ahead are accepted, 24,856 are not. Recorded on AWS.
const SECONDS_AHEAD_MAX: i64 = 1 << 31;

impl Turn<'_> {
    pub fn wait(&mut self, id: FrameId, wait: &Wait) -> Result<(), Invariant> {
        let until = until(&self.evaluator(id)?, wait);
        self.settle(id, until, |turn, until| {
            let now = turn.environment.now;
            let wait = turn.wait_scale.apply(until.millis_since(now));
            let until = now.plus_millis(wait);
            if wait <= 0 {
                return turn.wait_over(id);
            }
            turn.emit(id, EventId::NONE, EventKind::WaitStarted { until })?;
            let timer = TimerId::new(turn.execution.sequence.number());
            turn.command(Command::SetTimer { timer, at: until });
            Ok(())
        })
    }

    pub fn wait_over(&mut self, id: FrameId) -> Result<(), Invariant> {
        let StateKind::Wait(wait) = &self.state(id)?.kind else {
            return Err(Invariant::new("only a Wait state waits"));
        };
        let exit = leave(&self.evaluator(id)?, wait);
        self.settle(id, exit, |turn, exit| turn.exit(id, exit))
    }
}

/// When a Wait state ends.
pub(crate) fn until(evaluator: &Evaluator<'_>, wait: &Wait) -> Result<Timestamp, Fault> {
    let effective = evaluator.input(&wait.flow)?;
    let now = evaluator.environment.now;
    match &wait.until {
        WaitUntil::Seconds(seconds) => {
            let seconds = evaluator.wait_seconds(seconds, effective.payload())?;
            Ok(now.plus_millis(seconds.saturating_mul(1000)))
        }
        WaitUntil::Timestamp(timestamp) => {
            let until = evaluator.wait_timestamp(timestamp, effective.payload())?;
            if until.millis_since(now) / 1000 >= SECONDS_AHEAD_MAX {
                return Err(Fault::runtime(format!(
                    "The timestamp is too far in the future: {until}"
                )));
            }
            Ok(until)
        }
    }
}

/// How a Wait state is left.
pub(crate) fn leave(evaluator: &Evaluator<'_>, wait: &Wait) -> Result<Exit, Fault> {
    let effective = evaluator.input(&wait.flow)?;
    let assigned = evaluator.assign_of_input(&wait.flow, &effective)?;
    let output = evaluator.output_of_input(&wait.flow, effective)?;
    Ok(Exit {
        output,
        assigned,
        next: next_of(wait.transition),
    })
}
