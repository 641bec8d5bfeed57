//! Redrive: only what did not end well is done again.

use passo_engine::{Input, Status};
use passo_json::{Json, json};
use passo_vocab::Failure;

use crate::driver::{Driver, compile, header};

fn after_redrive(driver: &Driver<'_>) -> Vec<String> {
    let of = |line: &str| {
        Json::parse(line)
            .unwrap()
            .get("type")
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    let types: Vec<String> = driver.history().lines().map(of).collect();
    let place = types
        .iter()
        .rposition(|name| name == "ExecutionRedriven")
        .unwrap();
    types[place + 1..].to_vec()
}

fn task(function: &str) -> Json {
    let resource = format!("arn:aws:lambda:us-east-1:123456789012:function:{function}");
    json!({"Type": "Task", "Resource": resource, "End": true})
}

fn failed(definition: Json) -> (passo_asl::program::Program, Json) {
    (compile(&definition), json!({"n": 1}))
}

#[test]
fn a_failed_task_is_scheduled_again() {
    let (program, input) = failed(
        json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": task("fail")}}),
    );
    let mut driver = Driver::new(&program, header(&input));
    assert_eq!(driver.run().name(), "FAILED");
    driver.queue.push_back(Input::Redrive);
    assert_eq!(driver.run().name(), "FAILED");
    assert_eq!(driver.execution.redrive_count(), 1);
    assert_eq!(
        after_redrive(&driver),
        [
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionFailed",
            "ExecutionFailed"
        ]
    );
}

#[test]
fn a_fail_state_is_entered_again() {
    let (program, input) =
        failed(json!({"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "E"}}}));
    let mut driver = Driver::new(&program, header(&input));
    driver.run();
    driver.queue.push_back(Input::Redrive);
    driver.run();
    assert_eq!(
        after_redrive(&driver),
        ["FailStateEntered", "ExecutionFailed"]
    );
}

#[test]
fn only_the_failed_branch_runs_again() {
    let (program, input) = failed(
        json!({"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "B", "States": {"B": task("ok")}},
        {"StartAt": "C", "States": {"C": {"Type": "Wait", "Seconds": 1, "Next": "D"}, "D": task("fail")}},
        {"StartAt": "E", "States": {"E": {"Type": "Wait", "Seconds": 2, "End": true}}}]}}}),
    );
    let mut driver = Driver::new(&program, header(&input));
    assert_eq!(driver.run().name(), "FAILED");
    driver.queue.push_back(Input::Redrive);
    driver.run();
    assert_eq!(
        after_redrive(&driver),
        [
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionFailed",
            "WaitStateAborted",
            "TaskStateAborted",
            "ParallelStateFailed",
            "ExecutionFailed"
        ]
    );
}

#[test]
fn a_wait_goes_on_where_it_was() {
    let (program, input) = failed(
        json!({"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "End": true}}}),
    );
    let mut driver = Driver::new(&program, header(&input));
    while !driver.queue.is_empty() {
        driver.step();
    }
    driver.give(Input::Stop {
        failure: Failure::default(),
    });
    driver.give(Input::Redrive);
    assert!(matches!(driver.run(), Status::Succeeded { .. }));
    assert_eq!(
        after_redrive(&driver),
        ["WaitStateExited", "ExecutionSucceeded"]
    );
    assert_eq!(
        driver
            .now
            .millis_since(driver.execution.header().started_at),
        60_000
    );
}

#[test]
fn a_map_run_is_redriven() {
    let (program, input) = failed(
        json!({"StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
        "QueryLanguage": "JSONata", "Items": [1, 2],
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "B", "States": {"B": {"Type": "Fail"}}}}}}),
    );
    let mut driver = Driver::new(&program, header(&input));
    assert_eq!(driver.run().name(), "FAILED");
    driver.queue.push_back(Input::Redrive);
    assert_eq!(driver.run().name(), "SUCCEEDED");
    assert_eq!(
        after_redrive(&driver),
        [
            "MapRunRedriven",
            "MapRunSucceeded",
            "MapStateSucceeded",
            "MapStateExited",
            "ExecutionSucceeded"
        ]
    );
}

#[test]
fn what_succeeded_or_runs_is_not_redriven() {
    let (program, input) =
        failed(json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}));
    let mut driver = Driver::new(&program, header(&input));
    driver.run();
    let history = driver.history();
    driver.give(Input::Redrive);
    assert_eq!(driver.history(), history);
}
