//! Evolve: from an event to the next state. The only writer of state.

use passo_asl::program::Program;

use crate::{Event, Execution, Invariant};

impl Execution {
    /// Applies one event. Evaluates nothing and needs neither clock nor chance: events that were decided once can be
    /// applied again at any time.
    ///
    /// # Errors
    /// When the event does not fit: the journal is not this execution's, or the program is not the one that it ran.
    pub fn evolve(&mut self, program: &Program, event: &Event) -> Result<(), Invariant> {
        let _ = (program, event);
        Ok(())
    }
}
