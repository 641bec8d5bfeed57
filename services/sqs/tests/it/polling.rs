//! Long polls.

use std::time::Duration;

use passo_json::json;

use crate::stage::{Stage, text, url};

#[tokio::test]
async fn a_poll_ends_with_the_first_message() {
    let stage = Stage::new();
    stage.ok("CreateQueue", json!({"QueueName": "q"})).await;
    let queue = url("q");
    let poll = stage.receive(&queue, json!({"WaitTimeSeconds": 20}));
    let send = async {
        tokio::task::yield_now().await;
        stage
            .ok(
                "SendMessage",
                json!({"QueueUrl": (queue.as_str()), "MessageBody": "m"}),
            )
            .await;
    };
    let (received, ()) = tokio::join!(poll, send);
    assert_eq!(text(&received[0], "Body"), "m");
}

#[tokio::test]
async fn a_poll_ends_when_a_clock_that_jumps_has_passed_its_end() {
    let stage = Stage::new();
    stage.ok("CreateQueue", json!({"QueueName": "q"})).await;
    let queue = url("q");
    let poll = stage.receive(&queue, json!({"WaitTimeSeconds": 20}));
    let jump = async {
        tokio::task::yield_now().await;
        stage.pass(20_000);
    };
    let both = async { tokio::join!(poll, jump).0 };
    let received = tokio::time::timeout(Duration::from_secs(10), both)
        .await
        .unwrap();
    assert!(received.is_empty());
}

#[tokio::test]
async fn a_poll_ends_with_its_queue() {
    let stage = Stage::new();
    stage.ok("CreateQueue", json!({"QueueName": "q"})).await;
    let queue = url("q");
    let poll = stage.refusal(
        "ReceiveMessage",
        json!({"QueueUrl": (queue.as_str()), "WaitTimeSeconds": 20}),
    );
    let delete = async {
        tokio::task::yield_now().await;
        stage
            .ok("DeleteQueue", json!({"QueueUrl": (queue.as_str())}))
            .await;
    };
    let (refusal, ()) = tokio::join!(poll, delete);
    assert!(refusal.starts_with("QueueDoesNotExist"));
}
