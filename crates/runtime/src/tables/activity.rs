//! Tasks of activities that no worker has taken yet, oldest first.

use passo_engine::TaskId;
use passo_store::{Batch, Space};
use passo_vocab::Timestamp;

use super::{time_bytes, time_from_bytes};
use crate::Key;

/// The table.
pub(crate) const SPACE: Space = Space::new("activity");

/// One task that waits for a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ActivityTask {
    /// The activity, by its ARN.
    pub activity: Key,
    /// Since when it waits.
    pub scheduled_at: Timestamp,
    /// The execution that asks.
    pub execution: Key,
    /// The task.
    pub task: TaskId,
}

pub(crate) fn put(batch: &mut Batch, task: ActivityTask) {
    let key = key(task.activity, task.execution, task.task);
    batch.put(SPACE, key, time_bytes(task.scheduled_at));
}

pub(crate) fn delete(batch: &mut Batch, activity: Key, execution: Key, task: TaskId) {
    batch.delete(SPACE, key(activity, execution, task));
}

fn key(activity: Key, execution: Key, task: TaskId) -> Vec<u8> {
    let mut key = activity.as_bytes().to_vec();
    key.extend_from_slice(execution.as_bytes());
    key.extend(task.number().to_be_bytes());
    key
}

pub(crate) fn from_row(key: &[u8], value: &[u8]) -> Option<ActivityTask> {
    let (activity, rest) = key.split_at_checked(Key::BYTES)?;
    let (execution, task) = rest.split_at_checked(Key::BYTES)?;
    Some(ActivityTask {
        activity: Key::from_bytes(activity)?,
        scheduled_at: time_from_bytes(value)?,
        execution: Key::from_bytes(execution)?,
        task: TaskId::new(u64::from_be_bytes(task.try_into().ok()?)),
    })
}
