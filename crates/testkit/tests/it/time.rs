//! Time on a virtual clock.

use passo_engine::TaskUpdate;
use passo_json::{Json, json};
use passo_testkit::{DriveError, TaskAnswer};
use passo_vocab::{ErrorName, Failure};

use crate::harness::{Answers, run, try_run};

fn task(more: &Json) -> Json {
    let mut state = json!({ "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": true })
        .as_object()
        .unwrap()
        .clone();
    for (key, value) in more.as_object().unwrap().iter() {
        state = state.with(key.clone(), value.clone());
    }
    json!({ "StartAt": "Work", "States": { "Work": state } })
}

#[test]
fn a_year_passes_at_once() {
    let definition = json!({ "StartAt": "Wait", "States": { "Wait": { "Type": "Wait", "Seconds": 31000000, "End": true } } });
    let ran = run(
        &definition,
        json!({}),
        Answers(|_| panic!("there is no task")),
    );
    assert_eq!(
        (ran.ending.as_str(), ran.millis),
        ("SUCCEEDED {}", 31_000_000_000)
    );
}

#[test]
fn retries_wait_their_time() {
    let retry =
        json!({ "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 10, "MaxAttempts": 3 }] });
    let handler = Answers(|call: passo_testkit::TaskCall| {
        if call.task.retry_count < 2 {
            return TaskAnswer::now(TaskUpdate::Failed(Failure::new(
                ErrorName::new("Busy"),
                "later",
            )));
        }
        TaskAnswer::now(TaskUpdate::Succeeded(call.task.parameters))
    });
    let ran = run(&task(&retry), json!({ "a": 1 }), handler);
    assert_eq!(
        (ran.ending.as_str(), ran.millis),
        (r#"SUCCEEDED {"a":1}"#, 30_000)
    );
}

#[test]
fn a_task_without_an_answer_times_out() {
    let ran = run(
        &task(&json!({ "TimeoutSeconds": 600 })),
        json!({}),
        Answers(|_| TaskAnswer::Now(Vec::new())),
    );
    assert_eq!(
        (ran.ending.as_str(), ran.millis),
        ("FAILED States.Timeout: ", 600_000)
    );
}

#[test]
fn an_execution_that_nobody_moves_is_told_apart() {
    let without_end = json!({ "StartAt": "Work", "States": { "Work": {
        "Type": "Task", "Resource": "arn:aws:states:us-east-1:000000000000:activity:a", "End": true } } });
    let ran = try_run(
        &without_end,
        json!({}),
        Answers(|_| TaskAnswer::Now(Vec::new())),
    );
    match ran {
        Err(error) => assert_eq!(error, DriveError::Stalled),
        // The quota of a year for the whole execution ends it.
        Ok(ran) => assert!(ran.millis > 31_000_000_000, "{}", ran.ending),
    }
}
