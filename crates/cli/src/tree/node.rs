//! A node of the tree.

use std::sync::Arc;

use passo_asl::program::StateId;
use passo_vocab::Timestamp;

/// Names a node; later nodes have greater numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub(super) u64);

/// A visit to a state, or a scope of concurrent states.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub subject: Subject,
    /// The state that it is a visit to.
    pub state: Option<StateId>,
    /// How it stands with it.
    pub status: NodeStatus,
    /// What it is part of; none for the execution itself.
    pub parent: Option<NodeId>,
    /// Its parts, oldest first. Parts that ended well are forgotten once there are many.
    pub children: Vec<NodeId>,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Retries so far.
    pub retries: u32,
    /// The last failure that no attempt has mended.
    pub failure: Option<Arc<str>>,
    /// The failure's cause.
    pub cause: Option<Arc<str>>,
    /// Of a Map state: its items.
    pub progress: Option<Progress>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An execution.
    Execution(Arc<str>),
    /// A state, by name.
    State(Arc<str>),
    /// A branch of a Parallel state, from 0.
    Branch(u32),
    /// An iteration of a Map state, or a child of its Map run, from 0.
    Item(u64),
}

/// How a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeStatus {
    /// At work.
    Running,
    /// A Wait state that waits.
    Waiting {
        /// Until when.
        until: Timestamp,
    },
    /// Failed, and will be tried again.
    BackingOff {
        /// Which retry comes next, from 1.
        retry: u32,
        /// How many the retrier allows.
        retries_max: u64,
        /// When.
        until: Timestamp,
    },
    /// Ended well.
    Succeeded,
    /// Failed, and a catcher took it.
    Caught,
    /// Failed.
    Failed,
    /// Ended because what it is part of ended.
    Aborted,
}

/// How far a Map state is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Items, where known.
    pub total: u64,
    /// Items that ended well.
    pub succeeded: u64,
    /// Items that failed.
    pub failed: u64,
}

impl Node {
    /// A node that begins.
    pub(super) fn new(subject: Subject, parent: Option<NodeId>, started: Timestamp) -> Node {
        Node {
            subject,
            state: None,
            status: NodeStatus::Running,
            parent,
            children: Vec::new(),
            started,
            ended: None,
            retries: 0,
            failure: None,
            cause: None,
            progress: None,
        }
    }
}

impl NodeStatus {
    /// Whether it is over.
    pub fn is_over(self) -> bool {
        match self {
            NodeStatus::Running | NodeStatus::Waiting { .. } | NodeStatus::BackingOff { .. } => {
                false
            }
            NodeStatus::Succeeded
            | NodeStatus::Caught
            | NodeStatus::Failed
            | NodeStatus::Aborted => true,
        }
    }
}
