//! Decide: from an input to events and commands.
//!
//! Knows what each state type does; changes nothing except through `evolve`. Entry point: [`Execution::decide`].

mod abort;
pub(crate) mod catch;
pub(crate) mod exit;
pub(crate) mod failed;
mod input;
pub(crate) mod retry;
pub(crate) mod states;
mod turn;

use passo_asl::program::Program;
use passo_expr::Environment;

use crate::{Budget, Decision, Execution, Input, Invariant, Progress};

use turn::Turn;

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
        let mut turn = Turn::new(self, program, environment, decision);
        turn.accept(input)?;
        turn.run(budget)
    }
}
