//! Workflows that start workflows, on virtual time.

use passo_json::{Json, json};
use passo_server::{ClockKind, Configuration, Data};

use crate::world::World;

async fn on_virtual_time() -> World {
    let configuration = Configuration::new(Data::Ephemeral);
    World::open(Configuration {
        clock: ClockKind::Virtual,
        ..configuration
    })
    .await
}

fn running(child: &str, resource: &str) -> Json {
    json!({"StartAt": "Run", "States": {"Run": {
        "Type": "Task", "Resource": resource,
        "Parameters": {"StateMachineArn": child, "Input": {"a": 1}}, "End": true
    }}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_waits_for_its_child() {
    let world = on_virtual_time().await;
    let child = json!({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 86400, "End": true}}});
    let child = world.machine("child", &child).await;
    let parent = running(&child, "arn:aws:states:::states:startExecution.sync:2");
    let parent = world.machine("parent", &parent).await;
    let execution = world.start(&parent, &json!({})).await;
    let ended = world.ended(&execution).await;
    let output = Json::parse(ended.get("output").unwrap().as_str().unwrap()).unwrap();
    assert_eq!(output.get("Output"), Some(&json!({"a": 1})));
    assert_eq!(output.get("Status"), Some(&Json::from("SUCCEEDED")));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_childs_failure_is_its_parents() {
    let world = on_virtual_time().await;
    let child =
        json!({"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "E", "Cause": "C"}}});
    let child = world.machine("child", &child).await;
    let parent = running(&child, "arn:aws:states:::states:startExecution.sync");
    let parent = world.machine("parent", &parent).await;
    let execution = world.start(&parent, &json!({})).await;
    let ended = world.ended(&execution).await;
    assert_eq!(ended.get("error"), Some(&Json::from("States.TaskFailed")));
    let cause = Json::parse(ended.get("cause").unwrap().as_str().unwrap()).unwrap();
    assert_eq!(cause.get("Error"), Some(&Json::from("E")));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_that_is_stopped_stops_its_child() {
    let world = World::ephemeral().await;
    let child = json!({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 86400, "End": true}}});
    let child = world.machine("child", &child).await;
    let parent = running(&child, "arn:aws:states:::states:startExecution.sync");
    let parent = world.machine("parent", &parent).await;
    let execution = world.start(&parent, &json!({})).await;
    world.reached(&execution, "TaskSubmitted").await;
    let listed = world
        .states(
            "ListExecutions",
            &json!({"stateMachineArn": child.as_str()}),
        )
        .await
        .ok();
    let started = listed
        .pointer("/executions/0/executionArn")
        .unwrap()
        .as_str()
        .unwrap();
    world
        .states(
            "StopExecution",
            &json!({"executionArn": execution.as_str()}),
        )
        .await
        .ok();
    assert_eq!(
        world.ended(started).await.get("status"),
        Some(&Json::from("ABORTED"))
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_machine_is_a_failure() {
    let world = on_virtual_time().await;
    let none = "arn:aws:states:us-east-1:123456789012:stateMachine:none";
    let parent = running(none, "arn:aws:states:::states:startExecution");
    let parent = world.machine("parent", &parent).await;
    let execution = world.start(&parent, &json!({})).await;
    let error = world.ended(&execution).await.get("error").cloned();
    assert_eq!(
        error,
        Some(Json::from(
            "StepFunctions.StateMachineDoesNotExistException"
        ))
    );
    world.stop().await;
}
