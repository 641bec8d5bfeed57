//! Tasks at work: how many, which, and their news.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use passo_engine::{TaskId, TaskUpdate};
use passo_vocab::{ErrorName, Failure};
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};

use super::ExecutionKey;
use crate::{TaskAnswer, TaskCall, TaskHandler};

/// The name of a task within a run.
pub(super) type TaskKey = (ExecutionKey, TaskId);

/// Tasks that take their time. Dropping it ends them.
pub(super) struct Tasks {
    at_work: JoinSet<Vec<TaskUpdate>>,
    keys: BTreeMap<Id, TaskKey>,
    handles: BTreeMap<TaskKey, AbortHandle>,
    /// Tasks that wait for their turn.
    waiting: VecDeque<TaskKey>,
    at_work_max: usize,
    handler: Arc<dyn TaskHandler>,
}

impl Tasks {
    pub(super) fn new(handler: Arc<dyn TaskHandler>, at_work_max: usize) -> Tasks {
        Tasks {
            handler,
            at_work: JoinSet::new(),
            keys: BTreeMap::new(),
            handles: BTreeMap::new(),
            waiting: VecDeque::new(),
            at_work_max,
        }
    }

    /// Queues a task.
    pub(super) fn queue(&mut self, task: TaskKey) {
        self.waiting.push_back(task);
    }

    /// The next task whose turn has come.
    pub(super) fn take_turn(&mut self) -> Option<TaskKey> {
        if self.handles.len() >= self.at_work_max {
            return None;
        }
        self.waiting.pop_front()
    }

    /// Begins a task.
    pub(super) fn start(&self, call: TaskCall) -> TaskAnswer {
        self.handler.start(call)
    }

    /// Lets a task work.
    pub(super) fn spawn(
        &mut self,
        task: TaskKey,
        future: Pin<Box<dyn Future<Output = Vec<TaskUpdate>> + Send>>,
    ) {
        let handle = self.at_work.spawn(future);
        self.keys.insert(handle.id(), task);
        self.handles.insert(task, handle);
    }

    /// Ends a task whose result nobody wants any more.
    pub(super) fn cancel(&mut self, task: TaskKey) {
        self.waiting.retain(|waiting| *waiting != task);
        if let Some(handle) = self.handles.remove(&task) {
            handle.abort();
        }
    }

    /// Ends every task of an execution that is over.
    pub(super) fn cancel_all(&mut self, execution: ExecutionKey) {
        self.waiting.retain(|(waiting, _)| *waiting != execution);
        let tasks = (execution, TaskId::new(0))..=(execution, TaskId::new(u64::MAX));
        let of_execution: Vec<_> = self.handles.range(tasks).map(|(task, _)| *task).collect();
        for task in of_execution {
            self.cancel(task);
        }
    }

    /// Whether any is at work.
    pub(super) fn is_idle(&self) -> bool {
        self.at_work.is_empty()
    }

    /// Waits for the next task to end; nothing for one that was cancelled.
    pub(super) async fn next_end(&mut self) -> Option<(TaskKey, Vec<TaskUpdate>)> {
        match self.at_work.join_next_with_id().await? {
            Ok((id, updates)) => {
                let task = self.forget(id)?;
                Some((task, updates))
            }
            Err(error) => {
                let task = self.forget(error.id())?;
                Some((task, vec![broken(&error)]))
            }
        }
    }

    /// The task of an ended future, where it is still wanted.
    fn forget(&mut self, id: Id) -> Option<TaskKey> {
        let task = self.keys.remove(&id)?;
        self.handles.remove(&task)?;
        Some(task)
    }
}

/// A handler that panicked has failed its task, not the run.
fn broken(error: &JoinError) -> TaskUpdate {
    let cause = format!("The task's handler ended abnormally: {error}");
    TaskUpdate::Failed(Failure::new(ErrorName::RUNTIME, cause))
}
