//! Aliases: names for versions.

use passo_json::{Json, json};

use crate::stage::{PASS, ROLE, Stage, gives, refuses};

/// A state machine `m` with versions 1 and 2.
fn stage() -> Stage {
    let mut stage = Stage::new();
    stage.play(vec![
        (
            "CreateStateMachine",
            json!({"name": "m", "definition": PASS, "roleArn": ROLE, "publish": true}),
            gives(json!({"stateMachineArn": "$m", "stateMachineVersionArn": "$v1"})),
        ),
        (
            "UpdateStateMachine",
            json!({"stateMachineArn": "$m", "roleArn": "arn:aws:iam::1:role/x", "publish": true}),
            gives(json!({"stateMachineVersionArn": "$v2"})),
        ),
    ]);
    stage
}

fn routes(routes: &[(&str, i32)]) -> Json {
    let routes = routes
        .iter()
        .map(|(arn, weight)| json!({"stateMachineVersionArn": *arn, "weight": *weight}));
    Json::from(routes.collect::<Vec<_>>())
}

#[test]
fn an_alias_lives() {
    let all = routes(&[("$v1", 100)]);
    let both = routes(&[("$v1", 30), ("$v2", 70)]);
    stage().play(vec![
        ("CreateStateMachineAlias", json!({"name": "prod", "description": "d", "routingConfiguration": all.clone()}), gives(json!({"stateMachineAliasArn": "$a", "creationDate": "$at"}))),
        ("CreateStateMachineAlias", json!({"name": "prod", "description": "d", "routingConfiguration": all.clone()}), gives(json!({"stateMachineAliasArn": "$a", "creationDate": "$at"}))),
        ("CreateStateMachineAlias", json!({"name": "prod", "description": "d", "routingConfiguration": both.clone()}), refuses("ConflictException", "same name")),
        ("UpdateStateMachineAlias", json!({"stateMachineAliasArn": "$a", "routingConfiguration": both.clone()}), gives(json!({"updateDate": "*"}))),
        ("DescribeStateMachineAlias", json!({"stateMachineAliasArn": "$a"}), gives(json!({"name": "prod", "description": "d", "routingConfiguration": both, "creationDate": "$at"}))),
        ("DescribeStateMachine", json!({"stateMachineArn": "$a"}), gives(json!({"stateMachineArn": "$a", "roleArn": ROLE}))),
        ("UpdateStateMachineAlias", json!({"stateMachineAliasArn": "$a"}), refuses("ValidationException", "")),
        ("CreateStateMachineAlias", json!({"name": "beta", "routingConfiguration": all.clone()}), gives(json!({"stateMachineAliasArn": "$b"}))),
        ("ListStateMachineAliases", json!({"stateMachineArn": "$m"}), gives(json!({"stateMachineAliases": [{"stateMachineAliasArn": "$b"}, {"stateMachineAliasArn": "$a"}]}))),
        ("ListStateMachineAliases", json!({"stateMachineArn": "$v2"}), gives(json!({"stateMachineAliases": [{"stateMachineAliasArn": "$a"}]}))),
        ("ListStateMachineAliases", json!({"stateMachineArn": "$m:9"}), refuses("ResourceNotFound", "")),
        ("DeleteStateMachineVersion", json!({"stateMachineVersionArn": "$v1"}), refuses("ConflictException", "[beta, prod]")),
        ("DeleteStateMachineAlias", json!({"stateMachineAliasArn": "$a"}), gives(json!({}))),
        ("DeleteStateMachineAlias", json!({"stateMachineAliasArn": "$a"}), refuses("ResourceNotFound", "")),
        ("DescribeStateMachineAlias", json!({"stateMachineAliasArn": "$a"}), refuses("ResourceNotFound", "")),
        ("DescribeStateMachineAlias", json!({"stateMachineAliasArn": "$m"}), refuses("InvalidArn", "")),
        ("CreateStateMachineAlias", json!({"name": "x", "routingConfiguration": routes(&[("$m:9", 100)])}), refuses("ResourceNotFound", "")),
        ("CreateStateMachineAlias", json!({"name": "12", "routingConfiguration": all}), refuses("ValidationException", "regular expression")),
    ]);
}

#[test]
fn an_execution_says_what_it_was_started_by() {
    let mut stage = stage();
    stage.play(vec![
        ("CreateStateMachineAlias", json!({"name": "prod", "routingConfiguration": routes(&[("$v1", 0), ("$v2", 100)])}), gives(json!({"stateMachineAliasArn": "$a"}))),
        ("StartExecution", json!({"stateMachineArn": "$a"}), gives(json!({"executionArn": "$e1"}))),
        ("DescribeExecution", json!({"executionArn": "$e1"}), gives(json!({"stateMachineArn": "$m", "stateMachineVersionArn": "$v2", "stateMachineAliasArn": "$a"}))),
        ("StartExecution", json!({"stateMachineArn": "$v1"}), gives(json!({"executionArn": "$e2"}))),
        ("DescribeExecution", json!({"executionArn": "$e2"}), gives(json!({"stateMachineVersionArn": "$v1", "stateMachineAliasArn": null}))),
        ("StartExecution", json!({"stateMachineArn": "$m"}), gives(json!({"executionArn": "$e3"}))),
        ("DescribeExecution", json!({"executionArn": "$e3"}), gives(json!({"stateMachineVersionArn": null, "stateMachineAliasArn": null}))),
        ("ListExecutions", json!({"stateMachineArn": "$m"}), gives(json!({"executions": [{"executionArn": "$e3"}, {"executionArn": "$e2"}, {"executionArn": "$e1"}]}))),
        ("ListExecutions", json!({"stateMachineArn": "$a"}), gives(json!({"executions": [{"executionArn": "$e1"}]}))),
        ("ListExecutions", json!({"stateMachineArn": "$v1"}), gives(json!({"executions": [{"executionArn": "$e2"}]}))),
        ("StartExecution", json!({"stateMachineArn": "$m:nobody"}), refuses("StateMachineDoesNotExist", ":nobody'")),
        ("StartExecution", json!({"stateMachineArn": "$m:77"}), refuses("StateMachineDoesNotExist", ":77'")),
        ("StartExecution", json!({"stateMachineArn": "$m/label"}), refuses("ValidationException", "")),
    ]);
    stage.play(vec![
        (
            "DescribeStateMachineForExecution",
            json!({"executionArn": "$e2"}),
            gives(json!({"roleArn": ROLE, "revisionId": null})),
        ),
        (
            "DescribeStateMachineForExecution",
            json!({"executionArn": "$e1"}),
            gives(json!({"roleArn": "arn:aws:iam::1:role/x", "revisionId": "*"})),
        ),
    ]);
}
