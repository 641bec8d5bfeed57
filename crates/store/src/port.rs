//! The traits that a backend implements, and the words they use.

use std::fmt;
use std::ops::{Bound, ControlFlow};

use crate::Batch;

/// A named, ordered space of keys, such as one table. Spaces are few and known when the program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Space(&'static str);

impl Space {
    /// The space called `name`: lower-case letters, digits and `-`.
    pub const fn new(name: &'static str) -> Space {
        Space(name)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// When a commit returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Once the batch would survive a power cut.
    Synced,
    /// Once the batch is visible; it may be lost in a power cut, but never in part, and never before a later one.
    Buffered,
}

/// Which way a scan goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the smallest key up.
    Forward,
    /// From the largest key down.
    Backward,
}

/// A range of keys, ordered as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRange {
    /// Where it begins.
    pub start: Bound<Vec<u8>>,
    /// Where it ends.
    pub end: Bound<Vec<u8>>,
}

impl KeyRange {
    /// Every key.
    pub fn all() -> KeyRange {
        KeyRange {
            start: Bound::Unbounded,
            end: Bound::Unbounded,
        }
    }

    /// The keys that begin with `prefix`.
    pub fn prefix(prefix: &[u8]) -> KeyRange {
        let end = successor(prefix).map_or(Bound::Unbounded, Bound::Excluded);
        KeyRange {
            start: Bound::Included(prefix.to_vec()),
            end,
        }
    }

    /// The keys from `start`, included, to `end`, excluded.
    pub fn between(start: &[u8], end: &[u8]) -> KeyRange {
        KeyRange {
            start: Bound::Included(start.to_vec()),
            end: Bound::Excluded(end.to_vec()),
        }
    }

    /// Whether `key` is inside.
    pub fn contains(&self, key: &[u8]) -> bool {
        let after_start = match &self.start {
            Bound::Unbounded => true,
            Bound::Included(start) => key >= start.as_slice(),
            Bound::Excluded(start) => key > start.as_slice(),
        };
        let before_end = match &self.end {
            Bound::Unbounded => true,
            Bound::Included(end) => key <= end.as_slice(),
            Bound::Excluded(end) => key < end.as_slice(),
        };
        after_start && before_end
    }

    /// Whether no key can be inside.
    pub fn is_empty(&self) -> bool {
        let (Bound::Included(start) | Bound::Excluded(start)) = &self.start else {
            return false;
        };
        match &self.end {
            Bound::Unbounded => false,
            Bound::Included(end) if matches!(self.start, Bound::Included(_)) => start > end,
            Bound::Included(end) | Bound::Excluded(end) => start >= end,
        }
    }
}

/// The smallest key above every key that begins with `prefix`.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let kept = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut key = prefix.get(..=kept)?.to_vec();
    if let Some(last) = key.last_mut() {
        *last += 1;
    }
    Some(key)
}

/// Why a store could not do what was asked. Nothing of a batch that failed is visible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// There is no room; the same batch may succeed once there is.
    Full,
    /// Another process has the data open.
    InUse,
    /// The data was written by a version that this one does not read.
    Version {
        /// What the data says.
        found: String,
        /// What this program reads.
        supported: String,
    },
    /// The disk, or the connection to the database, failed.
    Unavailable(String),
    /// The data contradicts itself.
    Corrupt(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Full => f.write_str("no room left in the store"),
            StoreError::InUse => f.write_str("the data is in use by another process"),
            StoreError::Version { found, supported } => {
                write!(
                    f,
                    "the data has format `{found}`, this program reads `{supported}`"
                )
            }
            StoreError::Unavailable(what) => write!(f, "the store is not available: {what}"),
            StoreError::Corrupt(what) => write!(f, "the stored data is damaged: {what}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// What a scan calls for each key and value; it may stop the scan.
pub type Visitor<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

/// Ordered key spaces with atomic, ordered, durable batches. One process writes; any thread reads.
///
/// Keys are 1 to 65,535 bytes, values up to 4 GiB.
pub trait Store: Send + Sync {
    /// Applies `batch` whole or not at all, after every batch committed before it.
    ///
    /// # Errors
    /// [`StoreError::Full`] where there is no room, [`StoreError::Unavailable`] where the disk failed. The
    /// batch is then not applied; after a crash in the middle it is applied whole or not at all.
    fn commit(&self, batch: &Batch, durability: Durability) -> Result<(), StoreError>;

    /// The state after the last commit, unchanged by later ones.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError>;
}

/// A view of one moment.
pub trait Snapshot: Send {
    /// The value of `key`.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Visits the keys of `range` in order until `visit` breaks.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn scan(
        &self,
        space: Space,
        range: &KeyRange,
        direction: Direction,
        visit: &mut Visitor<'_>,
    ) -> Result<(), StoreError>;
}
