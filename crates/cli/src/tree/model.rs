//! The tree's content: nodes, and how they are found and forgotten. `events` keeps it up to date.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::MapRunId;
use passo_engine::map::Counts;
use passo_testkit::ExecutionKey;
use passo_vocab::Timestamp;

use super::history::Told;
use super::node::{Node, NodeId, NodeStatus, Progress, Subject};
use super::thread::Threads;

/// A Map state with more items than this keeps only those that run or failed.
const ITEMS_KEPT_MAX: u64 = 10;

/// Parts of a branch or item that are kept: a loop inside one must not fill the memory.
const PARTS_KEPT_MAX: usize = 200;

/// The nodes of one run.
#[derive(Debug)]
pub struct Model<'a> {
    /// Not known where a definition cannot be read.
    pub(super) program: Option<&'a Program>,
    pub(super) nodes: BTreeMap<NodeId, Node>,
    pub(super) next: u64,
    pub(super) threads: Threads,
    pub(super) told: Told,
    pub(super) executions: BTreeMap<ExecutionKey, NodeId>,
    /// Events of each execution, to know the number of a Map run.
    pub(super) events: BTreeMap<ExecutionKey, u64>,
    pub(super) map_runs: BTreeMap<(ExecutionKey, u64), NodeId>,
    pub(super) items: BTreeMap<(NodeId, u64), NodeId>,
    /// Nodes whose line is news, in order.
    pub(super) news: Vec<NodeId>,
    pub(super) name: Arc<str>,
    pub(super) now: Timestamp,
    pub(super) states_entered: u64,
}

impl<'a> Model<'a> {
    /// An empty tree for an execution of `program`, where that is known.
    pub fn new(program: Option<&'a Program>, name: Arc<str>) -> Model<'a> {
        Model {
            program,
            nodes: BTreeMap::new(),
            next: 0,
            threads: Threads::default(),
            told: Told::default(),
            executions: BTreeMap::new(),
            events: BTreeMap::new(),
            map_runs: BTreeMap::new(),
            items: BTreeMap::new(),
            news: Vec::new(),
            name,
            now: Timestamp::default(),
            states_entered: 0,
        }
    }

    /// Takes in how far a Map run is.
    pub fn map_run_moved(&mut self, execution: ExecutionKey, map_run: MapRunId, items: Counts) {
        let map = self.map_runs.get(&(execution, map_run.number())).copied();
        if let Some(node) = map.and_then(|map| self.nodes.get_mut(&map)) {
            node.progress = Some(Progress {
                total: items.total,
                succeeded: items.succeeded,
                failed: items.unsuccessful(),
            });
        }
    }

    /// The nodes whose line is news since the last call.
    pub fn take_news(&mut self) -> Vec<NodeId> {
        std::mem::take(&mut self.news)
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(&id)
    }

    /// The execution that was asked for.
    pub fn root(&self) -> Option<NodeId> {
        self.executions.get(&ExecutionKey::ROOT).copied()
    }

    /// The time of the last event.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// How many states were entered.
    pub fn states_entered(&self) -> u64 {
        self.states_entered
    }

    /// The names of the states that are at work.
    pub fn running(&self) -> Vec<Arc<str>> {
        let running = self.nodes.values().filter(|node| !node.status.is_over());
        running
            .filter_map(|node| match &node.subject {
                Subject::State(name) => Some(Arc::clone(name)),
                Subject::Execution(_) | Subject::Branch(_) | Subject::Item(_) => None,
            })
            .collect()
    }

    /// From the execution down to `id`, both included.
    pub fn path(&self, id: NodeId) -> Vec<NodeId> {
        let mut path = vec![id];
        let mut at = id;
        while let Some(parent) = self.node(at).and_then(|node| node.parent) {
            path.push(parent);
            at = parent;
        }
        path.reverse();
        path
    }

    pub(super) fn is_over(&self, id: NodeId) -> bool {
        self.node(id).is_some_and(|node| node.status.is_over())
    }

    pub(super) fn add(&mut self, subject: Subject, parent: Option<NodeId>) -> NodeId {
        let id = NodeId(self.next);
        self.next = self.next.saturating_add(1);
        self.nodes.insert(id, Node::new(subject, parent, self.now));
        let Some(whole) = parent.and_then(|parent| self.nodes.get_mut(&parent)) else {
            return id;
        };
        whole.children.push(id);
        let many = whole.children.len() > PARTS_KEPT_MAX && whole.parent.is_some();
        let oldest = whole.children.first().copied().filter(|_| many);
        if let Some(oldest) = oldest.filter(|oldest| self.is_over(*oldest)) {
            if let Some(whole) = parent.and_then(|parent| self.nodes.get_mut(&parent)) {
                whole.children.remove(0);
            }
            self.forget(oldest);
        }
        id
    }

    /// Of many items, those that ended well are forgotten.
    pub(super) fn forget_one_of_many(&mut self, item: NodeId, status: NodeStatus) {
        let map = self.nodes.get(&item).and_then(|node| node.parent);
        let Some(map) = map.and_then(|map| self.nodes.get_mut(&map)) else {
            return;
        };
        let progress = map.progress.unwrap_or_default();
        let done = progress.succeeded.saturating_add(progress.failed);
        if status == NodeStatus::Succeeded && done.max(progress.total) > ITEMS_KEPT_MAX {
            map.children.retain(|child| *child != item);
            self.forget(item);
        }
    }

    /// Takes the first states of the execution out of the tree, as far as they are over, or all of them. They can be
    /// looked at until they are forgotten.
    pub fn take_settled(&mut self, all: bool) -> Vec<NodeId> {
        let root = self.root().and_then(|root| self.node(root));
        let children = root
            .map(|root| root.children.as_slice())
            .unwrap_or_default();
        let settled: Vec<NodeId> = children
            .iter()
            .take_while(|id| all || self.is_over(**id))
            .copied()
            .collect();
        if let Some(root) = self.root().and_then(|root| self.nodes.get_mut(&root)) {
            root.children.drain(..settled.len());
        }
        settled
    }

    /// Forgets a node and its parts.
    pub fn forget(&mut self, id: NodeId) {
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            if let Some(node) = self.nodes.remove(&id) {
                pending.extend(node.children);
            }
        }
    }
}
