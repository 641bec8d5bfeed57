//! Activities and their workers.

use passo_json::json;

use crate::stage::{ROLE, Stage, gives, refuses};

#[test]
fn activities_are_kept_by_name() {
    Stage::new().play(vec![
        ("CreateActivity", json!({"name": "a"}), gives(json!({"activityArn": "$a", "creationDate": "$at"}))),
        ("CreateActivity", json!({"name": "a"}), gives(json!({"activityArn": "$a", "creationDate": "$at"}))),
        ("CreateActivity", json!({"name": "a", "encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k"}}), refuses("ActivityAlreadyExists", "")),
        ("CreateActivity", json!({"name": "a b"}), refuses("InvalidName", "Invalid Name: 'a b'")),
        ("CreateActivity", json!({"name": "b"}), gives(json!({}))),
        ("DescribeActivity", json!({"activityArn": "$a"}), gives(json!({"activityArn": "$a", "name": "a", "creationDate": "$at"}))),
        ("ListActivities", json!({"maxResults": 1}), gives(json!({"activities": [{"name": "a", "activityArn": "$a"}], "nextToken": "$next"}))),
        ("ListActivities", json!({"nextToken": "$next"}), gives(json!({"activities": [{"name": "b"}]}))),
        ("DeleteActivity", json!({"activityArn": "$a"}), gives(json!({}))),
        ("DeleteActivity", json!({"activityArn": "$a"}), gives(json!({}))),
        ("DescribeActivity", json!({"activityArn": "$a"}), refuses("ActivityDoesNotExist", "Activity Does Not Exist: 'arn:")),
        ("GetActivityTask", json!({"activityArn": "$a"}), refuses("ActivityDoesNotExist", "")),
        ("DescribeActivity", json!({"activityArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m"}), refuses("InvalidArn", "stateMachine")),
    ]);
}

#[test]
fn a_worker_takes_a_task_and_answers() {
    let definition = r#"{"StartAt":"T","States":{"T":{"Type":"Task","End":true,
        "Resource":"arn:aws:states:us-east-1:123456789012:activity:a"}}}"#;
    let mut stage = Stage::new();
    stage.play(vec![
        (
            "CreateActivity",
            json!({"name": "a"}),
            gives(json!({"activityArn": "$a"})),
        ),
        (
            "CreateStateMachine",
            json!({"name": "m", "definition": definition, "roleArn": ROLE}),
            gives(json!({"stateMachineArn": "$m"})),
        ),
        (
            "StartExecution",
            json!({"stateMachineArn": "$m", "input": "{\"n\":1}"}),
            gives(json!({"executionArn": "$e"})),
        ),
        (
            "GetActivityTask",
            json!({"activityArn": "$a", "workerName": "w"}),
            gives(json!({"taskToken": "$t", "input": "{\"n\":1}"})),
        ),
        (
            "SendTaskHeartbeat",
            json!({"taskToken": "$t"}),
            gives(json!({})),
        ),
        (
            "SendTaskSuccess",
            json!({"taskToken": "$t", "output": "nope"}),
            refuses("InvalidOutput", "Unrecognized token 'nope'"),
        ),
        (
            "SendTaskSuccess",
            json!({"taskToken": "$t", "output": "{\"n\":2}"}),
            gives(json!({})),
        ),
        (
            "DescribeExecution",
            json!({"executionArn": "$e"}),
            gives(json!({"status": "SUCCEEDED", "output": "{\"n\":2}"})),
        ),
        (
            "SendTaskSuccess",
            json!({"taskToken": "$t", "output": "{}"}),
            refuses("TaskTimedOut", "Provided task does not exist anymore"),
        ),
        (
            "SendTaskFailure",
            json!({"taskToken": "nonsense"}),
            refuses("InvalidToken", "Invalid Token"),
        ),
        (
            "StartExecution",
            json!({"stateMachineArn": "$m"}),
            gives(json!({"executionArn": "$e2"})),
        ),
        (
            "GetActivityTask",
            json!({"activityArn": "$a"}),
            gives(json!({"taskToken": "$t2"})),
        ),
        (
            "SendTaskFailure",
            json!({"taskToken": "$t2", "error": "E", "cause": "c"}),
            gives(json!({})),
        ),
        (
            "DescribeExecution",
            json!({"executionArn": "$e2"}),
            gives(json!({"status": "FAILED", "error": "E", "cause": "c"})),
        ),
    ]);
    let token = stage.kept("t2").clone();
    let success = json!({"taskToken": token, "output": "{}"});
    stage.check(
        "999999999999",
        "SendTaskSuccess",
        &success,
        refuses("InvalidToken", ""),
    );
}
