//! A disk without room: new work is refused, what was acknowledged stays, and running work goes on when there is room.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use passo_json::{Json, json};
use passo_runtime::{ExecutionStatus, Refused};
use passo_store::{Batch, Durability, MemoryStore, Snapshot, Store, StoreError};

use crate::world::{World, wait_for};

/// A store that has room for so many commits.
#[derive(Default)]
struct Small {
    store: MemoryStore,
    room: AtomicUsize,
}

impl Small {
    fn room(&self, commits: usize) {
        self.room.store(commits, Ordering::SeqCst);
    }
}

impl Store for Small {
    fn commit(&self, batch: &Batch, durability: Durability) -> Result<(), StoreError> {
        let less = |room: usize| room.checked_sub(1);
        match self
            .room
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
        {
            Ok(_) => self.store.commit(batch, durability),
            Err(_) => Err(StoreError::Full),
        }
    }

    fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        self.store.snapshot()
    }
}

fn world(store: &Arc<Small>) -> World {
    World::new(store.clone(), Box::new(|_| Vec::new()))
}

fn definition() -> Json {
    json!({"StartAt": "W", "States": {
        "W": {"Type": "Wait", "Seconds": 10, "Next": "P"}, "P": {"Type": "Pass", "End": true}
    }})
}

/// A world whose execution `taken` was acknowledged by the last commit that there was room for.
fn full(store: &Arc<Small>) -> World {
    store.room(usize::MAX);
    let world = world(store);
    store.room(1);
    world.start("taken", &definition(), &json!({})).unwrap();
    wait_for(|| world.runtime.figures().is_full.then_some(()));
    let refused = world.try_begin("refused", &definition(), &json!({}));
    assert!(matches!(refused, Err(Refused::Full)));
    assert!(world.summary_is_running("taken"));
    world
}

#[test]
fn running_work_goes_on_when_there_is_room() {
    let store = Arc::new(Small::default());
    let world = full(&store);
    store.room(usize::MAX);
    assert_eq!(world.end("taken").status, ExecutionStatus::Succeeded);
    assert!(world.summary("refused").is_none());
    world.start("refused", &definition(), &json!({})).unwrap();
    world.end("refused");
    world.stop();
}

#[test]
fn what_was_acknowledged_outlives_a_restart_without_room() {
    let store = Arc::new(Small::default());
    full(&store).stop();
    let again = world(&store);
    wait_for(|| again.runtime.figures().is_full.then_some(()));
    assert!(again.summary_is_running("taken"));
    store.room(usize::MAX);
    assert_eq!(again.end("taken").status, ExecutionStatus::Succeeded);
    again.stop();
}
