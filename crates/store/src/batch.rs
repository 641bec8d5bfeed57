//! Batches: what is written together.

use crate::{KeyRange, Space};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Sets a key.
    Put {
        /// Where.
        space: Space,
        /// The key.
        key: Vec<u8>,
        /// Its new value.
        value: Vec<u8>,
    },
    /// Removes a key, whether it is there or not.
    Delete {
        /// Where.
        space: Space,
        /// The key.
        key: Vec<u8>,
    },
    /// Removes every key of a range, those that the batch has put before included.
    DeleteRange {
        /// Where.
        space: Space,
        /// Which keys.
        range: KeyRange,
    },
}

/// Changes that become visible and durable together, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    operations: Vec<Operation>,
    bytes: usize,
}

impl Batch {
    /// No change yet.
    pub fn new() -> Batch {
        Batch::default()
    }

    /// Sets `key` to `value`.
    pub fn put(&mut self, space: Space, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        let (key, value) = (key.into(), value.into());
        self.bytes += key.len() + value.len();
        self.operations.push(Operation::Put { space, key, value });
    }

    /// Removes `key`.
    pub fn delete(&mut self, space: Space, key: impl Into<Vec<u8>>) {
        let key = key.into();
        self.bytes += key.len();
        self.operations.push(Operation::Delete { space, key });
    }

    /// Removes every key of `range`, those that the batch has put before included; later ones stay.
    pub fn delete_range(&mut self, space: Space, range: KeyRange) {
        self.operations
            .push(Operation::DeleteRange { space, range });
    }

    /// Adds everything in `other` after what is here.
    pub fn append(&mut self, mut other: Batch) {
        self.bytes += other.bytes;
        self.operations.append(&mut other.operations);
    }

    /// The changes in order.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Bytes of keys and values.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }
}
