//! The one writer of a store: takes the turns of all partitions, makes them durable together, then lets
//! their effects happen.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};

use passo_store::{Batch, Durability, Store, StoreError};

use crate::UnderWay;
use crate::effects::Performer;
use crate::figures::{Committed, Counters};
use crate::partition::turn::Turn;

/// Turns taken into one commit: enough to share a sync, few enough to bound its size.
const TURNS_MAX: usize = 64;

/// How long to wait before a commit that failed is tried again.
const RETRY: Duration = Duration::from_millis(100);

/// A turn on its way to the store.
pub(crate) struct Pending {
    pub(crate) turn: Turn,
    /// Where its partition reads how far its turns are durable.
    pub(crate) durable: Arc<AtomicU64>,
    /// Keeps virtual time from jumping until its effects have happened.
    pub(crate) under_way: UnderWay,
}

/// What the rest of the process may ask about the store.
#[derive(Debug, Default)]
pub(crate) struct Health {
    full: AtomicBool,
    stopping: AtomicBool,
}

impl Health {
    /// Whether the last commit found no room: new work is refused until one succeeds.
    pub(crate) fn is_full(&self) -> bool {
        self.full.load(Ordering::SeqCst)
    }

    /// Gives up on commits that keep failing.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }
}

/// Commits turns until every sender is gone.
pub(crate) fn run(
    store: &dyn Store,
    turns: &Receiver<Pending>,
    performer: &Performer,
    health: &Health,
    counters: &Counters,
) {
    while let Ok(first) = turns.recv() {
        let mut pending = vec![first];
        pending.extend(turns.try_iter().take(TURNS_MAX - 1));
        let mut batch = Batch::new();
        for entry in &mut pending {
            batch.append(std::mem::take(&mut entry.turn.batch));
        }
        if !batch.is_empty() {
            let Some(took) = commit(store, &batch, health, counters) else {
                return;
            };
            counters.committed(&Committed {
                turns: pending.len(),
                operations: batch.operations().len(),
                bytes: batch.bytes(),
                took,
            });
        }
        counters
            .turns_waiting
            .fetch_sub(pending.len(), Ordering::Relaxed);
        for Pending {
            turn,
            durable,
            under_way,
        } in pending
        {
            durable.fetch_max(turn.number, Ordering::SeqCst);
            for effect in turn.effects {
                performer.perform(effect, &under_way);
            }
            drop(under_way);
        }
    }
}

/// Tries until the batch is durable: how long the attempt took that made it so. None where the process stops before
/// there is room.
fn commit(
    store: &dyn Store,
    batch: &Batch,
    health: &Health,
    counters: &Counters,
) -> Option<Duration> {
    loop {
        let begun = Instant::now();
        match store.commit(batch, Durability::Synced) {
            Ok(()) => {
                if health.full.swap(false, Ordering::SeqCst) {
                    tracing::info!("writing goes on");
                }
                return Some(begun.elapsed());
            }
            Err(error @ (StoreError::Full | StoreError::Unavailable(_))) => {
                if !health.full.swap(true, Ordering::SeqCst) {
                    tracing::error!(%error, "nothing can be written; it is tried until it can");
                }
            }
            // Nothing that waiting could mend.
            Err(
                error @ (StoreError::InUse | StoreError::Version { .. } | StoreError::Corrupt(_)),
            ) => {
                tracing::error!(%error, "nothing can be written any more");
                health.full.store(true, Ordering::SeqCst);
                counters.is_broken.store(true, Ordering::Relaxed);
                return None;
            }
        }
        Counters::add(&counters.commit_failures, 1);
        if health.stopping.load(Ordering::SeqCst) {
            return None;
        }
        thread::sleep(RETRY);
    }
}
