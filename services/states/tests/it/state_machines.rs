//! Creating, updating, describing, listing, tagging and deleting state machines.

use passo_json::{Json, json};

use crate::stage::{PASS, PASS_AGAIN, ROLE, Stage, WAIT, gives, refuses};

fn create(name: &str, definition: &str) -> Json {
    json!({"name": name, "definition": definition, "roleArn": ROLE})
}

#[test]
fn a_creation_may_be_repeated_but_not_changed() {
    let mut stage = Stage::new();
    stage.play(vec![
        ("CreateStateMachine", create("m", PASS), gives(json!({"stateMachineArn": "$m", "creationDate": "$at"}))),
        (
            "CreateStateMachine",
            json!({"name": "m", "definition": PASS, "roleArn": "arn:aws:iam::1:role/other", "tags": [{"key": "a"}]}),
            gives(json!({"stateMachineArn": "$m", "creationDate": "$at"})),
        ),
        ("DescribeStateMachine", json!({"stateMachineArn": "$m"}), gives(json!({"roleArn": ROLE}))),
        ("ListTagsForResource", json!({"resourceArn": "$m"}), gives(json!({"tags": []}))),
        ("CreateStateMachine", create("m", PASS_AGAIN), refuses("StateMachineAlreadyExists", "stateMachine:m'")),
        (
            "CreateStateMachine",
            json!({"name": "m", "definition": PASS, "roleArn": ROLE, "type": "EXPRESS"}),
            refuses("StateMachineAlreadyExists", ""),
        ),
        ("CreateStateMachine", create("a b", PASS), refuses("InvalidName", "Invalid Name: 'a b'")),
        ("CreateStateMachine", create("x", "{}"), refuses("InvalidDefinition", "These fields are required")),
        (
            "CreateStateMachine",
            json!({"name": "x", "definition": PASS, "roleArn": "role"}),
            refuses("InvalidArn", "role"),
        ),
        (
            "CreateStateMachine",
            json!({"name": "x", "definition": PASS, "roleArn": ROLE, "versionDescription": "v"}),
            refuses("ValidationException", "publish"),
        ),
        (
            "CreateStateMachine",
            json!({"name": "x", "definition": PASS, "roleArn": ROLE, "loggingConfiguration": {"level": "ALL"}}),
            refuses("InvalidLoggingConfiguration", "exactly one Log Destination"),
        ),
    ]);
}

#[test]
fn a_description_has_what_there_is() {
    let variables = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"B"},
        "B":{"Type":"Pass","Parameters":{"y.$":"$x"},"End":true}}}"#;
    let mut stage = Stage::new();
    stage.play(vec![
        ("CreateStateMachine", create("m", PASS), gives(json!({"stateMachineArn": "$m"}))),
        (
            "DescribeStateMachine",
            json!({"stateMachineArn": "$m"}),
            gives(json!({
                "stateMachineArn": "$m", "name": "m", "status": "ACTIVE", "type": "STANDARD", "definition": PASS,
                "loggingConfiguration": {"level": "OFF", "includeExecutionData": false, "destinations": null},
                "tracingConfiguration": {"enabled": false}, "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
                "revisionId": null, "variableReferences": null, "description": null, "label": null
            })),
        ),
        (
            "DescribeStateMachine",
            json!({"stateMachineArn": "$m", "includedData": "METADATA_ONLY"}),
            gives(json!({"definition": "{}", "roleArn": ROLE})),
        ),
        ("UpdateStateMachine", json!({"stateMachineArn": "$m", "definition": variables}), gives(json!({"revisionId": "$r"}))),
        (
            "DescribeStateMachine",
            json!({"stateMachineArn": "$m"}),
            gives(json!({"variableReferences": {"B": ["x"]}, "revisionId": "$r"})),
        ),
        (
            "DescribeStateMachine",
            json!({"stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:none"}),
            refuses("StateMachineDoesNotExist", "State Machine Does Not Exist: 'arn:aws:states:"),
        ),
        ("DescribeStateMachine", json!({"stateMachineArn": "x"}), refuses("InvalidArn", "Invalid Arn: ")),
    ]);
}

#[test]
fn an_update_that_changes_nothing_makes_no_revision() {
    let mut stage = Stage::new();
    stage.play(vec![
        (
            "CreateStateMachine",
            create("m", PASS),
            gives(json!({"stateMachineArn": "$m"})),
        ),
        (
            "UpdateStateMachine",
            json!({"stateMachineArn": "$m", "definition": PASS}),
            gives(json!({"revisionId": null, "updateDate": "*"})),
        ),
        (
            "UpdateStateMachine",
            json!({"stateMachineArn": "$m", "roleArn": "arn:aws:iam::1:role/x"}),
            gives(json!({"revisionId": "$r1"})),
        ),
        (
            "UpdateStateMachine",
            json!({"stateMachineArn": "$m", "roleArn": "arn:aws:iam::1:role/x"}),
            gives(json!({"revisionId": "$r1"})),
        ),
        (
            "UpdateStateMachine",
            json!({"stateMachineArn": "$m", "tracingConfiguration": {"enabled": true}}),
            gives(json!({"revisionId": "$r2"})),
        ),
        (
            "DescribeStateMachine",
            json!({"stateMachineArn": "$m"}),
            gives(json!({"revisionId": "$r2", "definition": PASS})),
        ),
        (
            "UpdateStateMachine",
            json!({"stateMachineArn": "$m"}),
            refuses("MissingRequiredParameter", "Either the definition"),
        ),
        (
            "UpdateStateMachine",
            json!({"stateMachineArn": "$m", "definition": "{}"}),
            refuses("InvalidDefinition", ""),
        ),
        (
            "UpdateStateMachine",
            json!({"stateMachineArn": "$m:1", "definition": PASS}),
            refuses("StateMachineDoesNotExist", ":1'"),
        ),
        (
            "UpdateStateMachine",
            json!({"stateMachineArn": "$m/label", "definition": PASS}),
            refuses("ValidationException", "label"),
        ),
    ]);
    assert_ne!(stage.kept("r1"), stage.kept("r2"));
}

#[test]
fn revisions_are_forgotten_once_nobody_can_ask_for_them() {
    let update = |role: &str| json!({"stateMachineArn": "$m", "roleArn": format!("arn:aws:iam::1:role/{role}")});
    let mut stage = Stage::new();
    stage.play(vec![
        (
            "CreateStateMachine",
            json!({"name": "m", "definition": PASS, "roleArn": ROLE, "publish": true}),
            gives(json!({"stateMachineArn": "$m", "stateMachineVersionArn": "$v"})),
        ),
        ("UpdateStateMachine", update("a"), gives(json!({}))),
        (
            "StartExecution",
            json!({"stateMachineArn": "$m"}),
            gives(json!({"executionArn": "$e"})),
        ),
        ("UpdateStateMachine", update("b"), gives(json!({}))),
    ]);
    stage.clock.advance(456 * 24 * 3600 * 1000);
    stage.play(vec![
        ("UpdateStateMachine", update("c"), gives(json!({}))),
        (
            "DescribeStateMachineForExecution",
            json!({"executionArn": "$e"}),
            refuses("ExecutionDoesNotExist", ""),
        ),
        (
            "DescribeStateMachine",
            json!({"stateMachineArn": "$v"}),
            gives(json!({"roleArn": ROLE})),
        ),
        (
            "DescribeStateMachine",
            json!({"stateMachineArn": "$m"}),
            gives(json!({"roleArn": "arn:aws:iam::1:role/c"})),
        ),
    ]);
}

#[test]
fn a_listing_goes_page_by_page() {
    let mut stage = Stage::new();
    for name in ["c", "a", "b"] {
        stage.play(vec![(
            "CreateStateMachine",
            create(name, PASS),
            gives(json!({})),
        )]);
    }
    stage.play(vec![
        (
            "ListStateMachines",
            json!({"maxResults": 2}),
            gives(json!({"stateMachines": [{"name": "a"}, {"name": "b"}], "nextToken": "$next"})),
        ),
        (
            "ListStateMachines",
            json!({"nextToken": "$next"}),
            gives(json!({"stateMachines": [{"name": "c"}], "nextToken": null})),
        ),
        (
            "ListStateMachines",
            json!({}),
            gives(json!({"stateMachines": ["*", "*", "*"], "nextToken": null})),
        ),
        (
            "ListActivities",
            json!({"nextToken": "$next"}),
            refuses("InvalidToken", "Invalid Token"),
        ),
        (
            "ListStateMachines",
            json!({"nextToken": "$nextA"}),
            refuses("InvalidToken", ""),
        ),
    ]);
    stage.clock.advance(24 * 3600 * 1000);
    stage.play(vec![(
        "ListStateMachines",
        json!({"nextToken": "$next"}),
        refuses("InvalidToken", ""),
    )]);
}

#[test]
fn tags_belong_to_state_machines_and_activities() {
    let tag = |key: &str, value: &str| json!({"key": key, "value": value});
    let many: Vec<Json> = (0..51)
        .map(|number| tag(&format!("k{number}"), ""))
        .collect();
    let mut stage = Stage::new();
    stage.play(vec![
        (
            "CreateStateMachine",
            json!({"name": "m", "definition": PASS, "roleArn": ROLE, "publish": true, "tags": [tag("a", "1")]}),
            gives(json!({"stateMachineArn": "$m", "stateMachineVersionArn": "$v"})),
        ),
        ("TagResource", json!({"resourceArn": "$m", "tags": [tag("b", ""), tag("a", "2")]}), gives(json!({}))),
        (
            "ListTagsForResource",
            json!({"resourceArn": "$m"}),
            gives(json!({"tags": [tag("a", "2"), tag("b", "")]})),
        ),
        ("UntagResource", json!({"resourceArn": "$m", "tagKeys": ["a", "z"]}), gives(json!({}))),
        ("ListTagsForResource", json!({"resourceArn": "$m"}), gives(json!({"tags": [tag("b", "")]}))),
        ("TagResource", json!({"resourceArn": "$m", "tags": many}), refuses("TooManyTags", "")),
        ("TagResource", json!({"resourceArn": "$m", "tags": [tag("aws:x", "")]}), refuses("ValidationException", "aws:")),
        ("TagResource", json!({"resourceArn": "$v", "tags": []}), refuses("ResourceNotFound", "Resource not found: '")),
        ("CreateActivity", json!({"name": "act", "tags": [tag("k", "v")]}), gives(json!({"activityArn": "$act"}))),
        ("ListTagsForResource", json!({"resourceArn": "$act"}), gives(json!({"tags": [tag("k", "v")]}))),
        ("DeleteStateMachine", json!({"stateMachineArn": "$m"}), gives(json!({}))),
        ("CreateStateMachine", create("m", PASS), gives(json!({}))),
        ("ListTagsForResource", json!({"resourceArn": "$m"}), gives(json!({"tags": []}))),
    ]);
}

#[test]
fn a_deletion_waits_for_executions() {
    let mut stage = Stage::new();
    stage.play(vec![
        (
            "CreateStateMachine",
            create("m", WAIT),
            gives(json!({"stateMachineArn": "$m"})),
        ),
        (
            "StartExecution",
            json!({"stateMachineArn": "$m"}),
            gives(json!({"executionArn": "$e"})),
        ),
        (
            "DeleteStateMachine",
            json!({"stateMachineArn": "$m"}),
            gives(json!({})),
        ),
    ]);
    stage.play(vec![
        (
            "DescribeExecution",
            json!({"executionArn": "$e"}),
            gives(json!({"status": "ABORTED"})),
        ),
        (
            "ListStateMachines",
            json!({}),
            gives(json!({"stateMachines": []})),
        ),
        (
            "DescribeStateMachine",
            json!({"stateMachineArn": "$m"}),
            refuses("StateMachineDoesNotExist", ""),
        ),
        (
            "DescribeStateMachineForExecution",
            json!({"executionArn": "$e"}),
            gives(json!({"definition": WAIT})),
        ),
        (
            "GetExecutionHistory",
            json!({"executionArn": "$e"}),
            gives(json!({"events": ["*", "*", "*"]})),
        ),
        (
            "CreateStateMachine",
            create("m", PASS),
            gives(json!({"stateMachineArn": "$m"})),
        ),
        (
            "DescribeStateMachineForExecution",
            json!({"executionArn": "$e"}),
            gives(json!({"definition": WAIT})),
        ),
        (
            "DeleteStateMachine",
            json!({"stateMachineArn": "$m"}),
            gives(json!({})),
        ),
        (
            "DeleteStateMachine",
            json!({"stateMachineArn": "$m"}),
            gives(json!({})),
        ),
        (
            "StartExecution",
            json!({"stateMachineArn": "$m"}),
            refuses("StateMachineDoesNotExist", ""),
        ),
    ]);
}

#[test]
fn everything_survives_a_restart() {
    let mut stage = Stage::new();
    stage.play(vec![
        ("CreateStateMachine", create("a", PASS), gives(json!({}))),
        ("CreateStateMachine", create("b", PASS), gives(json!({}))),
        (
            "ListStateMachines",
            json!({"maxResults": 1}),
            gives(json!({"nextToken": "$next"})),
        ),
    ]);
    let token = stage.kept("next").clone();
    let mut stage = stage.restarted();
    stage.play(vec![(
        "ListStateMachines",
        json!({"nextToken": token}),
        gives(json!({"stateMachines": [{"name": "b"}]})),
    )]);
}

#[test]
fn findings_are_listed() {
    let missing = r#"{"States":{"A":{"Type":"Pass","End":true}}}"#;
    let static_result =
        r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"a.$":"$.b"},"End":true}}}"#;
    let mut stage = Stage::new();
    let ok = json!({"result": "OK", "diagnostics": [], "truncated": false});
    stage.play(vec![
        (
            "ValidateStateMachineDefinition",
            json!({"definition": PASS}),
            gives(ok.clone()),
        ),
        (
            "ValidateStateMachineDefinition",
            json!({"definition": missing}),
            gives(
                json!({"result": "FAIL", "truncated": false, "diagnostics": [{
                    "severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "location": "/",
                    "message": "These fields are required: [StartAt]"
                }]}),
            ),
        ),
        (
            "ValidateStateMachineDefinition",
            json!({"definition": static_result}),
            gives(ok),
        ),
        (
            "ValidateStateMachineDefinition",
            json!({"definition": static_result, "severity": "WARNING"}),
            gives(json!({"result": "OK", "diagnostics": [{"severity": "WARNING"}]})),
        ),
        (
            "ValidateStateMachineDefinition",
            json!({"definition": PASS, "maxResults": 101}),
            refuses("ValidationException", "100"),
        ),
    ]);
}
