//! Sending, receiving and deleting on a standard queue.

use passo_json::{Json, json};

use crate::stage::{START, Stage, text, url};

async fn queue(stage: &Stage, attributes: Json) -> String {
    stage
        .ok(
            "CreateQueue",
            json!({"QueueName": "q", "Attributes": (attributes)}),
        )
        .await;
    url("q")
}

async fn send(stage: &Stage, queue: &str, members: Json) -> Json {
    let members = members.as_object().unwrap().clone().with("QueueUrl", queue);
    stage.ok("SendMessage", Json::from(members)).await
}

#[tokio::test]
async fn a_message_is_received_as_it_was_sent() {
    let stage = Stage::new();
    let queue = queue(&stage, json!({})).await;
    let attributes = json!({"a": {"StringValue": "x", "DataType": "String"}});
    let sent = send(
        &stage,
        &queue,
        json!({
            "MessageBody": "hello",
            "MessageAttributes": (attributes.clone()),
            "MessageSystemAttributes": {"AWSTraceHeader": {"StringValue": "Root=1", "DataType": "String"}}
        }),
    )
    .await;
    assert_eq!(
        text(&sent, "MD5OfMessageBody"),
        "5d41402abc4b2a76b9719d911017c592"
    );
    let received = stage
        .receive(
            &queue,
            json!({"MessageAttributeNames": ["All"], "AttributeNames": ["All"]}),
        )
        .await;
    let message = &received[0];
    assert_eq!(message.get("MessageAttributes"), Some(&attributes));
    for member in ["MessageId", "MD5OfMessageAttributes"] {
        assert_eq!(message.get(member), sent.get(member));
    }
    let shown = message.get("Attributes").unwrap();
    assert_eq!(
        shown,
        &json!({
            "SenderId": "000000000000",
            "ApproximateFirstReceiveTimestamp": (START.to_string()),
            "ApproximateReceiveCount": "1",
            "SentTimestamp": (START.to_string()),
            "AWSTraceHeader": "Root=1"
        })
    );
}

#[tokio::test]
async fn a_message_is_invisible_until_its_time_is_up_or_changed() {
    let stage = Stage::new();
    let queue = queue(&stage, json!({"VisibilityTimeout": "10"})).await;
    send(&stage, &queue, json!({"MessageBody": "m"})).await;
    let first = stage.receive(&queue, json!({})).await;
    stage.pass(9_999);
    assert!(stage.receive(&queue, json!({})).await.is_empty());
    assert_eq!(stage.counts(&queue).await, ["0", "1", "0"]);
    stage.pass(1);
    let second = stage
        .receive(
            &queue,
            json!({"VisibilityTimeout": 60, "AttributeNames": ["ApproximateReceiveCount"]}),
        )
        .await;
    assert_eq!(
        second[0].pointer("/Attributes/ApproximateReceiveCount"),
        Some(&Json::from("2"))
    );
    let of = |message: &Json| text(message, "ReceiptHandle");
    // Somebody else has it: the first receipt is worth nothing.
    let request = json!({"QueueUrl": (queue.as_str()), "ReceiptHandle": (of(&first[0]))});
    stage.ok("DeleteMessage", request).await;
    assert_eq!(stage.counts(&queue).await, ["0", "1", "0"]);
    let change = json!({"QueueUrl": (queue.as_str()), "ReceiptHandle": (of(&second[0])), "VisibilityTimeout": 5});
    stage.ok("ChangeMessageVisibility", change.clone()).await;
    stage.pass(5_000);
    assert!(
        stage
            .refusal("ChangeMessageVisibility", change)
            .await
            .starts_with("MessageNotInflight")
    );
    // Visible, but nobody has received it since.
    let request = json!({"QueueUrl": (queue.as_str()), "ReceiptHandle": (of(&second[0]))});
    stage.ok("DeleteMessage", request.clone()).await;
    stage.ok("DeleteMessage", request).await;
    assert_eq!(stage.counts(&queue).await, ["0", "0", "0"]);
}

#[tokio::test]
async fn messages_are_delayed_and_expire() {
    let stage = Stage::new();
    let queue = queue(
        &stage,
        json!({"DelaySeconds": "5", "MessageRetentionPeriod": "60"}),
    )
    .await;
    send(&stage, &queue, json!({"MessageBody": "queue's delay"})).await;
    send(
        &stage,
        &queue,
        json!({"MessageBody": "none", "DelaySeconds": 0}),
    )
    .await;
    assert_eq!(stage.counts(&queue).await, ["1", "0", "1"]);
    let all = || json!({"MaxNumberOfMessages": 10, "VisibilityTimeout": 0});
    assert_eq!(stage.bodies(&queue, all()).await, ["none"]);
    stage.pass(5_000);
    assert_eq!(stage.bodies(&queue, all()).await, ["queue's delay", "none"]);
    stage.pass(55_000);
    assert_eq!(stage.counts(&queue).await, ["0", "0", "0"]);
}

#[tokio::test]
async fn refusals_are_worded_as_on_aws() {
    let stage = Stage::new();
    let queue = queue(&stage, json!({"MaximumMessageSize": "1024"})).await;
    for (operation, members, expect) in [
        (
            "SendMessage",
            json!({}),
            "MissingParameter: The request must contain the parameter MessageBody.",
        ),
        (
            "SendMessage",
            json!({"MessageBody": "x", "DelaySeconds": 901}),
            "InvalidParameterValue: Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
        ),
        (
            "SendMessage",
            json!({"MessageBody": (Json::from("x".repeat(1025)))}),
            "InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
        ),
        (
            "SendMessage",
            json!({"MessageBody": "x", "MessageDeduplicationId": "d"}),
            "InvalidParameterValue: Value d for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.",
        ),
        (
            "ReceiveMessage",
            json!({"MaxNumberOfMessages": 0}),
            "InvalidParameterValue: Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
        ),
        (
            "ReceiveMessage",
            json!({"WaitTimeSeconds": 21}),
            "InvalidParameterValue: Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
        ),
        (
            "DeleteMessage",
            json!({"ReceiptHandle": "x"}),
            "ReceiptHandleIsInvalid: The input receipt handle \"x\" is not a valid receipt handle.",
        ),
        (
            "SendMessageBatch",
            json!({"Entries": [{"Id": "a b", "MessageBody": "x"}]}),
            "InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
        ),
        (
            "DeleteMessageBatch",
            json!({"Entries": []}),
            "EmptyBatchRequest: There should be at least one DeleteMessageBatchRequestEntry in the request.",
        ),
    ] {
        let members = members
            .as_object()
            .unwrap()
            .clone()
            .with("QueueUrl", queue.as_str());
        assert_eq!(stage.refusal(operation, Json::from(members)).await, expect);
    }
}
