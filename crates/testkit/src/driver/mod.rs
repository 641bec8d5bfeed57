//! Executions in memory, driven to their end on one thread of control.
//!
//! Entry point: [`Driver::run`]. A turn takes every input that is there, lets the engine decide, performs the commands,
//! and waits for a task or a timer only when nothing can move. What is bounded: tasks at work at the same time, and
//! everything that the engine bounds.

#[expect(
    clippy::module_inception,
    reason = "the driver is what the module is named after"
)]
mod driver;
mod live;
mod map_runs;
mod observer;
mod run;
mod tasks;
mod timers;

pub use driver::{DriveError, Driver, Outcome};
pub use observer::{ExecutionKey, Observer, Origin, Seen};
