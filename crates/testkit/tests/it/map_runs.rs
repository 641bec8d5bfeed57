//! Distributed Maps over the state's own data.

use passo_engine::TaskUpdate;
use passo_json::{Json, Payload, json};
use passo_testkit::{TaskAnswer, TaskCall, TaskHandler};
use passo_vocab::{ErrorName, Failure};

use crate::harness::{Answers, run};

/// A Distributed Map of one task, with more fields.
fn map(more: &Json) -> Json {
    let mut state = json!({ "Type": "Map", "Label": "Each", "End": true, "ItemProcessor": {
        "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
        "StartAt": "Work", "States": { "Work": {
            "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f",
            "Parameters": { "input.$": "$", "execution.$": "$$.Execution.Id" }, "End": true } } } })
    .as_object()
    .unwrap()
    .clone();
    for (key, value) in more.as_object().unwrap().iter() {
        state = state.with(key.clone(), value.clone());
    }
    json!({ "StartAt": "Map", "States": { "Map": state } })
}

/// Answers with the input; fails for an odd number.
fn even() -> impl TaskHandler {
    Answers(|call: TaskCall| {
        let input = call.task.parameters.json().get("input").unwrap().clone();
        if input.as_i64().is_some_and(|number| number % 2 == 1) {
            return TaskAnswer::now(TaskUpdate::Failed(Failure::new(
                ErrorName::new("Odd"),
                "odd",
            )));
        }
        TaskAnswer::now(TaskUpdate::Succeeded(Payload::from(input)))
    })
}

#[test]
fn results_come_in_the_order_of_the_items() {
    let ran = run(
        &map(&json!({ "MaxConcurrency": 2 })),
        json!([2, 4, 6]),
        even(),
    );
    assert_eq!(ran.ending, "SUCCEEDED [2,4,6]");
}

#[test]
fn failures_within_the_tolerance_are_left_out() {
    let ran = run(
        &map(&json!({ "ToleratedFailureCount": 1 })),
        json!([2, 3, 4]),
        even(),
    );
    assert_eq!(ran.ending, "SUCCEEDED [2,4]");
}

#[test]
fn failures_beyond_the_tolerance_fail_the_map() {
    let ran = run(&map(&json!({})), json!([2, 3, 4]), even());
    assert!(
        ran.ending
            .starts_with("FAILED States.ExceedToleratedFailureThreshold: "),
        "{}",
        ran.ending
    );
}

#[test]
fn batches_are_the_input_of_a_child() {
    let batched =
        map(&json!({ "ItemBatcher": { "MaxItemsPerBatch": 2, "BatchInput": { "factor": 3 } } }));
    let ran = run(&batched, json!([1, 2, 3]), even());
    let expect = r#"SUCCEEDED [{"BatchInput":{"factor":3},"Items":[1,2]},{"BatchInput":{"factor":3},"Items":[3]}]"#;
    assert_eq!(ran.ending, expect);
}

#[test]
fn children_have_arns_with_the_label() {
    let handler = Answers(|call: TaskCall| {
        let execution = call
            .task
            .parameters
            .json()
            .get("execution")
            .unwrap()
            .clone();
        TaskAnswer::now(TaskUpdate::Succeeded(Payload::from(execution)))
    });
    let ran = run(&map(&json!({})), json!([1]), handler);
    let expect = r#"SUCCEEDED ["arn:aws:states:us-east-1:000000000000:execution:machine/Each:"#;
    assert!(ran.ending.starts_with(expect), "{}", ran.ending);
}

#[test]
fn a_map_that_times_out_stops_its_children() {
    let mut definition = map(&json!({})).as_object().unwrap().clone();
    definition = definition.with("TimeoutSeconds", 60);
    let ran = run(
        &Json::from(definition),
        json!([1, 2]),
        Answers(|_| TaskAnswer::Now(Vec::new())),
    );
    assert_eq!((ran.ending.as_str(), ran.millis), ("TIMED_OUT : ", 60_000));
}

#[test]
fn what_cannot_be_read_is_told() {
    let reader = json!({ "ItemReader": {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": { "InputType": "JSON" },
        "Parameters": { "Bucket": "b", "Key": "k" } } });
    let ran = run(&map(&reader), json!({}), even());
    let expect = "FAILED States.ItemReaderFailed: Reading items from another service is not supported here; give the items as the state's input.";
    assert_eq!(ran.ending, expect);
}
