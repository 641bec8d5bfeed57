//! Mocked states next to real ones.

use std::sync::Arc;

use passo_engine::TaskUpdate;
use passo_json::{Json, Payload, json};
use passo_testkit::mock::{MockFile, MockedTasks};
use passo_testkit::{LambdaTasks, TaskAnswer, TaskCall};

use crate::harness::{Answers, run};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:f";

fn machine() -> Json {
    json!({ "StartAt": "Mocked", "States": {
        "Mocked": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": { "QueueUrl": "q", "MessageBody": { "token.$": "$$.Task.Token" } },
            "Retry": [{ "ErrorEquals": ["Busy"] }], "Next": "Real" },
        "Real": { "Type": "Task", "Resource": FUNCTION, "End": true } } })
}

fn mocks() -> MockFile {
    let text = r#"{
        "StateMachines": { "machine": { "TestCases": { "Case": { "Mocked": "Answer" }, "Short": { "Mocked": "BusyOnce" } } } },
        "MockedResponses": {
            "Answer": { "0": { "Throw": { "Error": "Busy", "Cause": "later" } }, "1-5": { "Return": { "done": true } } },
            "BusyOnce": { "0": { "Throw": { "Error": "Busy", "Cause": "later" } } } } }"#;
    MockFile::parse(text).unwrap()
}

#[test]
fn states_that_are_not_listed_call_the_real_thing() {
    let real = Answers(|call: TaskCall| {
        let answer = json!({ "seen": call.task.parameters.json().clone() });
        TaskAnswer::now(TaskUpdate::Succeeded(Payload::from(answer)))
    });
    let case = mocks().test_case("machine", "Case").unwrap();
    let ran = run(
        &machine(),
        json!({}),
        MockedTasks::new(case, Arc::new(real)),
    );
    assert_eq!(
        (ran.ending.as_str(), ran.millis),
        (r#"SUCCEEDED {"seen":{"done":true}}"#, 1_000)
    );
}

#[test]
fn an_invocation_without_an_answer_fails_the_execution() {
    let case = mocks().test_case("machine", "Short").unwrap();
    let none = Answers(|_| panic!("nothing real is called"));
    let ran = run(
        &machine(),
        json!({}),
        MockedTasks::new(case, Arc::new(none)),
    );
    let expect = "FAILED States.Runtime: The mocked response 'BusyOnce' has no answer for invocation 1 of the state 'Mocked' in the test case 'Short'.";
    assert_eq!(ran.ending, expect);
}

#[test]
fn what_is_not_supported_names_what_is() {
    let none = LambdaTasks::new(None, [], "us-east-1", "000000000000");
    let ran = run(&machine(), json!({}), none);
    let expect = "FAILED States.Runtime: The service 'sqs' is not available here; mock the state to run without it.";
    assert_eq!(ran.ending, expect);
}

#[test]
fn a_function_that_does_not_exist_is_not_found() {
    let none = || LambdaTasks::new(None, [], "us-east-1", "000000000000");
    let invoke = json!({ "StartAt": "Invoke", "States": { "Invoke": {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "f" }, "End": true } } });
    let ran = run(&invoke, json!({}), none());
    let expect = "FAILED Lambda.ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: ";
    assert!(ran.ending.starts_with(expect), "{}", ran.ending);
}
