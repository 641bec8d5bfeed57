//! Tasks that move dead letters back. They go on after a restart.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;
use passo_store::Batch;

use crate::address::Address;
use crate::keys;
use crate::message::Message;
use crate::queue::Taken;
use crate::quotas::{BATCH_MAX, MOVE_TASKS_MAX};
use crate::sqs::Core;

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Running,
    Completed,
    Cancelled,
    Failed,
}

const STATUSES: [Status; 4] = [
    Status::Running,
    Status::Completed,
    Status::Cancelled,
    Status::Failed,
];

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Status::Running => "RUNNING",
            Status::Completed => "COMPLETED",
            Status::Cancelled => "CANCELLED",
            Status::Failed => "FAILED",
        }
    }
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MoveTask {
    pub(crate) source: String,
    /// Where messages go; otherwise each goes where it comes from.
    pub(crate) destination: Option<String>,
    /// Messages a second.
    pub(crate) rate: Option<i64>,
    pub(crate) status: Status,
    pub(crate) moved: i64,
    pub(crate) to_move: i64,
    pub(crate) started_at: i64,
    pub(crate) failure: Option<String>,
}

/// All tasks, by handle.
#[derive(Debug, Default)]
pub(crate) struct MoveTasks {
    tasks: Mutex<BTreeMap<String, MoveTask>>,
}

impl MoveTasks {
    pub(crate) fn put(&self, handle: &str, task: MoveTask) {
        self.lock().insert(handle.to_owned(), task);
    }

    pub(crate) fn find(&self, handle: &str) -> Option<MoveTask> {
        self.lock().get(handle).cloned()
    }

    pub(crate) fn running(&self, source: &str) -> Option<String> {
        let tasks = self.lock();
        let mut running = tasks
            .iter()
            .filter(|(_, task)| task.source == source && task.status == Status::Running);
        running.next().map(|(handle, _)| handle.clone())
    }

    /// Tasks of a queue, the newest first.
    pub(crate) fn of_source(&self, source: &str) -> Vec<(String, MoveTask)> {
        let tasks = self.lock();
        let of = tasks.iter().filter(|(_, task)| task.source == source);
        let mut of: Vec<_> = of
            .map(|(handle, task)| (handle.clone(), task.clone()))
            .collect();
        of.sort_by_key(|(_, task)| std::cmp::Reverse(task.started_at));
        of
    }

    /// Lets tasks run that ran when the process ended.
    pub(crate) fn go_on(core: &Arc<Core>) {
        let running: Vec<String> = {
            let tasks = core.move_tasks.lock();
            let running = tasks
                .iter()
                .filter(|(_, task)| task.status == Status::Running);
            running.map(|(handle, _)| handle.clone()).collect()
        };
        for handle in running {
            MoveTasks::run(core, handle);
        }
    }

    /// Keeps a task as it is now, and forgets the oldest of its queue where there are too many.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn keep(core: &Core, handle: &str, task: MoveTask) -> Result<(), Fault> {
        let mut batch = Batch::new();
        batch.put(keys::MOVE_TASKS, handle, task.encode());
        let source = task.source.clone();
        core.move_tasks.put(handle, task);
        for (old, _) in core
            .move_tasks
            .of_source(&source)
            .iter()
            .skip(MOVE_TASKS_MAX)
        {
            core.move_tasks.lock().remove(old);
            batch.delete(keys::MOVE_TASKS, old.as_str());
        }
        core.committer.submit(batch, |_| {}).durable().await
    }

    /// Lets a task run until there is nothing to move, or it is cancelled. It holds the service weakly, so that it ends with it.
    pub(crate) fn run(core: &Arc<Core>, handle: String) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let core = Arc::downgrade(core);
        runtime.spawn(async move {
            while let Some(core) = core.upgrade() {
                let Some(pause) = step(&core, &handle).await else {
                    return;
                };
                drop(core);
                tokio::time::sleep(pause).await;
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, MoveTask>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Moves some messages. How long to wait before more are moved; none where the task is over.
async fn step(core: &Arc<Core>, handle: &str) -> Option<Duration> {
    let mut task = core.move_tasks.find(handle)?;
    if task.status != Status::Running {
        return None;
    }
    let source = Address::of_arn(&task.source).and_then(|address| core.find(&address));
    let Some(source) = source else {
        task.status = Status::Failed;
        task.failure = Some("AWS.SimpleQueueService.NonExistentQueue".to_owned());
        let _ = MoveTasks::keep(core, handle, task).await;
        return None;
    };
    let most = task.rate.and_then(|rate| usize::try_from(rate).ok());
    let most = most.unwrap_or(BATCH_MAX).min(BATCH_MAX);
    let taken: Vec<Taken> = {
        let mut state = source.lock();
        state.index.wake(core.now());
        let index = &mut state.index;
        std::iter::from_fn(|| {
            let sequence = index.peek()?;
            Some((sequence, index.take(sequence)?))
        })
        .take(most)
        .collect()
    };
    let fixed = task.destination.as_deref().and_then(Address::of_arn);
    let route = |message: &Message| {
        let origin = message.dead_letter_source.as_deref();
        let target = fixed.clone().or_else(|| origin.and_then(Address::of_arn))?;
        core.find(&target)
    };
    let empty = taken.is_empty();
    let moved = core.relocate(&source, taken, route, None).await;
    // It may have been cancelled meanwhile.
    let mut task = core.move_tasks.find(handle)?;
    match moved {
        Ok(moved) => task.moved = task.moved.saturating_add(i64::try_from(moved).unwrap_or(0)),
        Err(fault) => {
            task.status = Status::Failed;
            task.failure = Some(fault.message);
        }
    }
    if empty && task.status == Status::Running {
        task.status = Status::Completed;
    }
    let pause = task.rate.map_or(0, |rate| {
        let messages = i64::try_from(most).unwrap_or(1);
        messages.saturating_mul(1000) / rate.max(1)
    });
    MoveTasks::keep(core, handle, task).await.ok()?;
    Some(Duration::from_millis(u64::try_from(pause).unwrap_or(0)))
}

impl MoveTask {
    fn encode(&self) -> Vec<u8> {
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("source", self.source.as_str())
            .insert_some("destination", self.destination.clone())
            .insert_some("rate", self.rate)
            .insert("status", self.status.name())
            .insert("moved", self.moved)
            .insert("toMove", self.to_move)
            .insert("startedAt", self.started_at)
            .insert_some("failure", self.failure.clone());
        Json::from(row.build()).to_text().into_bytes()
    }

    /// The task of a row; `None` where it is damaged.
    pub(crate) fn decode(row: &[u8]) -> Option<MoveTask> {
        let row = Json::parse(std::str::from_utf8(row).ok()?).ok()?;
        let text = |member: &str| row.get(member).and_then(Json::as_str).map(str::to_owned);
        let number = |member: &str| row.get(member).and_then(Json::as_i64);
        let status = text("status")?;
        Some(MoveTask {
            source: text("source")?,
            destination: text("destination"),
            rate: number("rate"),
            status: STATUSES.into_iter().find(|known| known.name() == status)?,
            moved: number("moved")?,
            to_move: number("toMove")?,
            started_at: number("startedAt")?,
            failure: text("failure"),
        })
    }
}
