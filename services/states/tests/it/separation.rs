//! Accounts do not see each other.

use passo_json::json;

use crate::stage::{ACCOUNT, PASS, ROLE, Stage, gives, refuses};

const OTHER: &str = "999999999999";

#[test]
fn another_account_sees_nothing() {
    let mut stage = Stage::new();
    stage.play(vec![
        ("CreateStateMachine", json!({"name": "m", "definition": PASS, "roleArn": ROLE, "publish": true}), gives(json!({"stateMachineArn": "$m", "stateMachineVersionArn": "$v"}))),
        ("CreateStateMachineAlias", json!({"name": "prod", "routingConfiguration": [{"stateMachineVersionArn": "$v", "weight": 100}]}), gives(json!({"stateMachineAliasArn": "$a"}))),
        ("CreateActivity", json!({"name": "act"}), gives(json!({"activityArn": "$act"}))),
        ("StartExecution", json!({"stateMachineArn": "$m"}), gives(json!({"executionArn": "$e"}))),
    ]);
    for (operation, parameters, code) in [
        (
            "DescribeStateMachine",
            json!({"stateMachineArn": "$m"}),
            "StateMachineDoesNotExist",
        ),
        (
            "UpdateStateMachine",
            json!({"stateMachineArn": "$m", "roleArn": ROLE}),
            "StateMachineDoesNotExist",
        ),
        (
            "StartExecution",
            json!({"stateMachineArn": "$m"}),
            "StateMachineDoesNotExist",
        ),
        (
            "ListExecutions",
            json!({"stateMachineArn": "$m"}),
            "StateMachineDoesNotExist",
        ),
        (
            "ListStateMachineVersions",
            json!({"stateMachineArn": "$m"}),
            "StateMachineDoesNotExist",
        ),
        (
            "PublishStateMachineVersion",
            json!({"stateMachineArn": "$m"}),
            "StateMachineDoesNotExist",
        ),
        (
            "ListStateMachineAliases",
            json!({"stateMachineArn": "$m"}),
            "StateMachineDoesNotExist",
        ),
        (
            "DescribeStateMachineAlias",
            json!({"stateMachineAliasArn": "$a"}),
            "ResourceNotFound",
        ),
        (
            "DeleteStateMachineAlias",
            json!({"stateMachineAliasArn": "$a"}),
            "ResourceNotFound",
        ),
        (
            "DescribeExecution",
            json!({"executionArn": "$e"}),
            "ExecutionDoesNotExist",
        ),
        (
            "GetExecutionHistory",
            json!({"executionArn": "$e"}),
            "ExecutionDoesNotExist",
        ),
        (
            "StopExecution",
            json!({"executionArn": "$e"}),
            "ExecutionDoesNotExist",
        ),
        (
            "DescribeActivity",
            json!({"activityArn": "$act"}),
            "ActivityDoesNotExist",
        ),
        (
            "TagResource",
            json!({"resourceArn": "$m", "tags": []}),
            "ResourceNotFound",
        ),
    ] {
        stage.check(OTHER, operation, &parameters, refuses(code, ""));
    }
    for (operation, parameters, empty) in [
        ("ListStateMachines", json!({}), json!({"stateMachines": []})),
        ("ListActivities", json!({}), json!({"activities": []})),
        (
            "DeleteStateMachine",
            json!({"stateMachineArn": "$m"}),
            json!({}),
        ),
        ("DeleteActivity", json!({"activityArn": "$act"}), json!({})),
        (
            "DeleteStateMachineVersion",
            json!({"stateMachineVersionArn": "$v"}),
            json!({}),
        ),
    ] {
        stage.check(OTHER, operation, &parameters, gives(empty));
    }
    let describe = json!({"stateMachineArn": "$v"});
    stage.check(
        ACCOUNT,
        "DescribeStateMachine",
        &describe,
        gives(json!({"name": "m"})),
    );
    stage.check(
        ACCOUNT,
        "DescribeActivity",
        &json!({"activityArn": "$act"}),
        gives(json!({})),
    );
}
