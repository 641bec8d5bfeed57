//! Timers of all executions, by the time they are due.

use passo_engine::TimerId;
use passo_store::{Batch, Space};
use passo_vocab::Timestamp;

use super::{time_bytes, time_from_bytes};
use crate::Key;

/// The table.
pub(crate) const SPACE: Space = Space::new("timer");

/// One timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timer {
    pub(crate) at: Timestamp,
    pub(crate) execution: Key,
    pub(crate) id: TimerId,
}

pub(crate) fn put(batch: &mut Batch, timer: Timer) {
    batch.put(SPACE, key(timer), Vec::new());
}

pub(crate) fn delete(batch: &mut Batch, timer: Timer) {
    batch.delete(SPACE, key(timer));
}

fn key(timer: Timer) -> Vec<u8> {
    let mut key = time_bytes(timer.at).to_vec();
    key.extend_from_slice(timer.execution.as_bytes());
    key.extend_from_slice(&timer.id.number().to_be_bytes());
    key
}

pub(crate) fn from_key(key: &[u8]) -> Option<Timer> {
    let (at, rest) = key.split_at_checked(8)?;
    let (execution, id) = rest.split_at_checked(Key::BYTES)?;
    Some(Timer {
        at: time_from_bytes(at)?,
        execution: Key::from_bytes(execution)?,
        id: TimerId::new(u64::from_be_bytes(id.try_into().ok()?)),
    })
}
