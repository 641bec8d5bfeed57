//! Mocks, virtual time, and an in-memory driver for executions.
//!
//! Entry points: [`Driver`] runs an execution to its end in memory; [`TaskHandler`] is the port through which its
//! tasks are done: by [`LambdaTasks`], by [`mock::MockedTasks`], or by what a test brings. Nothing here is durable.

#![forbid(unsafe_code)]

mod clock;
mod driver;
mod lambda;
pub mod mock;
mod task;

pub use clock::ClockKind;
pub use driver::{DriveError, Driver, ExecutionKey, Observer, Origin, Outcome, Seen};
pub use lambda::LambdaTasks;
pub use task::{TaskAnswer, TaskCall, TaskHandler};
