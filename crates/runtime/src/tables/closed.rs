//! Closed executions by the time they ended, for retention.

use passo_store::{Batch, Space};
use passo_vocab::Timestamp;

use super::{time_bytes, time_from_bytes};
use crate::Key;

/// The table.
pub(crate) const SPACE: Space = Space::new("closed");

pub(crate) fn put(batch: &mut Batch, at: Timestamp, execution: Key) {
    batch.put(SPACE, key(at, execution), Vec::new());
}

pub(crate) fn delete(batch: &mut Batch, at: Timestamp, execution: Key) {
    batch.delete(SPACE, key(at, execution));
}

fn key(at: Timestamp, execution: Key) -> Vec<u8> {
    let mut key = time_bytes(at).to_vec();
    key.extend_from_slice(execution.as_bytes());
    key
}

pub(crate) fn from_key(key: &[u8]) -> Option<(Timestamp, Key)> {
    let (at, execution) = key.split_at_checked(8)?;
    Some((time_from_bytes(at)?, Key::from_bytes(execution)?))
}
