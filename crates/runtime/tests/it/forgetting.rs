//! Executions that are forgotten while others still ask for them.

use std::sync::Arc;
use std::sync::mpsc::channel;

use passo_engine::Input;
use passo_json::json;
use passo_runtime::{
    Definitions as _, Effect, InputError, Message, Partition, Settings, Start, Turn,
};
use passo_store::{Durability, MemoryStore, Store as _};
use passo_vocab::Timestamp;

use crate::world::{Compiler, header, key};

/// Makes a turn durable and answers whoever waits for it.
fn settle(store: &MemoryStore, partition: &mut Partition, turn: Turn) {
    store.commit(&turn.batch, Durability::Synced).unwrap();
    partition.release(turn.number);
    for effect in turn.effects {
        if let Effect::Answer(answer) = effect {
            answer();
        }
    }
}

#[test]
fn what_is_forgotten_is_not_read_back_before_that_is_durable() {
    let store = MemoryStore::new();
    let (begin, later) = (
        Timestamp::from_epoch_millis(0),
        Timestamp::from_epoch_millis(1 << 40),
    );
    let mut partition = Partition::new(
        Arc::new(store.clone()),
        Arc::new(Compiler),
        Settings::default(),
    );
    partition.recover(begin, 1).unwrap();
    let text =
        json!({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Told"}}}).to_text();
    let start = Start {
        header: header("e", &json!({})),
        program: Compiler.program(&text).unwrap(),
        definition: Arc::from(text),
        trace_header: None,
        named_by: Some(Arc::from("request")),
        started: None,
        finished: None,
    };
    partition.handle(Message::Start(Box::new(start)), begin, 1);
    let started = partition.end_turn().unwrap();
    settle(&store, &mut partition, started);

    // The store still has the execution when somebody asks for it.
    partition.forget(later, 10).unwrap();
    let forgotten = partition.end_turn().unwrap();
    let (answer, answered) = channel();
    let reply = Box::new(move |outcome| answer.send(outcome).unwrap());
    let input = Input::Redrive;
    partition.handle(
        Message::Input {
            execution: key("e"),
            input,
            reply: Some(reply),
        },
        later,
        2,
    );
    let refused = partition.end_turn().unwrap();
    assert!(refused.batch.is_empty(), "{:?}", refused.batch);
    settle(&store, &mut partition, forgotten);
    settle(&store, &mut partition, refused);
    assert_eq!(answered.recv().unwrap(), Err(InputError::NotFound));
}
