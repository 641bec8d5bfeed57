//! The one writer of the queues' tables: changes that arrive while a commit syncs share the next one.
//!
//! Changes become durable in the order in which they were handed in, and their effects happen in that order, on this thread,
//! before anybody is answered. It knows nothing of queues.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use passo_service::Fault;
use passo_store::{Batch, Direction, Durability, KeyRange, Store, StoreError};
use tokio::sync::oneshot;

use crate::{faults, keys};

/// Changes and bytes taken into one commit: enough to share a sync, few enough to bound memory.
const CHANGES_MAX: usize = 1024;
const BYTES_MAX: usize = 16 << 20;
/// Keys of messages that are gone, removed at a time.
const GARBAGE_KEYS_MAX: usize = 2000;
/// How often garbage is looked for while nothing happens.
const IDLE: Duration = Duration::from_secs(1);

/// What happens once it is known whether a change is durable.
type Effect = Box<dyn FnOnce(bool) + Send>;

struct Change {
    batch: Batch,
    effect: Effect,
    answer: oneshot::Sender<Result<(), StoreError>>,
}

/// A handle to the writer. The thread ends with the last handle.
pub(crate) struct Committer {
    changes: Sender<Change>,
    garbage: Arc<Mutex<Vec<u64>>>,
}

/// A change that was handed in.
pub(crate) struct Submitted(oneshot::Receiver<Result<(), StoreError>>);

impl Submitted {
    /// Once it is durable, and its effect has happened.
    ///
    /// # Errors
    /// Where the store refused it.
    pub(crate) async fn durable(self) -> Result<(), Fault> {
        match self.0.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(faults::store(&error)),
            Err(_) => Err(Fault::service("The server stops.")),
        }
    }
}

impl Committer {
    /// A writer of `store`.
    ///
    /// # Errors
    /// Where there can be no more threads.
    pub(crate) fn start(store: Arc<dyn Store>, garbage: Vec<u64>) -> io::Result<Committer> {
        let (changes, receiver) = channel();
        let garbage = Arc::new(Mutex::new(garbage));
        let sweeper = Sweeper {
            store: Arc::clone(&store),
            garbage: Arc::clone(&garbage),
        };
        thread::Builder::new()
            .name("sqs-commit".to_owned())
            .spawn(move || run(store.as_ref(), &receiver, &sweeper))?;
        Ok(Committer { changes, garbage })
    }

    /// Hands a change in. Call it under the lock that orders changes of the same things.
    pub(crate) fn submit(
        &self,
        batch: Batch,
        effect: impl FnOnce(bool) + Send + 'static,
    ) -> Submitted {
        let (answer, answered) = oneshot::channel();
        let change = Change {
            batch,
            effect: Box::new(effect),
            answer,
        };
        // A writer that is gone drops the answer, which its waiter sees.
        let _ = self.changes.send(change);
        Submitted(answered)
    }

    /// What has this number in the tables of messages is not wanted any more; its row of garbage is committed already.
    pub(crate) fn sweep(&self, store_id: u64) {
        let mut garbage = self.garbage.lock().unwrap_or_else(PoisonError::into_inner);
        garbage.push(store_id);
    }
}

fn run(store: &dyn Store, changes: &Receiver<Change>, sweeper: &Sweeper) {
    loop {
        let wait = if sweeper.is_idle() {
            IDLE
        } else {
            Duration::ZERO
        };
        match changes.recv_timeout(wait) {
            Ok(first) => commit(store, first, changes),
            Err(RecvTimeoutError::Timeout) => sweeper.step(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn commit(store: &dyn Store, first: Change, changes: &Receiver<Change>) {
    let mut batch = Batch::new();
    let mut waiting = Vec::new();
    let mut next = Some(first);
    while let Some(change) = next {
        batch.append(change.batch);
        waiting.push((change.effect, change.answer));
        let has_room = waiting.len() < CHANGES_MAX && batch.bytes() < BYTES_MAX;
        next = if has_room {
            changes.try_recv().ok()
        } else {
            None
        };
    }
    let outcome = if batch.is_empty() {
        Ok(())
    } else {
        store.commit(&batch, Durability::Synced)
    };
    for (effect, answer) in waiting {
        effect(outcome.is_ok());
        // Whoever asked may have gone away.
        let _ = answer.send(outcome.clone());
    }
}

/// Removes messages of purged and deleted queues, a little at a time, so that neither memory nor others suffer.
struct Sweeper {
    store: Arc<dyn Store>,
    garbage: Arc<Mutex<Vec<u64>>>,
}

impl Sweeper {
    fn is_idle(&self) -> bool {
        self.next().is_none()
    }

    fn next(&self) -> Option<u64> {
        let garbage = self.garbage.lock().unwrap_or_else(PoisonError::into_inner);
        garbage.last().copied()
    }

    fn step(&self) {
        let Some(store_id) = self.next() else { return };
        // What fails now is tried again after the next change, or the next start.
        let done = self.remove_some(store_id).unwrap_or(true);
        if done {
            let mut garbage = self.garbage.lock().unwrap_or_else(PoisonError::into_inner);
            garbage.retain(|id| *id != store_id);
        }
    }

    /// Whether nothing is left.
    fn remove_some(&self, store_id: u64) -> Result<bool, StoreError> {
        let mut batch = Batch::new();
        let snapshot = self.store.snapshot()?;
        let range = KeyRange::prefix(&store_id.to_be_bytes());
        let mut left = GARBAGE_KEYS_MAX;
        for space in [keys::BODIES, keys::DEDUPLICATIONS, keys::INDEX] {
            snapshot.scan(space, &range, Direction::Forward, &mut |key, _| {
                if left == 0 {
                    return std::ops::ControlFlow::Break(());
                }
                left -= 1;
                batch.delete(space, key);
                std::ops::ControlFlow::Continue(())
            })?;
        }
        let done = left > 0;
        if done {
            batch.delete(keys::GARBAGE, store_id.to_be_bytes());
        }
        self.store.commit(&batch, Durability::Buffered)?;
        Ok(done)
    }
}
