//! The reference backend: everything in memory, nothing survives the process.

use std::collections::BTreeMap;
use std::ops::{Bound, ControlFlow};
use std::sync::{Arc, PoisonError, RwLock};

use crate::port::Visitor;
use crate::{
    Batch, Direction, Durability, KeyRange, Operation, Snapshot, Space, Store, StoreError,
};

type Keys = BTreeMap<Vec<u8>, Arc<[u8]>>;

/// Spaces are copied when they are written while a snapshot is open, and shared otherwise.
pub(crate) type Spaces = BTreeMap<Space, Arc<Keys>>;

/// A store in memory. Clones are handles to the same data.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    spaces: Arc<RwLock<Spaces>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }
}

impl Store for MemoryStore {
    fn commit(&self, batch: &Batch, _durability: Durability) -> Result<(), StoreError> {
        let mut spaces = self.spaces.write().unwrap_or_else(PoisonError::into_inner);
        apply(&mut spaces, batch);
        Ok(())
    }

    fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        let spaces = self.spaces.read().unwrap_or_else(PoisonError::into_inner);
        Ok(Box::new(MemorySnapshot {
            spaces: spaces.clone(),
        }))
    }
}

pub(crate) fn apply(spaces: &mut Spaces, batch: &Batch) {
    for operation in batch.operations() {
        match operation {
            Operation::Put { space, key, value } => {
                let keys = Arc::make_mut(spaces.entry(*space).or_default());
                keys.insert(key.clone(), Arc::from(value.as_slice()));
            }
            Operation::Delete { space, key } => {
                Arc::make_mut(spaces.entry(*space).or_default()).remove(key);
            }
            Operation::DeleteRange { space, range } => {
                let keys = Arc::make_mut(spaces.entry(*space).or_default());
                let doomed: Vec<Vec<u8>> =
                    within(keys, range).map(|(key, _)| key.clone()).collect();
                for key in doomed {
                    keys.remove(&key);
                }
            }
        }
    }
}

fn within<'a>(
    keys: &'a Keys,
    range: &KeyRange,
) -> impl DoubleEndedIterator<Item = (&'a Vec<u8>, &'a Arc<[u8]>)> + use<'a> {
    // An empty range would panic in a `BTreeMap`.
    let bounds = if range.is_empty() {
        (Bound::Included(Vec::new()), Bound::Excluded(Vec::new()))
    } else {
        (range.start.clone(), range.end.clone())
    };
    let empty = matches!(&bounds, (Bound::Included(a), Bound::Excluded(b)) if a == b);
    (!empty)
        .then(|| keys.range::<Vec<u8>, _>(bounds))
        .into_iter()
        .flatten()
}

pub(crate) struct MemorySnapshot {
    pub(crate) spaces: Spaces,
}

impl Snapshot for MemorySnapshot {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .spaces
            .get(&space)
            .and_then(|keys| keys.get(key))
            .map(|value| value.to_vec()))
    }

    fn scan(
        &self,
        space: Space,
        range: &KeyRange,
        direction: Direction,
        visit: &mut Visitor<'_>,
    ) -> Result<(), StoreError> {
        let Some(keys) = self.spaces.get(&space) else {
            return Ok(());
        };
        let mut entries = within(keys, range);
        let step = |entries: &mut dyn DoubleEndedIterator<Item = _>| match direction {
            Direction::Forward => entries.next(),
            Direction::Backward => entries.next_back(),
        };
        while let Some((key, value)) = step(&mut entries) {
            if let ControlFlow::Break(()) = visit(key, value) {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_the_suite() {
        crate::suite::run(&|| Box::new(MemoryStore::new()));
    }
}
