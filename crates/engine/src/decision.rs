//! What `decide` answers.

use std::fmt;

use crate::{Command, Event, WaitScale};

/// Events to make durable, then commands to perform. A driver may collect several decisions in one.
#[derive(Debug, Default)]
pub struct Decision {
    /// In order; each was already applied to the execution that made it.
    pub events: Vec<Event>,
    /// In order.
    pub commands: Vec<Command>,
}

/// Events that one call of `decide` may make before it hands back control, and how long its waits take. An input that
/// cannot be cut in two may exceed it by a few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    events: u32,
    pub(crate) wait_scale: WaitScale,
}

/// Whether an execution can move on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Progress {
    /// It waits for an input, or is over.
    Settled,
    /// The budget was used up: call again with `Input::Continue`.
    More,
}

/// An event does not fit the state that it is applied to: the journal or the engine is wrong, not the workflow.
/// The execution must not be driven any further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invariant {
    message: &'static str,
}

impl Budget {
    /// So many events.
    pub const fn events(events: u32) -> Budget {
        Budget {
            events,
            wait_scale: WaitScale::FULL,
        }
    }

    /// The same, for Wait states that take another time than they say.
    #[must_use]
    pub const fn with_wait_scale(self, wait_scale: WaitScale) -> Budget {
        Budget { wait_scale, ..self }
    }

    pub(crate) const fn get(self) -> u32 {
        self.events
    }
}

/// Enough for every execution of AWS's size to finish a burst, little enough to be fair to its neighbours.
impl Default for Budget {
    fn default() -> Budget {
        Budget::events(1000)
    }
}

impl Invariant {
    pub(crate) const fn new(message: &'static str) -> Invariant {
        Invariant { message }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "broken invariant: {}", self.message)
    }
}

impl std::error::Error for Invariant {}
