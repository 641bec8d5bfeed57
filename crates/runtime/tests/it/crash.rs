//! A process that dies at any commit, and one that is opened again on what was left.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use passo_engine::TaskUpdate;
use passo_json::{Json, Payload, json};
use passo_runtime::ExecutionStatus;
use passo_store::{Fault, FaultyStore};
use passo_vocab::{ErrorName, Failure};

use crate::world::{Work, World};

/// Everything that a restart must bring back: a wait, tasks side by side, a retry, a Map, children of a
/// Distributed Map, variables.
fn definition() -> Json {
    json!({"StartAt": "Wait", "States": {
        "Wait": {"Type": "Wait", "Seconds": 10, "Assign": {"seen.$": "$.n"}, "Next": "Both"},
        "Both": {"Type": "Parallel", "Next": "Each", "Branches": [
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:a", "End": true,
                "Retry": [{"ErrorEquals": ["States.ALL"]}]}}},
            {"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 5, "End": true}}},
        ]},
        "Each": {"Type": "Map", "ItemsPath": "$[0]", "MaxConcurrency": 2, "Next": "Many", "ItemProcessor": {"StartAt": "C", "States": {
            "C": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:c", "End": true}}}},
        "Many": {"Type": "Map", "MaxConcurrency": 2, "Label": "many", "Next": "Last", "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "D", "States": {
                "D": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:d", "End": true}}}},
        "Last": {"Type": "Pass", "Parameters": {"n.$": "$seen", "items.$": "$"}, "End": true},
    }})
}

fn work(done: Arc<AtomicUsize>) -> Box<Work> {
    Box::new(move |request| {
        done.fetch_add(1, Ordering::SeqCst);
        let started = TaskUpdate::Started { worker: None };
        let fails = request.task.state_name.as_str() == "A" && request.task.retry_count == 0;
        if fails {
            let failure = Failure {
                error: Some(ErrorName::new("Busy")),
                cause: None,
            };
            return vec![started, TaskUpdate::Failed(failure)];
        }
        let result = match request.task.state_name.as_str() {
            "A" => json!([1, 2, 3]),
            _ => request.task.parameters.json().clone(),
        };
        vec![started, TaskUpdate::Succeeded(Payload::from(result))]
    })
}

#[test]
fn every_commit_may_be_the_last_one() {
    let calm = FaultyStore::new();
    let world = World::new(Arc::new(calm.clone()), work(Arc::default()));
    world.start("e", &definition(), &json!({"n": 7})).unwrap();
    let expect = world.end("e");
    let history = world.history("e");
    world.stop();
    assert_eq!(expect.status, ExecutionStatus::Succeeded, "{expect:?}");
    assert_eq!(
        expect.output,
        Some(Payload::from(json!({"n": 7, "items": [1, 2, 3]})))
    );
    let commits = usize::try_from(calm.commits()).unwrap();
    assert!(commits >= 8, "only {commits} commits to disturb");

    for fault in [Fault::CrashBefore, Fault::CrashAfter] {
        for at in 0..commits + 2 {
            crash_at(at, fault, &history);
        }
    }
}

/// Lets the process die at one commit, opens it again, and compares with the undisturbed run.
fn crash_at(at: usize, fault: Fault, history: &[String]) {
    let store = FaultyStore::new();
    store.plan(std::iter::repeat_n(Fault::None, at).chain([fault]));
    let world = World::new(Arc::new(store.clone()), work(Arc::default()));
    let answer = world.begin("e", &definition(), &json!({"n": 7}));
    let acknowledged = loop {
        if let Ok(outcome) = answer.try_recv() {
            break outcome.is_ok();
        }
        if store.is_crashed() {
            break false;
        }
        std::thread::yield_now();
    };
    while !store.is_crashed() && world.summary_is_running("e") {
        std::thread::yield_now();
    }
    world.stop();
    store.restart(0);

    let world = World::new(Arc::new(store), work(Arc::default()));
    if world.summary("e").is_none() {
        assert!(
            !acknowledged,
            "an acknowledged execution is gone after {fault:?} at {at}"
        );
        world.start("e", &definition(), &json!({"n": 7})).unwrap();
    }
    let summary = world.end("e");
    let output = Some(Payload::from(json!({"n": 7, "items": [1, 2, 3]})));
    assert_eq!(summary.output, output, "{fault:?} at {at}");
    let mut after = world.history("e");
    let mut undisturbed = history.to_vec();
    // What runs side by side may interleave in another order.
    after.sort();
    undisturbed.sort();
    assert_eq!(after, undisturbed, "{fault:?} at {at}");
    world.stop();
}
