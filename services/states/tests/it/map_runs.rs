//! Map runs and their children.

use passo_json::{Json, json};

use crate::stage::{ROLE, Stage, gives, refuses};

/// A Distributed Map over the input, labelled `each`, whose children of `execution_type` are `item`.
fn definition(execution_type: &str, more: &str, item: &str) -> String {
    format!(
        r#"{{"StartAt":"M","States":{{"M":{{"Type":"Map","Label":"each","End":true,{more}
        "ItemProcessor":{{"ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"{execution_type}"}},
        "StartAt":"I","States":{{"I":{item}}}}}}}}}}}"#
    )
}

const PASS: &str = r#"{"Type":"Pass","End":true}"#;

fn started(definition: &str) -> Stage {
    let mut stage = Stage::new();
    stage.play(vec![
        (
            "CreateStateMachine",
            json!({"name": "m", "definition": definition, "roleArn": ROLE}),
            gives(json!({"stateMachineArn": "$m"})),
        ),
        (
            "StartExecution",
            json!({"stateMachineArn": "$m", "input": "[1,2,3]"}),
            gives(json!({"executionArn": "$e"})),
        ),
    ]);
    stage
}

fn counts(status: &str, count: i32) -> Json {
    let mut counts = passo_json::Object::default();
    for name in [
        "pending",
        "running",
        "succeeded",
        "failed",
        "timedOut",
        "aborted",
        "failuresNotRedrivable",
        "pendingRedrive",
    ] {
        counts = counts.with(name, if name == status { count } else { 0 });
    }
    Json::Object(counts.with("total", count))
}

#[test]
fn a_map_run_is_described_with_its_children() {
    for execution_type in ["STANDARD", "EXPRESS"] {
        let mut stage = started(&definition(execution_type, r#""MaxConcurrency":2,"#, PASS));
        stage.until(
            "DescribeExecution",
            &json!({"executionArn": "$e"}),
            &json!({"status": "SUCCEEDED"}),
        );
        stage.play(vec![
            (
                "ListMapRuns",
                json!({"executionArn": "$e"}),
                gives(json!({"mapRuns": [{"executionArn": "$e", "mapRunArn": "$r", "stateMachineArn": "$m/each", "startDate": "*", "stopDate": "*"}]})),
            ),
            (
                "DescribeMapRun",
                json!({"mapRunArn": "$r"}),
                gives(json!({
                    "mapRunArn": "$r", "executionArn": "$e", "status": "SUCCEEDED", "startDate": "*", "stopDate": "*",
                    "maxConcurrency": 2, "toleratedFailurePercentage": 0.0, "toleratedFailureCount": 0,
                    "itemCounts": counts("succeeded", 3), "executionCounts": counts("succeeded", 3), "redriveCount": 0,
                    "redriveDate": null
                })),
            ),
            (
                "ListExecutions",
                json!({"mapRunArn": "$r", "maxResults": 1}),
                gives(json!({"executions": [{"executionArn": "$child", "mapRunArn": "$r", "itemCount": 1, "status": "SUCCEEDED"}]})),
            ),
            ("DescribeExecution", json!({"executionArn": "$child"}), gives(json!({"mapRunArn": "$r", "stateMachineArn": "$m/each"}))),
            ("ListExecutions", json!({"mapRunArn": "$r"}), gives(json!({"executions": ["*", "*", "*"]}))),
            ("ListExecutions", json!({"stateMachineArn": "$m"}), gives(json!({"executions": [{"executionArn": "$e"}]}))),
            ("ListExecutions", json!({"mapRunArn": "$r", "stateMachineArn": "$m"}), refuses("ValidationException", "")),
            ("UpdateMapRun", json!({"mapRunArn": "$r", "maxConcurrency": 1}), refuses("ValidationException", "completed")),
            ("UpdateMapRun", json!({"mapRunArn": "$r"}), refuses("ValidationException", "At least one")),
            ("DescribeMapRun", json!({"mapRunArn": "$r-not"}), refuses("ResourceNotFound", "")),
            ("ListExecutions", json!({"mapRunArn": "$r-not"}), refuses("ResourceNotFound", "")),
            ("DescribeMapRun", json!({"mapRunArn": "$m"}), refuses("InvalidArn", "stateMachine")),
            ("DescribeStateMachine", json!({"stateMachineArn": "$m/each"}), gives(json!({"label": "each"}))),
            (
                "DescribeStateMachineForExecution",
                json!({"executionArn": "$child"}),
                gives(json!({"label": "each", "mapRunArn": "$r", "stateMachineArn": "$m/each"})),
            ),
        ]);
    }
}

#[test]
fn a_map_run_is_changed_while_it_runs() {
    let wait = r#"{"Type":"Wait","Seconds":3600,"End":true}"#;
    let mut stage = started(&definition("STANDARD", r#""MaxConcurrency":1,"#, wait));
    let running = json!({"mapRuns": [{"mapRunArn": "$r", "stopDate": null}]});
    stage.until("ListMapRuns", &json!({"executionArn": "$e"}), &running);
    let tolerance = json!({"mapRunArn": "$r", "toleratedFailurePercentage": 12.5, "toleratedFailureCount": 2, "maxConcurrency": 3});
    stage.play(vec![
        (
            "DescribeMapRun",
            json!({"mapRunArn": "$r"}),
            gives(json!({"status": "RUNNING", "maxConcurrency": 1, "stopDate": null})),
        ),
        ("UpdateMapRun", tolerance, gives(json!({}))),
    ]);
    stage.until(
        "DescribeMapRun",
        &json!({"mapRunArn": "$r"}),
        &json!({"maxConcurrency": 3, "toleratedFailurePercentage": 12.5, "toleratedFailureCount": 2, "executionCounts": counts("running", 3)}),
    );
}

#[test]
fn a_batch_counts_its_items() {
    let mut stage = started(&definition(
        "STANDARD",
        r#""ItemBatcher":{"MaxItemsPerBatch":2},"#,
        PASS,
    ));
    stage.until(
        "DescribeExecution",
        &json!({"executionArn": "$e"}),
        &json!({"status": "SUCCEEDED"}),
    );
    stage.play(vec![
        (
            "ListMapRuns",
            json!({"executionArn": "$e"}),
            gives(json!({"mapRuns": [{"mapRunArn": "$r"}]})),
        ),
        (
            "ListExecutions",
            json!({"mapRunArn": "$r"}),
            gives(json!({"executions": [{"itemCount": "$a"}, {"itemCount": "$b"}]})),
        ),
    ]);
    let both = [stage.kept("a").as_i64(), stage.kept("b").as_i64()];
    assert!(
        both == [Some(1), Some(2)] || both == [Some(2), Some(1)],
        "{both:?}"
    );
}
