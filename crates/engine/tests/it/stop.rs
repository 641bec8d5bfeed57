//! Ends from outside: StopExecution and the execution's own timeout.

use passo_engine::{Command, Input, Status, TimerId};
use passo_json::{Json, json};
use passo_vocab::{ErrorName, Failure};

use crate::driver::{Driver, compile, header};

fn types(driver: &Driver<'_>) -> Vec<String> {
    let of = |line: &str| {
        Json::parse(line)
            .unwrap()
            .get("type")
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    driver.history().lines().map(of).collect()
}

fn silent() -> Json {
    json!({"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:silent", "End": true})
}

/// Runs what can run without waiting for time.
fn settle(driver: &mut Driver<'_>) {
    while !driver.queue.is_empty() {
        driver.step();
    }
}

#[test]
fn a_stop_follows_no_event() {
    let program = compile(
        &json!({"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "End": true}}}),
    );
    let mut driver = Driver::new(&program, header(&json!({})));
    settle(&mut driver);
    let failure = Failure::new(ErrorName::new("Enough"), "for today");
    driver.give(Input::Stop {
        failure: failure.clone(),
    });
    assert_eq!(driver.execution.status(), &Status::Aborted { failure });
    assert_eq!(
        types(&driver),
        ["ExecutionStarted", "WaitStateEntered", "ExecutionAborted"]
    );
    assert!(
        driver
            .history()
            .lines()
            .last()
            .unwrap()
            .contains(r#""previousEventId":0"#)
    );
    assert!(driver.timers.is_empty(), "its timers are cancelled");
}

#[test]
fn a_stop_aborts_what_runs_inside() {
    let program = compile(
        &json!({"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "B", "States": {"B": silent()}},
        {"StartAt": "C", "States": {"C": {"Type": "Map", "Items": [1, 2], "QueryLanguage": "JSONata", "End": true,
            "ItemProcessor": {"StartAt": "D", "States": {"D": {"Type": "Wait", "Seconds": 5, "End": true}}}}}}]}}}),
    );
    let mut driver = Driver::new(&program, header(&json!({})));
    settle(&mut driver);
    driver.commands.clear();
    driver.give(Input::Stop {
        failure: Failure::default(),
    });
    let all = types(&driver);
    assert_eq!(
        all[all.len() - 7..],
        [
            "TaskStateAborted",
            "WaitStateAborted",
            "MapIterationAborted",
            "WaitStateAborted",
            "MapIterationAborted",
            "MapStateAborted",
            "ExecutionAborted"
        ]
    );
    let cancelled = driver
        .commands
        .iter()
        .filter(|command| matches!(command, Command::CancelTask { .. }))
        .count();
    assert_eq!(cancelled, 1);
    assert!(driver.timers.is_empty());
}

#[test]
fn an_execution_times_out_as_a_whole() {
    let program = compile(&json!({"StartAt": "A", "TimeoutSeconds": 5, "States": {
        "A": {"Type": "Wait", "Seconds": 60, "End": true}}}));
    let mut driver = Driver::new(&program, header(&json!({})));
    settle(&mut driver);
    assert!(driver.timers.contains_key(&TimerId::EXECUTION));
    let status = driver.run();
    assert_eq!(status.name(), "TIMED_OUT");
    assert_eq!(
        types(&driver),
        ["ExecutionStarted", "WaitStateEntered", "ExecutionTimedOut"]
    );
    assert_eq!(
        driver
            .now
            .millis_since(driver.execution.header().started_at),
        5000
    );
}

#[test]
fn what_ends_in_many_steps_has_no_deadline_any_more() {
    let program = compile(&json!({"TimeoutSeconds": 5, "StartAt": "A", "States": {
        "A": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "B", "States": {"B": silent()}}]}}}));
    let mut driver = Driver::new(&program, header(&json!({})));
    settle(&mut driver);
    assert!(driver.timers.contains_key(&TimerId::EXECUTION));
    driver.give(Input::Stop {
        failure: Failure::default(),
    });
    let started = driver
        .events
        .iter()
        .position(|event| matches!(event.kind, passo_engine::EventKind::ClosingStarted(_)));
    let events: Vec<_> = driver.events.drain(..=started.unwrap()).collect();
    let recovered = Driver::recover(&program, header(&json!({})), &events);
    assert!(!recovered.timers.contains_key(&TimerId::EXECUTION));
}
