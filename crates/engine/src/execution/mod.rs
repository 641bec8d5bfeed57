//! One execution: all that must be known to go on with it. Start at [`Execution::decide`].

mod frame;
mod header;
mod pending;
mod state;

pub use header::ExecutionHeader;
pub use state::Execution;

pub(crate) use frame::{
    Dead, FailedStage, Frame, Frames, Join, MapRunStage, Origin, RetryCounts, Stage, TaskStage,
};
