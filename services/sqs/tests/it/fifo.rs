//! FIFO queues: order within groups, and one of equal messages.

use passo_json::{Json, json};

use crate::stage::{Stage, text, url};

async fn queue(stage: &Stage, attributes: Json) -> String {
    let attributes = attributes
        .as_object()
        .unwrap()
        .clone()
        .with("FifoQueue", "true");
    stage
        .ok(
            "CreateQueue",
            json!({"QueueName": "q.fifo", "Attributes": (attributes)}),
        )
        .await;
    url("q.fifo")
}

async fn send(stage: &Stage, queue: &str, group: &str, body: &str, id: &str) -> Json {
    let request = json!({
        "QueueUrl": (queue), "MessageBody": (body), "MessageGroupId": (group), "MessageDeduplicationId": (id)
    });
    stage.ok("SendMessage", request).await
}

#[tokio::test]
async fn groups_keep_their_order_and_do_not_wait_for_each_other() {
    let mut stage = Stage::new();
    let queue = queue(&stage, json!({})).await;
    for (group, body) in [("a", "a1"), ("b", "b1"), ("a", "a2"), ("b", "b2")] {
        send(&stage, &queue, group, body, body).await;
    }
    let first = stage.receive(&queue, json!({})).await;
    assert_eq!(text(&first[0], "Body"), "a1");
    let ten = || json!({"MaxNumberOfMessages": 10});
    assert_eq!(stage.bodies(&queue, ten()).await, ["b1", "b2"]);
    // A crash changes nothing of what may be received.
    stage.restart();
    assert!(stage.receive(&queue, ten()).await.is_empty());
    let handle = text(&first[0], "ReceiptHandle");
    stage
        .ok(
            "DeleteMessage",
            json!({"QueueUrl": (queue.as_str()), "ReceiptHandle": (handle.as_str())}),
        )
        .await;
    assert_eq!(stage.bodies(&queue, ten()).await, ["a2"]);
    stage.pass(30_000);
    assert_eq!(stage.bodies(&queue, ten()).await, ["b1", "a2", "b2"]);
}

#[tokio::test]
async fn a_receipt_that_has_expired_deletes_nothing() {
    let stage = Stage::new();
    let queue = queue(&stage, json!({})).await;
    send(&stage, &queue, "a", "m", "1").await;
    let held = stage.receive(&queue, json!({})).await;
    stage.pass(30_000);
    let handle = text(&held[0], "ReceiptHandle");
    assert_eq!(
        stage
            .refusal(
                "DeleteMessage",
                json!({"QueueUrl": (queue.as_str()), "ReceiptHandle": (handle.as_str())})
            )
            .await,
        format!(
            "InvalidParameterValue: Value {handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
        )
    );
}

#[tokio::test]
async fn equal_messages_within_five_minutes_are_one() {
    let mut stage = Stage::new();
    let queue = queue(&stage, json!({})).await;
    let first = send(&stage, &queue, "a", "m", "id").await;
    stage.pass(299_000);
    stage.restart();
    let again = send(&stage, &queue, "b", "other", "id").await;
    for member in ["MessageId", "SequenceNumber"] {
        assert_eq!(again.get(member), first.get(member));
    }
    assert_eq!(stage.counts(&queue).await, ["1", "0", "0"]);
    stage.pass(1_000);
    let later = send(&stage, &queue, "a", "m", "id").await;
    assert_ne!(later.get("MessageId"), first.get("MessageId"));
    assert_eq!(stage.counts(&queue).await, ["2", "0", "0"]);
}

#[tokio::test]
async fn what_counts_as_equal_is_a_setting() {
    let stage = Stage::new();
    let queue = queue(
        &stage,
        json!({"ContentBasedDeduplication": "true", "DeduplicationScope": "messageGroup"}),
    )
    .await;
    for (group, body) in [("a", "m"), ("a", "m"), ("b", "m"), ("a", "n")] {
        let request =
            json!({"QueueUrl": (queue.as_str()), "MessageBody": (body), "MessageGroupId": (group)});
        stage.ok("SendMessage", request).await;
    }
    assert_eq!(stage.counts(&queue).await, ["3", "0", "0"]);
}

#[tokio::test]
async fn an_attempt_made_again_yields_the_same_messages() {
    let stage = Stage::new();
    let queue = queue(&stage, json!({})).await;
    for body in ["1", "2"] {
        send(&stage, &queue, "a", body, body).await;
    }
    let attempt = || json!({"ReceiveRequestAttemptId": "try"});
    let first = stage.receive(&queue, attempt()).await;
    assert_eq!(stage.receive(&queue, attempt()).await, first);
    assert!(stage.receive(&queue, json!({})).await.is_empty());
}

#[tokio::test]
async fn refusals_are_worded_as_on_aws() {
    let stage = Stage::new();
    let queue = queue(&stage, json!({})).await;
    for (members, expect) in [
        (
            json!({}),
            "MissingParameter: The request must contain the parameter MessageGroupId.",
        ),
        (
            json!({"MessageGroupId": "g"}),
            "InvalidParameterValue: The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
        ),
        (
            json!({"MessageGroupId": "g", "DelaySeconds": 5}),
            "InvalidParameterValue: Value 5 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.",
        ),
    ] {
        let members = members.as_object().unwrap().clone();
        let members = members
            .with("QueueUrl", queue.as_str())
            .with("MessageBody", "x");
        assert_eq!(
            stage.refusal("SendMessage", Json::from(members)).await,
            expect
        );
    }
}
