//! A store that fails on demand: full disk, crash before or after a batch, lost unsynced batches.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::memory::{MemorySnapshot, Spaces, apply};
use crate::{Batch, Durability, Snapshot, Store, StoreError};

/// What happens to one commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: the commit succeeds.
    None,
    /// There is no room: the commit fails, the store goes on.
    Full,
    /// The process dies before the batch reaches the disk.
    CrashBefore,
    /// The process dies after the batch reached the disk but before anyone is told.
    CrashAfter,
}

/// A memory store with a disk that can be made to fail. Clones are handles to the same disk.
#[derive(Clone, Debug, Default)]
pub struct FaultyStore {
    disk: Arc<Mutex<Disk>>,
}

#[derive(Debug, Default)]
struct Disk {
    /// What reads see.
    visible: Spaces,
    /// What a crash leaves.
    synced: Spaces,
    /// Batches that are visible but not yet synced, oldest first.
    unsynced: VecDeque<Batch>,
    faults: VecDeque<Fault>,
    crashed: bool,
    commits: u64,
}

impl FaultyStore {
    /// An empty store without faults.
    pub fn new() -> FaultyStore {
        FaultyStore::default()
    }

    /// The next commits meet these faults, in order; later ones none.
    pub fn plan(&self, faults: impl IntoIterator<Item = Fault>) {
        self.disk().faults.extend(faults);
    }

    /// Commits asked for so far, failed ones included.
    pub fn commits(&self) -> u64 {
        self.disk().commits
    }

    /// Whether a planned crash has happened; every call fails until [`FaultyStore::restart`].
    pub fn is_crashed(&self) -> bool {
        self.disk().crashed
    }

    /// Cuts the power and starts again: of the unsynced batches the `survivors` oldest are kept.
    pub fn restart(&self, survivors: usize) {
        let mut disk = self.disk();
        let kept: Vec<Batch> = disk.unsynced.drain(..).take(survivors).collect();
        for batch in &kept {
            apply(&mut disk.synced, batch);
        }
        disk.visible = disk.synced.clone();
        disk.crashed = false;
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Disk {
    fn write(&mut self, batch: &Batch, durability: Durability) {
        apply(&mut self.visible, batch);
        self.unsynced.push_back(batch.clone());
        if durability == Durability::Synced {
            while let Some(batch) = self.unsynced.pop_front() {
                apply(&mut self.synced, &batch);
            }
        }
    }

    fn crash(&mut self) -> StoreError {
        self.crashed = true;
        StoreError::Unavailable("crashed".to_owned())
    }
}

impl Store for FaultyStore {
    fn commit(&self, batch: &Batch, durability: Durability) -> Result<(), StoreError> {
        let mut disk = self.disk();
        if disk.crashed {
            return Err(disk.crash());
        }
        disk.commits += 1;
        match disk.faults.pop_front().unwrap_or(Fault::None) {
            Fault::None => {
                disk.write(batch, durability);
                Ok(())
            }
            Fault::Full => Err(StoreError::Full),
            Fault::CrashBefore => Err(disk.crash()),
            Fault::CrashAfter => {
                disk.write(batch, Durability::Synced);
                Err(disk.crash())
            }
        }
    }

    fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        let mut disk = self.disk();
        if disk.crashed {
            return Err(disk.crash());
        }
        Ok(Box::new(MemorySnapshot {
            spaces: disk.visible.clone(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Space;

    const TABLE: Space = Space::new("table");

    fn put(key: &str) -> Batch {
        let mut batch = Batch::new();
        batch.put(TABLE, key, "value");
        batch
    }

    fn has(store: &FaultyStore, key: &str) -> bool {
        store
            .snapshot()
            .unwrap()
            .get(TABLE, key.as_bytes())
            .unwrap()
            .is_some()
    }

    #[test]
    fn passes_the_suite() {
        crate::suite::run(&|| Box::new(FaultyStore::new()));
    }

    #[test]
    fn a_full_disk_refuses_one_commit_and_goes_on() {
        let store = FaultyStore::new();
        store.plan([Fault::Full]);
        assert_eq!(
            store.commit(&put("a"), Durability::Synced),
            Err(StoreError::Full)
        );
        store.commit(&put("b"), Durability::Synced).unwrap();
        assert!(!has(&store, "a") && has(&store, "b"));
    }

    #[test]
    fn a_crash_keeps_what_was_synced_and_a_prefix_of_the_rest() {
        let store = FaultyStore::new();
        store.commit(&put("synced"), Durability::Synced).unwrap();
        for key in ["first", "second", "third"] {
            store.commit(&put(key), Durability::Buffered).unwrap();
        }
        store.plan([Fault::CrashBefore]);
        assert!(store.commit(&put("never"), Durability::Synced).is_err());
        assert!(store.is_crashed() && store.snapshot().is_err());
        store.restart(1);
        let kept: Vec<bool> = ["synced", "first", "second", "third", "never"]
            .map(|key| has(&store, key))
            .to_vec();
        assert_eq!(kept, [true, true, false, false, false]);
    }

    #[test]
    fn a_crash_after_the_write_keeps_the_batch_that_nobody_heard_of() {
        let store = FaultyStore::new();
        store.plan([Fault::CrashAfter]);
        assert!(store.commit(&put("kept"), Durability::Synced).is_err());
        store.restart(0);
        assert!(has(&store, "kept"));
    }
}
