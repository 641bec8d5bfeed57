//! Room on the disk for what was deleted.
//!
//! The engine writes a deletion beside what it deletes, and both go when their files are merged, which happens by
//! itself only where much is written. A space of which as much was removed as is left is therefore merged whole, in the
//! background: each key is moved about once for each time that it is removed. Knows nothing of what keys mean.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use fjall::Keyspace;
use passo_store::Space;

/// Keys removed from a space before it is looked at again.
const LOOK_EVERY: u64 = 10_000;
/// Less than that on the disk is not worth the work: 4 MiB.
const DISK_BYTES_MIN: u64 = 4 << 20;

/// Merges the files of spaces, one at a time.
#[derive(Default)]
pub(crate) struct Reclaimer {
    work: Arc<Mutex<Work>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Work {
    removed: BTreeMap<Space, Removed>,
    is_busy: bool,
}

/// Keys removed from one space.
#[derive(Default)]
struct Removed {
    since_merge: u64,
    since_look: u64,
}

impl Reclaimer {
    /// Notes that `keys` keys have gone from a space, and merges it where that is most of it.
    pub(crate) fn removed(&self, space: Space, keys: u64, keyspace: &Keyspace) {
        let mut work = lock(&self.work);
        let removed = work.removed.entry(space).or_default();
        removed.since_merge = removed.since_merge.saturating_add(keys);
        removed.since_look = removed.since_look.saturating_add(keys);
        if removed.since_look < LOOK_EVERY {
            return;
        }
        removed.since_look = 0;
        // What was removed counts three times in the files: itself, its deletion, and what came in its place.
        let items = keyspace.approximate_len() as u64;
        let is_most = removed.since_merge.saturating_mul(3) >= items;
        if !is_most || keyspace.disk_space() < DISK_BYTES_MIN || work.is_busy {
            return;
        }
        work.removed.remove(&space);
        work.is_busy = true;
        drop(work);
        let (keyspace, shared) = (keyspace.clone(), self.work.clone());
        let merge = move || {
            // Whatever fails here is left for the engine's own merging; the data is as it was.
            let _ = keyspace
                .rotate_memtable_and_wait()
                .and_then(|()| keyspace.major_compact());
            lock(&shared).is_busy = false;
        };
        let spawned = thread::Builder::new()
            .name("passo-reclaim".to_owned())
            .spawn(merge);
        match spawned {
            Ok(handle) => *lock(&self.thread) = Some(handle),
            Err(_) => lock(&self.work).is_busy = false,
        }
    }
}

/// The directory is free once the store is gone.
impl Drop for Reclaimer {
    fn drop(&mut self) {
        if let Some(thread) = lock(&self.thread).take() {
            // A thread that panicked has nothing more to do.
            let _ = thread.join();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
