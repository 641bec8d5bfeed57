//! How states stand after a history.

use passo_graph::{Standings, Status};
use passo_json::Json;

/// Events as `id previous type state`.
fn after(events: &[&str]) -> Standings {
    let mut standings = Standings::default();
    for event in events {
        let words: Vec<&str> = event.split(' ').collect();
        let state = words.get(3).map_or(String::new(), |name| {
            format!(r#", "stateEnteredEventDetails": {{"name": "{name}"}}"#)
        });
        let event = format!(
            r#"{{"id": {}, "previousEventId": {}, "type": "{}"{state}}}"#,
            words[0], words[1], words[2]
        );
        standings.take(&Json::parse(&event).unwrap());
    }
    standings
}

#[test]
fn states_run_succeed_fail_and_are_caught() {
    let caught = after(&[
        "1 0 ExecutionStarted",
        "2 0 TaskStateEntered A",
        "3 2 TaskScheduled",
        "4 3 TaskFailed",
        "5 4 TaskStateExited",
        "6 5 PassStateEntered B",
        "7 6 PassStateExited",
        "8 7 WaitStateEntered C",
    ]);
    assert_eq!(caught.of("A"), Some(Status::Caught));
    assert_eq!(caught.of("B"), Some(Status::Succeeded));
    assert_eq!(caught.of("C"), Some(Status::Running));
    assert_eq!(caught.of("D"), None);
    assert!(caught.went("", "A") && caught.went("A", "B") && caught.went("B", "C"));
    assert!(!caught.went("A", "C") && !caught.went("C", ""));
}

#[test]
fn a_retry_that_goes_well_is_no_failure() {
    let retried = after(&[
        "1 0 ExecutionStarted",
        "2 0 TaskStateEntered A",
        "3 2 TaskFailed",
        "4 3 TaskScheduled",
        "5 4 TaskSucceeded",
        "6 5 TaskStateExited",
    ]);
    assert_eq!(retried.of("A"), Some(Status::Succeeded));
}

#[test]
fn branches_that_run_at_once_do_not_mix() {
    let failed = after(&[
        "1 0 ExecutionStarted",
        "2 0 ParallelStateEntered P",
        "3 2 ParallelStateStarted",
        "4 3 WaitStateEntered Slow",
        "5 3 TaskStateEntered Bad",
        "6 5 TaskFailed",
        "7 6 ParallelStateFailed",
        "8 7 ExecutionFailed",
    ]);
    assert_eq!(failed.of("Bad"), Some(Status::Failed));
    assert_eq!(failed.of("Slow"), Some(Status::Aborted));
    assert_eq!(failed.of("P"), Some(Status::Failed));
    assert!(failed.went("", "Slow") && !failed.went("Slow", "Bad"));
}

#[test]
fn one_failed_item_is_not_hidden_by_those_that_went_well() {
    let mapped = after(&[
        "2 0 MapStateEntered M",
        "3 2 MapStateStarted",
        "4 3 MapIterationStarted",
        "5 4 FailStateEntered F",
        "6 5 MapIterationFailed",
        "7 3 MapIterationStarted",
        "8 7 FailStateEntered F",
        "9 8 FailStateExited",
        "10 9 MapIterationSucceeded",
        "11 10 MapStateSucceeded",
        "12 11 MapStateExited",
    ]);
    assert_eq!(mapped.of("F"), Some(Status::Failed));
    assert_eq!(mapped.of("M"), Some(Status::Succeeded));
}

#[test]
fn histories_that_make_no_sense_say_little() {
    let odd = after(
        &[
            "9 3 TaskStateExited",
            "2 2 MapIterationFailed",
            "1 1 ExecutionFailed",
            "x x x",
        ]
        .map(|event| {
            if event.starts_with('x') {
                "0 0 TaskStateEntered"
            } else {
                event
            }
        }),
    );
    assert_eq!(odd.of("A"), None);
}
