//! States of each type: what they become, and that it does the same.

use passo_json::{Json, json};

use crate::run::{converted, same};

fn parsed(text: &str) -> Json {
    Json::parse(text).unwrap()
}

#[track_caller]
fn becomes(state: &str, expect: &str) {
    let (_, after) = converted(&parsed(state));
    let after = Json::from(after.as_object().unwrap().without("QueryLanguage"));
    assert_eq!(after.to_pretty(), parsed(expect).to_pretty());
}

#[test]
fn a_task_is_readable() {
    becomes(
        r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "InputPath": "$.order",
            "Parameters": {"FunctionName": "f", "Payload": {"id.$": "$.id", "all.$": "$", "run.$": "$$.Execution.Id"}},
            "ResultSelector": {"code.$": "$.Payload.code"}, "ResultPath": "$.reply", "OutputPath": "$.reply",
            "TimeoutSecondsPath": "$.limit", "End": true}"#,
        r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Output": "{% { \"code\": $states.result.Payload.code } %}",
            "Arguments": {"FunctionName": "f", "Payload": {"id": "{% $states.input.order.id %}", "all": "{% $states.input.order %}",
                          "run": "{% $states.context.Execution.Id %}"}},
            "TimeoutSeconds": "{% $states.input.order.limit %}", "End": true}"#,
    );
    becomes(
        r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": "$.a.b", "OutputPath": "$.c", "End": true}"#,
        r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Output": "{% $states.input.c %}", "End": true}"#,
    );
    becomes(
        r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": "$.a", "End": true,
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "S"}]}"#,
        r#"{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Output": "{% $merge([$states.input, { \"a\": $states.result }]) %}", "End": true,
            "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $merge([$states.input, { \"error\": $states.errorOutput }]) %}", "Next": "S"}]}"#,
    );
}

#[test]
fn a_choice_is_readable() {
    becomes(
        r#"{"Type": "Choice", "Default": "S", "Choices": [
            {"Variable": "$.total", "NumericGreaterThan": 100, "Next": "S"},
            {"And": [{"Variable": "$.a", "IsPresent": true}, {"Not": {"Variable": "$.a", "StringEquals": "x"}}], "Next": "S"},
            {"Variable": "$.name", "StringMatches": "log-*.txt", "Next": "S"}]}"#,
        r#"{"Type": "Choice", "Default": "S", "Choices": [
            {"Condition": "{% $type($states.input.total) = \"number\" and $states.input.total > 100 %}", "Next": "S"},
            {"Condition": "{% $exists($states.input.a) and $not($states.input.a = \"x\") %}", "Next": "S"},
            {"Condition": "{% $type($states.input.name) = \"string\" and $contains($states.input.name, /^log\\-[\\s\\S]*\\.txt$/) %}", "Next": "S"}]}"#,
    );
}

#[test]
fn what_looks_like_an_expression_stays_text() {
    let state =
        r#"{"Type": "Pass", "Result": {"a": "{% 1 %}", "b": "%}", "c.$": "$.x"}, "End": true}"#;
    same(&parsed(state), &json!({}), None);
    same(
        &parsed(r#"{"Type": "Fail", "Error": "{% e %}", "CausePath": "$.why"}"#),
        &json!({"why": "because"}),
        None,
    );
}

#[test]
fn every_way_of_a_result() {
    let inputs = [
        json!({"a": 1, "deep": {"x": {"y": 2}}, "list": [1, [2]], "text": "t"}),
        json!({}),
    ];
    let results = [
        json!({"r": [1]}),
        json!([]),
        json!([[1]]),
        json!(null),
        json!("x"),
    ];
    let paths = [
        "$",
        "$.a",
        "$.deep.x",
        "$.deep.x.y",
        "$.new.path",
        "$.text.x",
        "$['odd name']",
    ];
    let outputs = [
        "$",
        "$.a",
        "$.deep",
        "$.deep.x",
        "$.new",
        "$.new.path",
        "$.list[1]",
        "$$.Execution.Input",
        "$total",
    ];
    for input in &inputs {
        for result in &results {
            for path in paths {
                for output in outputs {
                    let state = json!({
                        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": path, "OutputPath": output,
                        "End": true
                    });
                    same(&state, input, Some(result));
                    let state = json!({"Type": "Pass", "Result": result.clone(), "ResultPath": path, "OutputPath": output, "End": true});
                    same(&state, input, None);
                }
            }
            for path in [Json::Null, json!("$.a")] {
                let state = json!({
                    "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": path.clone(),
                    "InputPath": path.clone(), "ResultSelector": {"whole.$": "$", "fixed": [1]}, "OutputPath": path, "End": true
                });
                same(&state, input, Some(result));
                same(&state, input, None);
            }
        }
    }
}

#[test]
fn failures_are_caught_alike() {
    for path in [json!("$"), json!("$.error"), json!("$.a.error"), Json::Null] {
        let state = json!({
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": path, "Next": "S",
                       "Assign": {"why.$": "$.Cause"}}]
        });
        same(
            &state,
            &json!({"a": {"b": 1}}),
            Some(&json!({"fails": "Oops"})),
        );
    }
}

#[test]
fn waits_maps_and_parallels() {
    let input = json!({"in": {"seconds": 7, "until": "2026-01-01T00:00:00Z", "list": [1, {"a": 2}], "n": "2"}});
    for wait in [
        json!({"Type": "Wait", "InputPath": "$.in", "SecondsPath": "$.seconds", "End": true}),
        json!({"Type": "Wait", "InputPath": "$.in", "TimestampPath": "$.until", "OutputPath": "$.list", "End": true}),
        json!({"Type": "Succeed", "InputPath": "$.in", "OutputPath": "$.n"}),
    ] {
        same(&wait, &input, None);
    }
    let inner =
        json!({"StartAt": "I", "States": {"I": {"Type": "Pass", "InputPath": "$.a", "End": true}}});
    let map = json!({
        "Type": "Map", "InputPath": "$.in", "ItemsPath": "$.list", "MaxConcurrencyPath": "$.n",
        "ItemSelector": {"item.$": "$$.Map.Item.Value", "index.$": "$$.Map.Item.Index", "all.$": "$.list"},
        "ResultSelector": {"all.$": "$"}, "ResultPath": "$.out", "ItemProcessor": inner.clone(), "End": true
    });
    same(&map, &input, Some(&json!([1, 2])));
    let parallel = json!({"Type": "Parallel", "InputPath": "$.in", "Branches": [inner], "ResultPath": "$.in.r", "End": true});
    same(&parallel, &input, Some(&json!([[1]])));
}
