//! Making what is in memory out of what is in the tables.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use passo_store::{Direction, KeyRange, Snapshot, Space, Store, StoreError};

use crate::address::Address;
use crate::deduplication::{Deduplication, Original};
use crate::index::Entry;
use crate::keys;
use crate::move_tasks::{MoveTask, MoveTasks};
use crate::queue::Queue;
use crate::record::Record;
use crate::sequence::Sequences;

/// What was found.
pub(crate) struct Found {
    pub(crate) queues: BTreeMap<Address, Arc<Queue>>,
    pub(crate) sequences: Sequences,
    pub(crate) garbage: Vec<u64>,
    pub(crate) move_tasks: MoveTasks,
}

/// Reads the tables, bodies excepted.
///
/// # Errors
/// Where the store cannot be read, or a queue's record is damaged.
pub(crate) fn read(store: &dyn Store, now: i64) -> Result<Found, StoreError> {
    let snapshot = store.snapshot()?;
    let mut found = Found {
        queues: BTreeMap::new(),
        sequences: Sequences::default(),
        garbage: Vec::new(),
        move_tasks: MoveTasks::default(),
    };
    let mut records = Vec::new();
    rows(
        snapshot.as_ref(),
        keys::QUEUES,
        &KeyRange::all(),
        |key, value| {
            records.push((address(key), Record::decode(value)));
        },
    )?;
    for record in records {
        let (Some(address), Some(record)) = record else {
            return Err(StoreError::Corrupt(
                "a queue's record cannot be read".to_owned(),
            ));
        };
        let queue = Queue::new(address, record);
        fill(snapshot.as_ref(), &queue, &found.sequences, now)?;
        found.queues.insert(queue.address.clone(), Arc::new(queue));
    }
    rows(
        snapshot.as_ref(),
        keys::GARBAGE,
        &KeyRange::all(),
        |key, _| {
            found
                .garbage
                .extend(key.try_into().ok().map(u64::from_be_bytes));
        },
    )?;
    for store_id in &found.garbage {
        found.sequences.used(*store_id);
    }
    rows(
        snapshot.as_ref(),
        keys::MOVE_TASKS,
        &KeyRange::all(),
        |key, value| {
            if let (Ok(handle), Some(task)) = (std::str::from_utf8(key), MoveTask::decode(value)) {
                found.move_tasks.put(handle, task);
            }
        },
    )?;
    Ok(found)
}

fn fill(
    snapshot: &dyn Snapshot,
    queue: &Queue,
    sequences: &Sequences,
    now: i64,
) -> Result<(), StoreError> {
    let mut state = queue.lock();
    let range = KeyRange::prefix(&state.record.store_id.to_be_bytes());
    sequences.used(state.record.store_id);
    rows(snapshot, keys::INDEX, &range, |key, value| {
        if let (Some((_, sequence)), Some(entry)) = (keys::message_parts(key), Entry::decode(value))
        {
            sequences.used(sequence);
            state.index.insert(sequence, entry, now);
        }
    })?;
    let mut originals = Vec::new();
    rows(snapshot, keys::DEDUPLICATIONS, &range, |key, value| {
        let hash = key.get(8..).and_then(|hash| hash.try_into().ok());
        originals.extend(hash.zip(Original::decode(value)));
    })?;
    originals.sort_by_key(|(_, original): &([u8; 16], Original)| original.sent_at);
    let mut deduplication = Deduplication::default();
    for (hash, original) in originals {
        deduplication.insert(hash, original);
    }
    state.deduplication = deduplication;
    Ok(())
}

fn rows(
    snapshot: &dyn Snapshot,
    space: Space,
    range: &KeyRange,
    mut visit: impl FnMut(&[u8], &[u8]),
) -> Result<(), StoreError> {
    snapshot.scan(space, range, Direction::Forward, &mut |key, value| {
        visit(key, value);
        ControlFlow::Continue(())
    })
}

fn address(key: &[u8]) -> Option<Address> {
    let mut parts = std::str::from_utf8(key).ok()?.splitn(3, '/');
    let mut part = || parts.next().map(str::to_owned);
    Some(Address {
        account: part()?,
        region: part()?,
        name: part()?,
    })
}
