//! How the outside follows a run.

use passo_engine::map::Counts;
use passo_engine::{Event, EventId, MapRunId};

/// Names an execution within one run: 0 is the one that was asked for, the others are children of Map runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionKey(u64);

/// Where an execution of a run comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It was asked for.
    Root,
    /// It processes an item, or a batch, of a Distributed Map.
    MapRunChild {
        /// The execution that has the Map state.
        parent: ExecutionKey,
        /// The run.
        map_run: MapRunId,
        /// Which child, counted from 0.
        index: u32,
    },
}

/// One event, as it happens.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The execution.
    pub execution: ExecutionKey,
    /// Where that comes from.
    pub origin: Origin,
    /// The event.
    pub event: &'a Event,
    /// Its id in the execution's history, for those that users see there.
    pub id: Option<EventId>,
}

/// Follows a run. Called between two turns, so it should not take long.
pub trait Observer {
    /// An event happened.
    fn seen(&mut self, seen: Seen<'_>);

    /// A Map run of `execution` came further.
    fn map_run_moved(&mut self, execution: ExecutionKey, map_run: MapRunId, items: Counts) {
        let _ = (execution, map_run, items);
    }
}

/// Follows nothing.
impl Observer for () {
    fn seen(&mut self, _seen: Seen<'_>) {}
}

impl ExecutionKey {
    /// The execution that was asked for.
    pub const ROOT: ExecutionKey = ExecutionKey(0);

    pub(super) fn next(self) -> ExecutionKey {
        ExecutionKey(self.0.saturating_add(1))
    }
}
