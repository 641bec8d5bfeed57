//! Room on the disk for what was deleted.
//!
//! The engine writes a deletion beside what it deletes, and both go when their files are merged, which happens by
//! itself only where much is written. A space of which as much was removed as is left is therefore merged whole, in the
//! background: each key is moved about once for each time that it is removed. What the other spaces have in memory is
//! written to their files then, because the log of all is as long as the oldest of it. Knows nothing of what keys mean.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use fjall::Keyspace;
use passo_store::Space;

/// Keys removed from a space before it is looked at again.
const LOOK_EVERY: u64 = 1_000;
/// Less than that on the disk is not worth the work: 1 MiB.
const DISK_BYTES_MIN: u64 = 1 << 20;

/// Merges the files of spaces, one at a time.
#[derive(Default)]
pub(crate) struct Reclaimer {
    work: Arc<Mutex<Work>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Work {
    removed: BTreeMap<Space, Removed>,
    /// Spaces that wait to be merged.
    waiting: BTreeMap<Space, Keyspace>,
    is_busy: bool,
    /// Nothing more is begun.
    is_over: bool,
}

/// Keys removed from one space.
#[derive(Default)]
struct Removed {
    since_merge: u64,
    since_look: u64,
}

impl Removed {
    /// Whether merging the space is worth the work. What was removed counts three times in the files: itself, its
    /// deletion, and what came in its place.
    fn is_most_of(&self, keyspace: &Keyspace) -> bool {
        let items = keyspace.approximate_len() as u64;
        let is_most = self.since_merge.saturating_mul(3) >= items;
        is_most && keyspace.disk_space() >= DISK_BYTES_MIN
    }
}

impl Reclaimer {
    /// Notes that `keys` keys have gone from a space, and merges it where that is most of it; `all` gives every space.
    pub(crate) fn removed(
        &self,
        space: Space,
        keys: u64,
        keyspace: &Keyspace,
        all: impl FnOnce() -> Vec<Keyspace>,
    ) {
        let mut work = lock(&self.work);
        let removed = work.removed.entry(space).or_default();
        removed.since_merge = removed.since_merge.saturating_add(keys);
        removed.since_look = removed.since_look.saturating_add(keys);
        if removed.since_look < LOOK_EVERY {
            return;
        }
        removed.since_look = 0;
        if !removed.is_most_of(keyspace) {
            return;
        }
        work.waiting.insert(space, keyspace.clone());
        if std::mem::replace(&mut work.is_busy, true) {
            return;
        }
        drop(work);
        let (others, shared) = (all(), self.work.clone());
        let spawned = thread::Builder::new()
            .name("passo-reclaim".to_owned())
            .spawn(move || merge(&shared, &others));
        match spawned {
            Ok(handle) => *lock(&self.thread) = Some(handle),
            Err(_) => lock(&self.work).is_busy = false,
        }
    }
}

#[cfg(test)]
impl Reclaimer {
    /// Waits until nothing more is to be merged.
    pub(crate) fn settle(&self) {
        let thread = lock(&self.thread).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

/// The directory is free once the store is gone. The engine must not have gone before: it does part of the work.
impl Drop for Reclaimer {
    fn drop(&mut self) {
        lock(&self.work).is_over = true;
        if let Some(thread) = lock(&self.thread).take() {
            // A thread that panicked has nothing more to do.
            let _ = thread.join();
        }
    }
}

/// Merges spaces until none waits. Whatever fails is left for the engine's own merging; the data is as it was.
fn merge(work: &Mutex<Work>, all: &[Keyspace]) {
    while let Some((space, keyspace, removed)) = next(work) {
        let _ = keyspace.rotate_memtable_and_wait();
        let before = keyspace.approximate_len() as u64;
        let _ = keyspace.major_compact();
        let gone = before.saturating_sub(keyspace.approximate_len() as u64);
        for other in all {
            let _ = other.rotate_memtable();
        }
        // More may have gone meanwhile, when it looked like little beside what was there before.
        let mut work = lock(work);
        let since = work.removed.get(&space);
        if since.is_some_and(|removed| removed.is_most_of(&keyspace)) {
            work.waiting.insert(space, keyspace);
        }
        // What a reader still sees, or was written last of all, stays: the next look counts it again.
        if gone < removed {
            let since = work.removed.entry(space).or_default();
            since.since_merge = since.since_merge.saturating_add(removed);
        }
    }
}

/// The next space to merge, with the keys that were removed from it.
fn next(work: &Mutex<Work>) -> Option<(Space, Keyspace, u64)> {
    let mut work = lock(work);
    let first = work.waiting.pop_first();
    let Some((space, keyspace)) = first.filter(|_| !work.is_over) else {
        work.is_busy = false;
        return None;
    };
    let removed = work.removed.remove(&space).unwrap_or_default();
    Some((space, keyspace, removed.since_merge))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
