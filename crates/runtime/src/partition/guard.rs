//! What keeps one bad execution from hurting its neighbours.

use std::panic::{AssertUnwindSafe, catch_unwind};

use passo_engine::{Invariant, Progress};

/// Makes one step of an execution or a Map run; a broken invariant and a panic are told alike. After either, what
/// the step left in memory must not be used.
pub(super) fn guarded(
    step: impl FnOnce() -> Result<Progress, Invariant>,
) -> Result<Progress, String> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(outcome) => outcome.map_err(|invariant| invariant.to_string()),
        Err(_) => Err("a step panicked".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_like_a_broken_invariant() {
        assert_eq!(guarded(|| Ok(Progress::Settled)), Ok(Progress::Settled));
        assert_eq!(
            guarded(|| panic!("boom")),
            Err("a step panicked".to_owned())
        );
    }
}
