//! What the console shows of executions, beyond AWS's own actions.

use passo_json::{Json, json};

use crate::client::{post_json, send};
use crate::functions;
use crate::world::{ROLE, World};

async fn page(world: &World, path: &str) -> Json {
    let line = format!("GET /_passo/v1/{path} HTTP/1.1");
    send(world.address, &line, "", "states", "").await.ok()
}

fn text<'a>(json: &'a Json, path: &str) -> &'a str {
    json.pointer(path).and_then(Json::as_str).unwrap()
}

fn number(json: &Json, path: &str) -> i64 {
    json.pointer(path).and_then(Json::as_i64).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn parents_and_children_know_each_other() {
    let world = World::ephemeral().await;
    let child = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}});
    let child = world.machine("child", &child).await;
    for (name, input) in [
        (
            "says",
            json!({"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"}),
        ),
        ("is silent", json!({"a": 1})),
    ] {
        let parent = json!({"StartAt": "Run", "States": {"Run": {
            "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": {"StateMachineArn": &*child, "Input": input}, "End": true
        }}});
        let parent = world.machine(&name.replace(' ', "-"), &parent).await;
        let execution = world.start(&parent, &json!({})).await;
        world.ended(&execution).await;
        let seen = page(&world, &format!("execution?execution={execution}")).await;
        assert!(seen.get("parent").is_none(), "{name}");
        assert_eq!(text(&seen, "/children/0/state"), "Run", "{name}");
        assert_eq!(text(&seen, "/children/0/status"), "SUCCEEDED", "{name}");
        let child = text(&seen, "/children/0/executionArn");
        let seen = page(&world, &format!("execution?execution={child}")).await;
        assert_eq!(text(&seen, "/parent/executionArn"), execution, "{name}");
        assert_eq!(text(&seen, "/parent/state"), "Run", "{name}");
    }
    let line = "GET /_passo/v1/execution?execution=arn:aws:states:us-east-1:123456789012:execution:a:b HTTP/1.1";
    let answer = send(world.address, line, "", "states", "").await;
    assert_eq!(answer.status, 404, "{}", answer.body);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_has_figures() {
    let world = World::ephemeral().await;
    let machine = json!({"StartAt": "Good?", "States": {
        "Good?": {"Type": "Choice", "Choices": [{"Variable": "$.good", "BooleanEquals": true, "Next": "Yes"}], "Default": "No"},
        "Yes": {"Type": "Pass", "End": true},
        "No": {"Type": "Fail", "Error": "Bad"}
    }});
    let machine = world.machine("m", &machine).await;
    for good in [true, true, false] {
        let execution = world.start(&machine, &json!({"good": good})).await;
        world.ended(&execution).await;
    }
    let seen = page(&world, "figures?workflow=m").await;
    assert_eq!(number(&seen, "/started"), 3);
    assert_eq!(number(&seen, "/succeeded"), 2);
    assert_eq!(number(&seen, "/failed"), 1);
    assert_eq!(number(&seen, "/journals"), 3);
    assert_eq!(seen.get("complete"), Some(&Json::from(true)));
    assert_eq!(
        seen.get("buckets").and_then(Json::as_array).unwrap().len(),
        48
    );
    let states = seen.get("states").and_then(Json::as_array).unwrap();
    let told: Vec<(&str, i64, i64)> = states
        .iter()
        .map(|state| {
            (
                text(state, "/state"),
                number(state, "/visits"),
                number(state, "/failures"),
            )
        })
        .collect();
    assert_eq!(told, [("Good?", 3, 0), ("No", 1, 1), ("Yes", 2, 0)]);
    let line = "GET /_passo/v1/figures?workflow=none HTTP/1.1";
    let answer = send(world.address, line, "", "states", "").await;
    assert_eq!(answer.status, 404, "{}", answer.body);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn executions_are_found_by_what_they_got_and_gave() {
    let world = World::ephemeral().await;
    let machine = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "OutputPath": "$.out", "End": true}}});
    let machine = world.machine("m", &machine).await;
    for id in 1..=3_i64 {
        let input = json!({"order": {"id": id}, "out": {"twice": id * 2}});
        let execution = world.start(&machine, &input).await;
        world.ended(&execution).await;
    }
    for (query, expect) in [
        ("input=$.order.id%3D2", 1),
        ("input=$.order.id%3D9", 0),
        ("input=%22TWICE%22", 3),
        ("output=$.twice%3D6", 1),
        ("output=$.twice%3D6&input=$.order.id%3D2", 0),
    ] {
        let seen = page(&world, &format!("executions?{query}")).await;
        let found = seen.get("executions").and_then(Json::as_array).unwrap();
        assert_eq!(found.len(), expect, "{query}");
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn map_runs_are_listed() {
    let world = World::ephemeral().await;
    let machine = json!({"StartAt": "Each", "States": {"Each": {
        "Type": "Map", "Label": "Each", "ItemsPath": "$.items", "End": true,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}
        }
    }}});
    let machine = world.machine("m", &machine).await;
    let execution = world.start(&machine, &json!({"items": [1, 2, 3]})).await;
    world.ended(&execution).await;
    let seen = page(&world, "map-runs").await;
    assert_eq!(text(&seen, "/mapRuns/0/executionArn"), execution);
    assert_eq!(text(&seen, "/mapRuns/0/workflow"), "m");
    assert_eq!(number(&seen, "/mapRuns/0/itemCounts/succeeded"), 3);
    let none = page(&world, "map-runs?status=FAILED").await;
    assert_eq!(
        none.get("mapRuns").and_then(Json::as_array).unwrap().len(),
        0
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_of_an_execution_and_of_its_functions() {
    let world = World::ephemeral().await;
    functions::create(&world).await;
    let logs = async |action: &str, parameters: Json| {
        post_json(
            world.address,
            &format!("Logs_20140328.{action}"),
            &parameters,
        )
        .await
        .ok()
    };
    logs("CreateLogGroup", json!({"logGroupName": "/states/m"})).await;
    let made = json!({
        "name": "m", "definition": functions::invoking().to_text(), "roleArn": ROLE,
        "loggingConfiguration": {"level": "ALL", "includeExecutionData": true, "destinations": [
            {"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:/states/m:*"}}]}
    });
    let made = world.states("CreateStateMachine", &made).await.ok();
    let machine = text(&made, "/stateMachineArn").to_owned();
    let other = world.start(&machine, &json!({"other": 1})).await;
    world.ended(&other).await;
    let execution = world.start(&machine, &json!({"a": 1})).await;
    world.ended(&execution).await;
    loop {
        let seen = page(&world, &format!("logs?execution={execution}")).await;
        assert_eq!(text(&seen, "/logging/level"), "ALL");
        assert_eq!(text(&seen, "/functions/0/name"), "f");
        let records = seen.get("records").and_then(Json::as_array).unwrap();
        let of = |source: &str| -> Vec<&Json> {
            let records = records.iter();
            records
                .filter(|record| text(record, "/source") == source)
                .collect()
        };
        let (own, printed) = (of("execution"), of("function"));
        let is_last = |record: &&Json| text(record, "/type") == "ExecutionSucceeded";
        let is_report = |record: &&Json| text(record, "/message").starts_with("REPORT");
        if !own.iter().any(is_last) || !printed.iter().any(is_report) {
            tokio::task::yield_now().await;
            continue;
        }
        assert_eq!(own.len(), 7, "{}", seen.to_text());
        let seen_lines = printed
            .iter()
            .filter(|record| text(record, "/message") == "seen");
        assert_eq!(seen_lines.count(), 1, "{}", seen.to_text());
        assert!(
            printed
                .iter()
                .all(|record| text(record, "/state") == "Invoke")
        );
        assert!(printed.iter().all(|record| number(record, "/event") == 3));
        break;
    }
    world.stop().await;
}
