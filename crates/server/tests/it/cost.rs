//! What executions would cost on AWS.

use passo_json::{Json, json};

use crate::client::{Answer, send};
use crate::functions;
use crate::world::World;

async fn cost(world: &World, query: &str) -> Answer {
    let line = format!("GET /_passo/v1/cost?{query} HTTP/1.1");
    send(world.address, &line, "", "states", "").await
}

fn at(json: &Json, pointer: &str) -> String {
    json.pointer(pointer).map(Json::to_text).unwrap_or_default()
}

fn dollars(json: &Json, pointer: &str) -> f64 {
    at(json, pointer).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_execution_costs_its_transitions_and_retries() {
    let world = World::ephemeral().await;
    let broken = json!({"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "nothing"},
            "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}], "End": true},
        "B": {"Type": "Pass", "End": true}
    }});
    let machine = world.machine("m", &broken).await;
    let execution = world.start(&machine, &json!({})).await;
    world.ended(&execution).await;
    let answer = cost(&world, &format!("execution={execution}")).await.ok();
    // Two states, one of them twice.
    assert_eq!(at(&answer, "/usage/transitions"), "3");
    assert_eq!(at(&answer, "/usage/lambdaRequests"), "2");
    assert_eq!(dollars(&answer, "/bill/transitions"), 0.000075);
    assert_eq!(at(&answer, "/other/type"), "\"EXPRESS\"");
    assert_eq!(at(&answer, "/other/usage/expressRequests"), "1");
    assert_eq!(at(&answer, "/onlyStandard"), "");
    let elsewhere = cost(&world, &format!("execution={execution}&region=sa-east-1"))
        .await
        .ok();
    assert_eq!(dollars(&elsewhere, "/bill/transitions"), 0.0001125);
    assert_eq!(at(&elsewhere, "/prices/assumed"), "\"express\"");
    for (query, status) in [
        (
            "execution=arn:aws:states:us-east-1:123456789012:execution:m:none".to_owned(),
            404,
        ),
        (
            format!(
                "execution={}",
                execution.replace("123456789012", "000000000000")
            ),
            404,
        ),
        ("since=yesterday".to_owned(), 400),
    ] {
        assert_eq!(cost(&world, &query).await.status, status, "{query}");
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn children_of_a_map_run_cost_too() {
    let world = World::ephemeral().await;
    let sweep = json!({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": true}}
    }}}});
    let machine = world.machine("sweep", &sweep).await;
    let items: Vec<Json> = (0..30).map(|index: i64| Json::from(index)).collect();
    let execution = world.start(&machine, &Json::from(items)).await;
    world.ended(&execution).await;
    let answer = cost(&world, &format!("execution={execution}")).await.ok();
    assert_eq!(at(&answer, "/children"), "30");
    assert_eq!(at(&answer, "/childrenRead"), "15");
    assert_eq!(at(&answer, "/usage/transitions"), "61");
    assert_eq!(at(&answer, "/onlyStandard/kind"), "\"distributedMap\"");
    assert_eq!(at(&answer, "/onlyStandard/state"), "\"M\"");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_told_by_workflow() {
    let world = World::ephemeral().await;
    let pass = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": true}}});
    let machine = world.machine("often", &pass).await;
    for _ in 0..70 {
        let execution = world.start(&machine, &json!({})).await;
        world.ended(&execution).await;
    }
    world.machine("never", &functions::invoking()).await;
    let answer = cost(&world, "since=2000-01-01T00:00:00Z").await.ok();
    assert_eq!(at(&answer, "/complete"), "true");
    assert_eq!(at(&answer, "/workflows/1"), "");
    assert_eq!(at(&answer, "/workflows/0/workflow"), "\"often\"");
    assert_eq!(at(&answer, "/workflows/0/executions"), "70");
    assert_eq!(at(&answer, "/workflows/0/usage/transitions"), "140");
    assert_eq!(dollars(&answer, "/bill/total"), 0.0035);
    assert_eq!(dollars(&answer, "/billAfterFreeTier/total"), 0.0);
    let read: u64 = at(&answer, "/workflows/0/read").parse().unwrap();
    assert!((16..=32).contains(&read), "{read}");
    let none = cost(&world, "until=2000-01-01T00:00:00Z").await.ok();
    assert_eq!(at(&none, "/workflows"), "[]");
    world.stop().await;
}
