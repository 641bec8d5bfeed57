//! Which frame of which execution is where in the tree.

use std::collections::BTreeMap;

use passo_engine::{EventId, FrameId};
use passo_testkit::ExecutionKey;

use super::node::NodeId;

/// A frame at work.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thread {
    /// The execution, branch or item that it runs in.
    pub(super) scope: NodeId,
    /// The state that it is in.
    pub(super) state: Option<NodeId>,
}

/// What the first state after an event belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Opener {
    /// The branches of a Parallel state.
    Branches(NodeId),
    /// An item.
    Item(NodeId),
}

/// The frames of all executions of a run.
#[derive(Debug, Default)]
pub(super) struct Threads {
    threads: BTreeMap<(ExecutionKey, FrameId), Thread>,
    openers: BTreeMap<(ExecutionKey, EventId), Opener>,
}

impl Threads {
    pub(super) fn get(&self, execution: ExecutionKey, frame: FrameId) -> Option<Thread> {
        self.threads.get(&(execution, frame)).copied()
    }

    pub(super) fn set(&mut self, execution: ExecutionKey, frame: FrameId, thread: Thread) {
        self.threads.insert((execution, frame), thread);
    }

    /// The state that a frame is in.
    pub(super) fn state(&self, execution: ExecutionKey, frame: FrameId) -> Option<NodeId> {
        self.get(execution, frame)?.state
    }

    /// States whose first event follows the event `id` are parts of something.
    pub(super) fn open(&mut self, execution: ExecutionKey, id: Option<EventId>, opener: Opener) {
        if let Some(id) = id {
            self.openers.insert((execution, id), opener);
        }
    }

    /// What a state that follows `previous` begins. An item is begun once, branches as often as there are any.
    pub(super) fn opener(&mut self, execution: ExecutionKey, previous: EventId) -> Option<Opener> {
        let key = (execution, previous);
        let opener = *self.openers.get(&key)?;
        if matches!(opener, Opener::Item(_)) {
            self.openers.remove(&key);
        }
        Some(opener)
    }

    /// Forgets an execution that is over.
    pub(super) fn forget(&mut self, execution: ExecutionKey) {
        self.threads.retain(|(other, _), _| *other != execution);
        self.openers.retain(|(other, _), _| *other != execution);
    }
}
