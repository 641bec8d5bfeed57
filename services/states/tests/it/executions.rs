//! Starting, stopping, redriving, describing and listing executions.

use passo_json::{Json, json};

use crate::stage::{FAIL, PASS, PASS_AGAIN, ROLE, Stage, WAIT, gives, refuses};

/// A state machine `m` that runs `definition`.
fn stage(definition: &str, workflow_type: &str) -> Stage {
    // Express executions are waited for.
    let mut stage = if workflow_type == "EXPRESS" {
        Stage::hasty()
    } else {
        Stage::new()
    };
    let create =
        json!({"name": "m", "definition": definition, "roleArn": ROLE, "type": workflow_type});
    stage.play(vec![(
        "CreateStateMachine",
        create,
        gives(json!({"stateMachineArn": "$m"})),
    )]);
    stage
}

#[test]
fn a_start_under_a_name_may_be_repeated_while_it_runs() {
    stage(WAIT, "STANDARD").play(vec![
        ("StartExecution", json!({"stateMachineArn": "$m", "name": "e", "input": "{\"a\": 1}"}), gives(json!({"executionArn": "$e", "startDate": "$at"}))),
        ("StartExecution", json!({"stateMachineArn": "$m", "name": "e", "input": "{\"a\": 1}"}), gives(json!({"executionArn": "$e", "startDate": "$at"}))),
        ("StartExecution", json!({"stateMachineArn": "$m", "name": "e", "input": "{}"}), refuses("ExecutionAlreadyExists", "Execution Already Exists: 'arn:")),
        ("StopExecution", json!({"executionArn": "$e", "error": "E", "cause": "c"}), gives(json!({"stopDate": "$stopped"}))),
        ("StopExecution", json!({"executionArn": "$e", "error": "F"}), gives(json!({"stopDate": "$stopped"}))),
        ("DescribeExecution", json!({"executionArn": "$e"}), gives(json!({"status": "ABORTED", "error": "E", "cause": "c", "stopDate": "$stopped", "output": null, "outputDetails": null}))),
        ("StartExecution", json!({"stateMachineArn": "$m", "name": "e", "input": "{\"a\": 1}"}), refuses("ExecutionAlreadyExists", "")),
        ("StartExecution", json!({"stateMachineArn": "$m", "name": "a b"}), refuses("InvalidName", "")),
        ("StartExecution", json!({"stateMachineArn": "$m", "input": "nope"}), refuses("InvalidExecutionInput", "Unrecognized token 'nope'")),
        ("StartExecution", json!({"stateMachineArn": "$e"}), refuses("InvalidArn", "Resource type not valid in this context: execution")),
    ]);
}

#[test]
fn an_execution_is_described() {
    let mut stage = stage(PASS, "STANDARD");
    stage.play(vec![
        ("StartExecution", json!({"stateMachineArn": "$m", "name": "e", "input": "{ \"a\": 1 }", "traceHeader": "Root=1"}), gives(json!({"executionArn": "$e"}))),
        (
            "DescribeExecution",
            json!({"executionArn": "$e"}),
            gives(json!({
                "executionArn": "$e", "stateMachineArn": "$m", "name": "e", "status": "SUCCEEDED", "startDate": "*",
                "stopDate": "*", "input": "{ \"a\": 1 }", "inputDetails": {"included": true}, "output": "*",
                "outputDetails": {"included": true}, "traceHeader": "Root=1", "redriveCount": 0, "redriveDate": null,
                "redriveStatus": "NOT_REDRIVABLE", "error": null, "cause": null, "mapRunArn": null,
                "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven"
            })),
        ),
        (
            "DescribeExecution",
            json!({"executionArn": "$e", "includedData": "METADATA_ONLY"}),
            gives(json!({"input": null, "output": null, "inputDetails": {"included": false}, "status": "SUCCEEDED"})),
        ),
        ("DescribeExecution", json!({"executionArn": "$e-not"}), refuses("ExecutionDoesNotExist", "Execution Does Not Exist: 'arn:")),
        ("DescribeExecution", json!({"executionArn": "$m"}), refuses("InvalidArn", "stateMachine")),
        ("UpdateStateMachine", json!({"stateMachineArn": "$m", "definition": PASS_AGAIN}), gives(json!({}))),
        ("DescribeStateMachineForExecution", json!({"executionArn": "$e"}), gives(json!({"stateMachineArn": "$m", "name": "m", "definition": PASS, "updateDate": "*"}))),
        ("DescribeStateMachineForExecution", json!({"executionArn": "$e", "includedData": "METADATA_ONLY"}), gives(json!({"definition": "{}"}))),
    ]);
    let mut stage = stage.restarted();
    let arn = "arn:aws:states:us-east-1:123456789012:execution:m:e";
    stage.play(vec![
        (
            "GetExecutionHistory",
            json!({"executionArn": arn}),
            gives(json!({"events": ["*", "*", "*", {"type": "ExecutionSucceeded"}]})),
        ),
        (
            "DescribeExecution",
            json!({"executionArn": arn}),
            gives(json!({"status": "SUCCEEDED"})),
        ),
    ]);
}

#[test]
fn a_history_goes_both_ways_and_in_pages() {
    let ids = |ids: &[i32]| {
        let events = ids.iter().map(|id| json!({"id": *id})).collect::<Vec<_>>();
        json!({"events": events})
    };
    stage(PASS, "STANDARD").play(vec![
        ("StartExecution", json!({"stateMachineArn": "$m"}), gives(json!({"executionArn": "$e"}))),
        ("GetExecutionHistory", json!({"executionArn": "$e"}), gives(ids(&[1, 2, 3, 4]))),
        ("GetExecutionHistory", json!({"executionArn": "$e", "reverseOrder": true}), gives(ids(&[4, 3, 2, 1]))),
        ("GetExecutionHistory", json!({"executionArn": "$e", "maxResults": 3}), gives(json!({"events": ["*", "*", "*"], "nextToken": "$next"}))),
        ("GetExecutionHistory", json!({"executionArn": "$e", "nextToken": "$next"}), gives(ids(&[4]))),
        ("GetExecutionHistory", json!({"executionArn": "$e", "maxResults": 3, "reverseOrder": true}), gives(json!({"nextToken": "$back"}))),
        ("GetExecutionHistory", json!({"executionArn": "$e", "reverseOrder": true, "nextToken": "$back"}), gives(ids(&[1]))),
        ("GetExecutionHistory", json!({"executionArn": "$e", "nextToken": "$back"}), refuses("InvalidToken", "")),
        (
            "GetExecutionHistory",
            json!({"executionArn": "$e", "maxResults": 1, "includeExecutionData": false}),
            gives(json!({"events": [{"executionStartedEventDetails": {"input": null, "roleArn": ROLE}}]})),
        ),
    ]);
}

#[test]
fn executions_are_listed_from_the_newest() {
    stage(FAIL, "STANDARD").play(vec![
        ("StartExecution", json!({"stateMachineArn": "$m", "name": "a"}), gives(json!({"executionArn": "$a"}))),
        ("StartExecution", json!({"stateMachineArn": "$m", "name": "b"}), gives(json!({"executionArn": "$b"}))),
        ("StartExecution", json!({"stateMachineArn": "$m", "name": "c"}), gives(json!({"executionArn": "$c"}))),
        ("ListExecutions", json!({"stateMachineArn": "$m", "maxResults": 2}), gives(json!({"executions": [{"name": "c", "status": "FAILED", "redriveCount": 0}, {"name": "b"}], "nextToken": "$next"}))),
        ("StartExecution", json!({"stateMachineArn": "$m", "name": "d"}), gives(json!({}))),
        ("ListExecutions", json!({"stateMachineArn": "$m", "nextToken": "$next"}), gives(json!({"executions": [{"name": "a"}], "nextToken": null}))),
        ("ListExecutions", json!({"stateMachineArn": "$m", "statusFilter": "RUNNING"}), gives(json!({"executions": []}))),
        ("ListExecutions", json!({"stateMachineArn": "$m", "redriveFilter": "REDRIVEN"}), gives(json!({"executions": []}))),
        ("ListExecutions", json!({"stateMachineArn": "$m", "redriveFilter": "NOT_REDRIVEN"}), gives(json!({"executions": ["*", "*", "*", "*"]}))),
        ("ListExecutions", json!({"stateMachineArn": "$m", "statusFilter": "PENDING_REDRIVE"}), refuses("ValidationException", "")),
        ("ListExecutions", json!({}), refuses("ValidationException", "")),
        ("ListExecutions", json!({"stateMachineArn": "$m:x:y"}), refuses("InvalidArn", "")),
    ]);
}

#[test]
fn a_failed_execution_goes_on() {
    let mut stage = stage(FAIL, "STANDARD");
    stage.play(vec![
        ("StartExecution", json!({"stateMachineArn": "$m"}), gives(json!({"executionArn": "$e"}))),
        ("DescribeExecution", json!({"executionArn": "$e"}), gives(json!({"status": "FAILED", "error": "Oops", "cause": "why", "redriveStatus": "REDRIVABLE", "redriveStatusReason": null}))),
        ("RedriveExecution", json!({"executionArn": "$e", "clientToken": "t"}), gives(json!({"redriveDate": "$at"}))),
        ("RedriveExecution", json!({"executionArn": "$e", "clientToken": "t"}), gives(json!({"redriveDate": "$at"}))),
        ("DescribeExecution", json!({"executionArn": "$e"}), gives(json!({"status": "FAILED", "redriveCount": 1, "redriveDate": "*"}))),
        ("ListExecutions", json!({"stateMachineArn": "$m", "redriveFilter": "REDRIVEN"}), gives(json!({"executions": [{"redriveCount": 1}]}))),
    ]);
    stage.clock.advance(15 * 24 * 3600 * 1000);
    stage.play(vec![
        ("DescribeExecution", json!({"executionArn": "$e"}), gives(json!({"redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": "Execution redrivable period exceeded"}))),
        ("RedriveExecution", json!({"executionArn": "$e"}), refuses("ExecutionNotRedrivable", "Execution redrivable period exceeded")),
    ]);
}

#[test]
fn a_running_execution_is_not_redriven() {
    let reason = "Execution is RUNNING and cannot be redriven";
    stage(WAIT, "STANDARD").play(vec![
        (
            "StartExecution",
            json!({"stateMachineArn": "$m"}),
            gives(json!({"executionArn": "$e"})),
        ),
        (
            "DescribeExecution",
            json!({"executionArn": "$e"}),
            gives(json!({"status": "RUNNING", "stopDate": null, "redriveStatusReason": reason})),
        ),
        (
            "RedriveExecution",
            json!({"executionArn": "$e"}),
            refuses("ExecutionNotRedrivable", reason),
        ),
        (
            "StopExecution",
            json!({"executionArn": "$e"}),
            gives(json!({})),
        ),
        (
            "RedriveExecution",
            json!({"executionArn": "$e"}),
            gives(json!({"redriveDate": "*"})),
        ),
        (
            "ListExecutions",
            json!({"stateMachineArn": "$m", "statusFilter": "RUNNING"}),
            gives(json!({"executions": [{"executionArn": "$e", "redriveCount": 1}]})),
        ),
    ]);
}

#[test]
fn an_express_execution_answers_at_once() {
    let run = |definition: &str, expect: Json| {
        stage(definition, "EXPRESS").play(vec![
            ("StartSyncExecution", json!({"stateMachineArn": "$m", "name": "e", "input": "{\"a\":1}", "traceHeader": "Root=1"}), gives(expect)),
        ]);
    };
    run(
        PASS,
        json!({
            "executionArn": "*", "stateMachineArn": "$m", "name": "e", "status": "SUCCEEDED", "startDate": "*",
            "stopDate": "*", "input": "{\"a\":1}", "inputDetails": {"included": true}, "output": "*",
            "outputDetails": {"included": true}, "traceHeader": "Root=1", "error": null, "cause": null,
            "billingDetails": {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": 100}
        }),
    );
    run(
        FAIL,
        json!({"status": "FAILED", "error": "Oops", "cause": "why", "output": null, "outputDetails": {"included": true}}),
    );
    run(
        WAIT,
        json!({"status": "TIMED_OUT", "billingDetails": {"billedDurationInMilliseconds": 300_000}}),
    );
}

#[test]
fn express_executions_have_no_history_here() {
    stage(PASS, "EXPRESS").play(vec![
        (
            "StartExecution",
            json!({"stateMachineArn": "$m", "name": "e"}),
            gives(json!({"executionArn": "$e"})),
        ),
        (
            "StartExecution",
            json!({"stateMachineArn": "$m", "name": "e"}),
            gives(json!({"executionArn": "*"})),
        ),
        (
            "DescribeExecution",
            json!({"executionArn": "$e"}),
            refuses(
                "InvalidArn",
                "Resource type not valid in this context: express",
            ),
        ),
        (
            "GetExecutionHistory",
            json!({"executionArn": "$e"}),
            refuses("InvalidArn", "express"),
        ),
        (
            "StopExecution",
            json!({"executionArn": "$e"}),
            refuses("InvalidArn", "express"),
        ),
        (
            "ListExecutions",
            json!({"stateMachineArn": "$m"}),
            refuses("StateMachineTypeNotSupported", "not supported by this type"),
        ),
    ]);
    stage(PASS, "STANDARD").play(vec![(
        "StartSyncExecution",
        json!({"stateMachineArn": "$m"}),
        refuses("StateMachineTypeNotSupported", ""),
    )]);
}
