//! One Map run: events, inputs, commands, and the machine itself, in the style of executions.

mod decide;
mod evolve;
mod message;
mod plan;
mod state;

pub use message::{
    ChildOutcome, Item, MapRunCommand, MapRunDecision, MapRunEvent, MapRunInput, MapRunUpdate,
    PlannedChild,
};
pub use state::{Child, ChildStatus, MapRun, MapRunStatus};
