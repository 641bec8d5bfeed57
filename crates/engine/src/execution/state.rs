//! The execution itself.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use passo_asl::program::StateId;
use passo_expr::ExecutionContext;
use passo_vocab::Timestamp;

use crate::execution::Frames;
use crate::{
    Closing, EventId, ExecutionHeader, FrameId, MapRunId, PayloadId, Sequence, Status, TaskId,
    TimerId,
};

/// All live state of one execution. Made by [`Execution::new`], moved on by `decide`, rebuilt by `evolve`.
#[derive(Clone, Debug)]
pub struct Execution {
    pub(crate) header: ExecutionHeader,
    pub(crate) context: Arc<ExecutionContext>,
    pub(crate) status: Status,
    /// The last event.
    pub(crate) sequence: Sequence,
    /// The last event that users see.
    pub(crate) last_event: EventId,
    pub(crate) next_payload: PayloadId,
    pub(crate) frames: Frames,
    /// Frames that can move, in order of their turn, each with its generation. Its front can always move.
    pub(crate) ready: VecDeque<(FrameId, u32)>,
    pub(crate) tasks: BTreeMap<TaskId, FrameId>,
    pub(crate) timers: BTreeMap<TimerId, FrameId>,
    pub(crate) map_runs: BTreeMap<MapRunId, FrameId>,
    /// When the whole execution times out.
    pub(crate) deadline: Option<Timestamp>,
    /// Whether the driver was asked for that timer. Not part of what events say: `pending_commands` asks again.
    pub(crate) deadline_set: bool,
    pub(crate) closing: Option<Closing>,
    pub(crate) redrives: u32,
    /// How many tasks each state has asked for.
    pub(crate) invocations: BTreeMap<StateId, u32>,
}

impl Execution {
    /// An execution before its first event.
    pub fn new(header: ExecutionHeader) -> Execution {
        Execution {
            context: Arc::new(header.context()),
            header,
            status: Status::Running,
            sequence: Sequence::default(),
            last_event: EventId::NONE,
            next_payload: PayloadId::INPUT,
            frames: Frames::default(),
            ready: VecDeque::new(),
            tasks: BTreeMap::new(),
            timers: BTreeMap::new(),
            map_runs: BTreeMap::new(),
            deadline: None,
            deadline_set: false,
            closing: None,
            redrives: 0,
            invocations: BTreeMap::new(),
        }
    }

    /// What it was created with.
    pub fn header(&self) -> &ExecutionHeader {
        &self.header
    }

    /// Whether it runs, and how it ended.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// The place of its last event in its journal.
    pub fn sequence(&self) -> Sequence {
        self.sequence
    }

    /// The id of its last event as users count them.
    pub fn last_event(&self) -> EventId {
        self.last_event
    }

    /// How many times it was redriven.
    pub fn redrive_count(&self) -> u32 {
        self.redrives
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Partitions move executions between threads and keep many of them.
    #[test]
    fn executions_are_small_and_can_be_sent() {
        fn is_send<T: Send>() {}
        is_send::<Execution>();
        is_send::<crate::Decision>();
        assert!(
            size_of::<crate::Event>() <= 96,
            "{}",
            size_of::<crate::Event>()
        );
        assert!(size_of::<Execution>() <= 1024, "{}", size_of::<Execution>());
    }
}
