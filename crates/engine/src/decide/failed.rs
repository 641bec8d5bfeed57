//! A failed state: retry, catch, or give up.

use passo_asl::program::{Catcher, ErrorMatcher, Retrier, StateKind};
use passo_vocab::{ErrorName, Failure};

use super::turn::Turn;
use crate::execution::{Origin, Stage};
use crate::{EventKind, FrameId, Invariant};

impl Turn<'_> {
    pub fn failed(&mut self, id: FrameId) -> Result<(), Invariant> {
        let state = self.state(id)?;
        let frame = self.frame(id)?;
        let (failure, origin, announced, terminal) = match &frame.stage {
            Stage::Failed(failed) => (
                failed.failure.clone(),
                failed.origin,
                failed.announced,
                failed.terminal,
            ),
            Stage::Join(join) => (
                join.failure.clone().unwrap_or_default(),
                Origin::State,
                false,
                false,
            ),
            _ => return Err(Invariant::new("a failed frame has a failure")),
        };
        let (retriers, catchers) = handlers(&state.kind);
        if !terminal && let Some((place, retrier)) = self.retrier(id, retriers, &failure, origin)? {
            return self.retry(id, place, retrier);
        }
        if !announced {
            match &state.kind {
                StateKind::Parallel(_) => return self.emit_next(id, EventKind::ParallelFailed),
                StateKind::Map(_) => return self.emit_next(id, EventKind::MapFailed),
                _ => {}
            }
        }
        if !terminal {
            let catcher = catchers
                .iter()
                .find(|catcher| matches_any(&catcher.error_equals, &failure, origin));
            if let Some(catcher) = catcher {
                return self.catch(id, catcher, &failure);
            }
        }
        self.give_up(id, failure)
    }

    /// The failure leaves the state and goes to what the state belongs to.
    fn give_up(&mut self, id: FrameId, failure: Failure) -> Result<(), Invariant> {
        let frame = self.frame(id)?;
        let (previous, index, failure) = (frame.previous, frame.position, Box::new(failure));
        let Some(parent) = frame.parent else {
            return self.emit(id, previous, EventKind::ExecutionFailed(failure));
        };
        match self.state(parent)?.kind {
            StateKind::Map(_) => self.emit(
                parent,
                previous,
                EventKind::MapIterationFailed { index, failure },
            ),
            _ => self.emit(id, previous, EventKind::BranchFailed(failure)),
        }
    }
}

/// `Retry` and `Catch` of a state.
pub(crate) fn handlers(kind: &StateKind) -> (&[Retrier], &[Catcher]) {
    match kind {
        StateKind::Task(task) => (&task.retry, &task.catch),
        StateKind::Parallel(parallel) => (&parallel.retry, &parallel.catch),
        StateKind::Map(map) => (&map.retry, &map.catch),
        StateKind::Pass(_)
        | StateKind::Choice(_)
        | StateKind::Wait(_)
        | StateKind::Succeed(_)
        | StateKind::Fail(_) => (&[], &[]),
    }
}

/// Whether one of `matchers` names the failure.
///
/// `States.ALL` and `States.TaskFailed` do not cover what only a changed definition can cure; a task's result over the
/// limit they do cover, as recorded on AWS. Source: Step Functions Developer Guide, "Handling errors".
pub(crate) fn matches_any(matchers: &[ErrorMatcher], failure: &Failure, origin: Origin) -> bool {
    let error = failure.error.as_ref();
    let is = |name: &ErrorName| error == Some(name);
    if is(&ErrorName::RUNTIME) {
        return false;
    }
    let fatal = is(&ErrorName::DATA_LIMIT_EXCEEDED) && origin == Origin::State;
    matchers.iter().any(|matcher| match matcher {
        ErrorMatcher::All => !fatal,
        ErrorMatcher::TaskFailed => !fatal && !is(&ErrorName::TIMEOUT),
        ErrorMatcher::Name(name) => {
            is(name) || (origin == Origin::Heartbeat && *name == ErrorName::HEARTBEAT_TIMEOUT)
        }
    })
}
