//! One queue in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_service::Fault;
use passo_store::Batch;
use tokio::sync::Notify;

use crate::address::Address;
use crate::deduplication::Deduplication;
use crate::index::{Entry, Index};
use crate::record::Record;
use crate::{faults, keys, sequence};

/// Expired messages that are removed in one go.
const EXPIRED_MAX: usize = 1000;

/// A queue.
pub(crate) struct Queue {
    pub(crate) address: Address,
    pub(crate) arn: String,
    state: Mutex<State>,
    /// Told once for every message that may be received now.
    pub(crate) arrivals: Notify,
}

/// What changes of a queue.
pub(crate) struct State {
    pub(crate) record: Record,
    pub(crate) index: Index,
    pub(crate) deduplication: Deduplication,
    /// Attempts to receive, by their ids.
    pub(crate) attempts: BTreeMap<String, Attempt>,
    /// It was deleted; others may still hold it.
    pub(crate) gone: bool,
}

/// What an attempt to receive yielded: messages and how often each had been received then.
pub(crate) struct Attempt {
    pub(crate) at: i64,
    pub(crate) taken: Vec<(u64, u32)>,
}

/// A message of a queue, and where it was.
pub(crate) type Taken = (u64, Entry);

impl Queue {
    pub(crate) fn new(address: Address, record: Record) -> Queue {
        Queue {
            arn: address.arn(),
            address,
            state: Mutex::new(State {
                record,
                index: Index::default(),
                deduplication: Deduplication::default(),
                attempts: BTreeMap::new(),
                gone: false,
            }),
            arrivals: Notify::new(),
        }
    }

    /// Its state, for a moment without waiting.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its state, where the queue is still there.
    ///
    /// # Errors
    /// `QueueDoesNotExist` where it was deleted meanwhile.
    pub(crate) fn open(&self) -> Result<MutexGuard<'_, State>, Fault> {
        let state = self.lock();
        if state.gone {
            return Err(faults::no_queue());
        }
        Ok(state)
    }

    pub(crate) fn is_fifo(&self) -> bool {
        self.address.is_fifo()
    }

    /// Shows messages to those who receive. They are durable under `store_id`, which a purge may have changed since.
    pub(crate) fn admit(&self, store_id: u64, messages: Vec<Taken>, now: i64) {
        let count = messages.len();
        {
            let mut state = self.lock();
            if state.gone || state.record.store_id != store_id {
                return;
            }
            for (sequence, entry) in messages {
                state.index.insert(sequence, entry, now);
            }
        }
        self.announce(count);
    }

    /// Tells as many of those who wait.
    pub(crate) fn announce(&self, messages: usize) {
        for _ in 0..messages {
            self.arrivals.notify_one();
        }
    }

    /// The record's attribute, as a number.
    pub(crate) fn number(&self, state: &State, name: &str) -> i64 {
        state.record.number(name, &self.address)
    }

    /// Lets time do its work: messages become visible or too old, deduplication ids are forgotten. What goes is added to
    /// `batch`.
    pub(crate) fn advance(&self, state: &mut State, now: i64, batch: &mut Batch) {
        let retention = self.number(state, "MessageRetentionPeriod");
        let oldest = now.saturating_sub(retention.saturating_mul(1000));
        let store_id = state.record.store_id;
        state.index.wake(now);
        for _ in 0..EXPIRED_MAX {
            let Some(first) = state.index.peek() else {
                break;
            };
            if sequence::given_at(first) > oldest {
                break;
            }
            state.index.take(first);
            remove(batch, store_id, first);
        }
        for hash in state.deduplication.expire(now) {
            batch.delete(keys::DEDUPLICATIONS, keys::deduplication(store_id, &hash));
        }
        let forgotten = now.saturating_sub(crate::quotas::DEDUPLICATION_MILLIS);
        state.attempts.retain(|_, attempt| attempt.at > forgotten);
    }

    /// The batch that keeps its record.
    pub(crate) fn put(&self, record: &Record) -> Batch {
        let mut batch = Batch::new();
        batch.put(keys::QUEUES, keys::queue(&self.address), record.encode());
        batch
    }
}

/// Removes a message's rows.
pub(crate) fn remove(batch: &mut Batch, store_id: u64, sequence: u64) {
    batch.delete(keys::INDEX, keys::message(store_id, sequence));
    batch.delete(keys::BODIES, keys::message(store_id, sequence));
}

/// A group's name as an index has it: standard queues do not order by group.
pub(crate) fn group_of(queue: &Queue, group: Option<&str>) -> Option<Arc<str>> {
    if queue.is_fifo() {
        Some(Arc::from(group.unwrap_or_default()))
    } else {
        None
    }
}
