//! Fail: ends its scope with an error.

use passo_asl::program::Fail;

use super::super::turn::Turn;
use crate::{EventKind, FrameId, Invariant};

impl Turn<'_> {
    pub fn fail(&mut self, id: FrameId, fail: &Fail) -> Result<(), Invariant> {
        let failure = self.evaluator(id)?.failure(fail);
        self.settle(id, failure, |turn, failure| {
            turn.emit_next(id, EventKind::StateFailed(Box::new(failure)))
        })
    }
}
