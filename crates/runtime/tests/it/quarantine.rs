//! An execution whose journal is damaged, and its neighbours.

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_engine::{Input, TaskId, TaskUpdate};
use passo_json::{Json, Payload, json};
use passo_runtime::{
    Definitions as _, Effect, ExecutionStatus, Key, Message, Partition, Settings, Start, TABLES,
    Turn, audit,
};
use passo_store::{Batch, Direction, Durability, KeyRange, MemoryStore, Space, Store as _};
use passo_vocab::Timestamp;

use crate::world::{Compiler, header, key};

const BEGIN: Timestamp = Timestamp::from_epoch_millis(0);

fn partition(store: &MemoryStore) -> Partition {
    let store = Arc::new(store.clone());
    Partition::new(store, Arc::new(Compiler), Settings::default())
}

fn start(partition: &mut Partition, name: &str, definition: &Json) {
    let text = definition.to_text();
    let start = Start {
        header: header(name, &json!({})),
        program: Compiler.program(&text).unwrap(),
        definition: Arc::from(text),
        trace_header: None,
        named_by: Some(Arc::from("request")),
        started: None,
        finished: None,
    };
    partition.handle(Message::Start(Box::new(start)), BEGIN, 1);
}

/// Makes what was decided durable, and gives the executions that tasks were asked for.
fn commit(store: &MemoryStore, partition: &mut Partition) -> Vec<Key> {
    let Some(turn) = partition.end_turn() else {
        return Vec::new();
    };
    let Turn {
        batch,
        effects,
        number,
    } = turn;
    store.commit(&batch, Durability::Synced).unwrap();
    partition.release(number);
    let asked = effects.into_iter().filter_map(|effect| match effect {
        Effect::StartTask { execution, .. } => Some(execution),
        _ => None,
    });
    asked.collect()
}

fn journal() -> Space {
    let mut tables = TABLES.into_iter();
    tables.find(|table| table.name() == "journal").unwrap()
}

/// The last row of an execution's journal.
fn last_row(store: &MemoryStore, execution: Key) -> (Vec<u8>, Vec<u8>) {
    let mut last = None;
    let rows = KeyRange::prefix(execution.as_bytes());
    let snapshot = store.snapshot().unwrap();
    let scanned = snapshot.scan(journal(), &rows, Direction::Backward, &mut |key, value| {
        last = Some((key.to_vec(), value.to_vec()));
        ControlFlow::Break(())
    });
    scanned.unwrap();
    last.unwrap()
}

fn write(store: &MemoryStore, key: &[u8], value: &[u8]) {
    let mut batch = Batch::new();
    batch.put(journal(), key, value);
    store.commit(&batch, Durability::Synced).unwrap();
}

#[test]
fn one_is_set_aside_and_its_neighbours_go_on() {
    let store = MemoryStore::new();
    let mut first = partition(&store);
    first.recover(BEGIN, 1).unwrap();
    let task = json!({"StartAt": "T", "States": {"T": {"Type": "Task", "TimeoutSeconds": 50, "End": true,
        "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f"}}});
    let wait =
        json!({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 10, "End": true}}});
    start(&mut first, "bad", &task);
    start(&mut first, "good", &task);
    start(&mut first, "waits", &wait);
    let mut both = vec![key("bad"), key("good")];
    both.sort();
    let mut asked = commit(&store, &mut first);
    asked.sort();
    assert_eq!(asked, both);

    let (row, bytes) = last_row(&store, key("bad"));
    write(&store, &row, b"\xFF\xFF\xFF");
    let mut second = partition(&store);
    second.recover(BEGIN, 2).unwrap();
    assert_eq!(commit(&store, &mut second), [key("good")]);
    let later = BEGIN.plus_millis(10_000);
    second.fire_timers(later, 3, 10).unwrap();
    commit(&store, &mut second);

    // What was set aside stays so even where its journal can be read again.
    write(&store, &row, &bytes);
    let found = audit(store.snapshot().unwrap().as_ref(), &Compiler).unwrap();
    let status = |name: &str| found.executions.get(&key(name)).unwrap().summary.clone();
    assert_eq!(status("waits").status, ExecutionStatus::Succeeded);
    assert!(status("bad").quarantine.is_some(), "its journal is kept");
    let mut third = partition(&store);
    third.recover(later, 4).unwrap();
    assert_eq!(commit(&store, &mut third), [key("good")]);
    for name in ["bad", "good"] {
        let update = TaskUpdate::Succeeded(Payload::from(json!(1)));
        let task = TaskId::new(3);
        let message = Message::Input {
            execution: key(name),
            input: Input::Task { task, update },
            reply: None,
        };
        third.handle(message, later, 5);
    }
    commit(&store, &mut third);
    assert_eq!(third.next_timer(), None);
    let found = audit(store.snapshot().unwrap().as_ref(), &Compiler).unwrap();
    let good = &found.executions.get(&key("good")).unwrap().summary;
    assert_eq!(good.status, ExecutionStatus::Succeeded);
    let bad = &found.executions.get(&key("bad")).unwrap().summary;
    assert_eq!(bad.status, ExecutionStatus::Running, "nothing moves it");
}
