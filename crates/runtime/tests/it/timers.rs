//! Timers of executions that are not in memory when they are due.

use std::sync::Arc;

use passo_json::{Json, json};
use passo_runtime::{Definitions as _, Message, Partition, Settings, Start};
use passo_store::{Durability, MemoryStore, Store as _};
use passo_vocab::Timestamp;

use crate::world::{Compiler, header};

const BEGIN: Timestamp = Timestamp::from_epoch_millis(0);

/// Starts `definition` and lets it leave memory.
fn evicted(definition: &Json) -> (MemoryStore, Partition) {
    let store = MemoryStore::new();
    let settings = Settings {
        resting_executions_max: 0,
        ..Settings::default()
    };
    let mut partition = Partition::new(Arc::new(store.clone()), Arc::new(Compiler), settings);
    partition.recover(BEGIN, 1).unwrap();
    let text = definition.to_text();
    let start = Start {
        header: header("e", &json!({})),
        program: Compiler.program(&text).unwrap(),
        definition: Arc::from(text),
        trace_header: None,
        named_by: Some(Arc::from("request")),
        started: None,
        finished: None,
    };
    partition.handle(Message::Start(Box::new(start)), BEGIN, 1);
    commit(&store, &mut partition);
    assert_eq!(partition.load_figures().executions_in_memory, 0);
    (store, partition)
}

fn commit(store: &MemoryStore, partition: &mut Partition) {
    let turn = partition.end_turn().unwrap();
    store.commit(&turn.batch, Durability::Synced).unwrap();
    partition.release(turn.number);
}

#[test]
fn a_timer_that_brings_its_execution_back_fires_once() {
    let (store, mut partition) = evicted(&json!({"TimeoutSeconds": 5, "StartAt": "W", "States": {
        "W": {"Type": "Wait", "Seconds": 1_000, "End": true}}}));
    let due = partition.next_timer().unwrap();
    assert_eq!(due, BEGIN.plus_millis(5_000));
    partition.fire_timers(due, 2, 1).unwrap();
    commit(&store, &mut partition);
    assert_eq!(partition.next_timer(), None, "it is over");

    let (store, mut partition) = evicted(&json!({"StartAt": "V", "States": {
        "V": {"Type": "Wait", "Seconds": 1, "Next": "W"},
        "W": {"Type": "Wait", "Seconds": 1_000, "End": true}}}));
    let due = partition.next_timer().unwrap();
    partition.fire_timers(due, 2, 1).unwrap();
    commit(&store, &mut partition);
    assert_eq!(partition.next_timer(), Some(due.plus_millis(1_000_000)));
}
