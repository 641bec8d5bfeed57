//! Executions of one state machine or Map run, newest first.

use std::ops::Bound;

use crate::Key;
use passo_store::{Batch, KeyRange, Space};

/// The table.
pub(crate) const SPACE: Space = Space::new("listing");

pub(crate) fn put(batch: &mut Batch, parent: Key, order: u64, execution: Key) {
    batch.put(SPACE, key(parent, order, execution), Vec::new());
}

pub(crate) fn delete(batch: &mut Batch, parent: Key, order: u64, execution: Key) {
    batch.delete(SPACE, key(parent, order, execution));
}

/// Every execution of `parent`, newest first; only those that come after one, where one is given by its place and key.
pub(crate) fn rows(parent: Key, after: Option<(u64, Key)>) -> KeyRange {
    let mut rows = KeyRange::prefix(parent.as_bytes());
    if let Some((order, execution)) = after {
        rows.start = Bound::Excluded(key(parent, order, execution));
    }
    rows
}

/// The execution that a row names.
pub(crate) fn execution(key: &[u8]) -> Option<Key> {
    Key::from_bytes(key.get(Key::BYTES + 8..)?)
}

/// The order is inverted, so that the newest come first in a forward scan.
fn key(parent: Key, order: u64, execution: Key) -> Vec<u8> {
    let mut key = parent.as_bytes().to_vec();
    key.extend((!order).to_be_bytes());
    key.extend_from_slice(execution.as_bytes());
    key
}
