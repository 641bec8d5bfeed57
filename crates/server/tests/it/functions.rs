//! Functions: created from an archive, invoked by hand and by a workflow, with their output in the logs.

use passo_json::{Json, json};

use crate::archive;
use crate::client::{post_json, send};
use crate::world::{ROLE, World};

const CODE: &str = "def handler(event, context):\n    print('seen')\n    if event.get('bad'):\n        raise ValueError('no')\n    return {'got': event}\n";

/// Creates the function `f`.
pub async fn create(world: &World) {
    let parameters = json!({
        "FunctionName": "f", "Runtime": "python3.12", "Role": ROLE, "Handler": "app.handler", "Timeout": 30,
        "Code": {"ZipFile": archive::of_file("app.py", CODE)}
    });
    let line = "POST /2015-03-31/functions HTTP/1.1";
    let answer = send(world.address, line, "", "lambda", &parameters.to_text()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.ok().get("State"), Some(&Json::from("Active")));
}

/// A workflow that invokes `f` with its input.
pub fn invoking() -> Json {
    json!({"StartAt": "Invoke", "States": {"Invoke": {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "f", "Payload.$": "$"}, "OutputPath": "$.Payload", "End": true
    }}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_is_created_and_invoked() {
    let world = World::ephemeral().await;
    create(&world).await;
    let invoke = "POST /2015-03-31/functions/f/invocations HTTP/1.1";
    let answer = send(
        world.address,
        invoke,
        "X-Amz-Log-Type: Tail",
        "lambda",
        r#"{"a":1}"#,
    )
    .await;
    assert_eq!(
        (answer.status, answer.header("x-amz-executed-version")),
        (200, Some("$LATEST"))
    );
    assert!(answer.header("x-amz-log-result").is_some());
    assert_eq!(answer.body, r#"{"got": {"a": 1}}"#);
    let answer = send(world.address, invoke, "", "lambda", r#"{"bad":1}"#).await;
    assert_eq!(
        (answer.status, answer.header("x-amz-function-error")),
        (200, Some("Unhandled"))
    );

    let missing = "GET /2015-03-31/functions/none HTTP/1.1";
    let answer = send(world.address, missing, "", "lambda", "").await;
    assert_eq!(
        (answer.status, answer.header("x-amzn-errortype")),
        (404, Some("ResourceNotFoundException"))
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_invokes_a_function() {
    let world = World::ephemeral().await;
    create(&world).await;
    let machine = world.machine("m", &invoking()).await;
    let execution = world.start(&machine, &json!({"a": 1})).await;
    let ended = world.ended(&execution).await;
    assert_eq!(ended.get("output"), Some(&Json::from(r#"{"got":{"a":1}}"#)));
    assert_eq!(
        world.history(&execution).await,
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "TaskStarted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded"
        ]
    );
    let failed = world.start(&machine, &json!({"bad": 1})).await;
    assert_eq!(
        world.ended(&failed).await.get("error"),
        Some(&Json::from("ValueError"))
    );

    let parameters = json!({"logGroupName": "/aws/lambda/f", "filterPattern": "seen"});
    loop {
        let answer = post_json(world.address, "Logs_20140328.FilterLogEvents", &parameters).await;
        // The group comes into being with the first line, and lines come a little later.
        if answer.status == 200 && answer.ok().get("events").unwrap().at(1).is_some() {
            break;
        }
        tokio::task::yield_now().await;
    }
    world.stop().await;
}
