//! One state run alone, without an execution: what `TestState` shows.
//!
//! It is made of the same steps as a state inside an execution; here their values are noted, and what the state asks of
//! the outside comes back to the caller, who answers with [`Work`]. Knows no API and no service. Start at
//! [`SingleState::run`].

mod map;
mod outcome;
mod run;
#[cfg(test)]
mod tests;

pub use outcome::{Handled, SingleTask, Step, TestStatus, Tested, Work};
pub use run::{Setting, SingleState};
