//! AWS's limits on one execution.

use passo_engine::Limits;
use passo_json::{Json, json};

use crate::driver::{Driver, compile, header};

/// The execution's failure as `error: cause`.
fn failure(definition: &Json, input: &Json, limits: Limits) -> String {
    let program = compile(definition);
    let mut header = header(input);
    header.limits = limits;
    let mut driver = Driver::new(&program, header);
    match driver.run() {
        passo_engine::Status::Failed { failure } => {
            format!("{}: {}", failure.error.unwrap(), failure.cause.unwrap())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_history_ends_at_its_limit() {
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$.again", "BooleanEquals": true, "Next": "A"}], "Default": "C"},
        "C": {"Type": "Succeed"}}});
    let program = compile(&definition);
    let mut driver = Driver::new(&program, header(&json!({"again": true})));
    driver.run();
    let history = driver.history();
    let last = Json::parse(history.lines().last().unwrap()).unwrap();
    assert_eq!(last.get("id"), Some(&json!(25000)));
    assert_eq!(last.get("type"), Some(&json!("ExecutionFailed")));
    assert_eq!(
        last.get("executionFailedEventDetails"),
        Some(&json!({"error": "States.Runtime",
            "cause": "The execution reached the maximum number of history events (25000)."}))
    );
}

#[test]
fn the_last_event_may_be_a_success() {
    let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}});
    let program = compile(&definition);
    let mut header = header(&json!({}));
    header.limits.history_events_max = Some(4);
    let mut driver = Driver::new(&program, header);
    assert_eq!(driver.run().name(), "SUCCEEDED");
}

#[test]
fn an_output_has_a_limit() {
    let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Pass",
        "Parameters": {"a.$": "$.t", "b.$": "$.t"}, "End": true}}});
    let limits = Limits {
        payload_bytes_max: 100,
        ..Limits::STANDARD
    };
    assert_eq!(
        failure(&definition, &json!({"t": "x".repeat(60)}), limits),
        "States.DataLimitExceeded: The state/task 'A' returned a result with a size exceeding the maximum number of \
         bytes service limit."
    );
}

#[test]
fn variables_have_a_limit() {
    let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"v.$": "$.t"}, "End": true}}});
    let limits = Limits {
        assign_bytes_max: 50,
        ..Limits::STANDARD
    };
    assert!(
        failure(&definition, &json!({"t": "x".repeat(60)}), limits)
            .starts_with("States.DataLimitExceeded: ")
    );
}

#[test]
fn an_inline_map_runs_forty_iterations_at_once() {
    let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Map", "MaxConcurrency": 100, "End": true,
        "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 1, "End": true}}}}}});
    let program = compile(&definition);
    let items: Vec<Json> = (0..50).map(Json::from).collect();
    let mut driver = Driver::new(&program, header(&Json::from(items)));
    while !driver.queue.is_empty() {
        driver.step();
    }
    let started = driver.history().matches("MapIterationStarted\"").count();
    assert_eq!(started, 40);
    assert_eq!(driver.run().name(), "SUCCEEDED");
}
