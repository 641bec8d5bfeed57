//! What survives a server.

use passo_json::{Json, json};

use crate::functions;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_is_still_there() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::in_directory(directory.path()).await;
    functions::create(&world).await;
    let machine = world.machine("m", &functions::invoking()).await;
    let execution = world.start(&machine, &json!({})).await;
    world.ended(&execution).await;
    let before = world.history(&execution).await;
    world.stop().await;

    let world = World::in_directory(directory.path()).await;
    assert_eq!(world.history(&execution).await, before);
    let again = world.start(&machine, &json!({"n": 2})).await;
    assert_eq!(
        world.ended(&again).await.get("output"),
        Some(&Json::from(r#"{"got":{"n":2}}"#))
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::in_directory(directory.path()).await;
    let child = json!({"StartAt": "Wait", "States": {
        "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Done"}, "Done": {"Type": "Pass", "Result": 7, "End": true}
    }});
    let child = world.machine("child", &child).await;
    let parent = json!({"StartAt": "Run", "States": {"Run": {
        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": child.as_str()}, "OutputPath": "$.Output", "End": true
    }}});
    let parent = world.machine("parent", &parent).await;
    let execution = world.start(&parent, &json!({})).await;
    world.reached(&execution, "TaskSubmitted").await;
    world.stop().await;

    let world = World::in_directory(directory.path()).await;
    assert_eq!(
        world.ended(&execution).await.get("output"),
        Some(&Json::from("7"))
    );
    assert_eq!(
        world.history(&execution).await,
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "TaskStarted",
            "TaskSubmitted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded"
        ]
    );
    let listed = world
        .states(
            "ListExecutions",
            &json!({"stateMachineArn": child.as_str()}),
        )
        .await
        .ok();
    assert!(
        listed.get("executions").unwrap().at(1).is_none(),
        "started once"
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_has_one_server() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::in_directory(directory.path()).await;
    let data = passo_server::Data::Directory(directory.path().to_owned());
    let second = passo_server::Configuration {
        port: 0,
        ..passo_server::Configuration::new(data)
    };
    assert!(matches!(
        passo_server::Server::open(second).await,
        Err(passo_server::OpenError::Data { .. })
    ));
    world.stop().await;
}
