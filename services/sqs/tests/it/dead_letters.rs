//! Dead-letter queues, and the way back.

use passo_json::{Json, json};

use crate::stage::{Stage, text, url};

const GRAVE: &str = "arn:aws:sqs:us-east-1:000000000000:dead";
const SOURCE: &str = "arn:aws:sqs:us-east-1:000000000000:q";

async fn queues(stage: &Stage) -> String {
    stage.ok("CreateQueue", json!({"QueueName": "dead"})).await;
    let policy = json!({"deadLetterTargetArn": (GRAVE), "maxReceiveCount": 2}).to_text();
    let attributes = json!({"RedrivePolicy": (policy), "VisibilityTimeout": "0"});
    stage
        .ok(
            "CreateQueue",
            json!({"QueueName": "q", "Attributes": (attributes)}),
        )
        .await;
    url("q")
}

async fn poison(stage: &Stage, queue: &str) -> Json {
    let sent = stage
        .ok(
            "SendMessage",
            json!({"QueueUrl": (queue), "MessageBody": "m"}),
        )
        .await;
    for _ in 0..2 {
        assert_eq!(stage.bodies(queue, json!({})).await, ["m"]);
    }
    assert!(stage.receive(queue, json!({})).await.is_empty());
    sent
}

#[tokio::test]
async fn what_is_received_too_often_goes_to_the_dead_letter_queue() {
    let mut stage = Stage::new();
    let queue = queues(&stage).await;
    let sent = poison(&stage, &queue).await;
    stage.restart();
    assert_eq!(stage.counts(&queue).await, ["0", "0", "0"]);
    let dead = stage
        .receive(&url("dead"), json!({"AttributeNames": ["All"]}))
        .await;
    assert_eq!(dead[0].get("MessageId"), sent.get("MessageId"));
    assert_eq!(
        dead[0].pointer("/Attributes/DeadLetterQueueSourceArn"),
        Some(&Json::from(SOURCE))
    );
    let sources = stage
        .ok(
            "ListDeadLetterSourceQueues",
            json!({"QueueUrl": (url("dead"))}),
        )
        .await;
    assert_eq!(
        sources,
        json!({"queueUrls": ["http://host:1/000000000000/q"]})
    );
}

#[tokio::test]
async fn a_task_moves_dead_letters_back() {
    let stage = Stage::new();
    let queue = queues(&stage).await;
    poison(&stage, &queue).await;
    assert_eq!(
        stage
            .refusal("StartMessageMoveTask", json!({"SourceArn": (SOURCE)}))
            .await,
        "InvalidParameterValue: Source queue must be configured as a Dead Letter Queue."
    );
    stage
        .ok("StartMessageMoveTask", json!({"SourceArn": (GRAVE)}))
        .await;
    let results = loop {
        let tasks = stage
            .ok("ListMessageMoveTasks", json!({"SourceArn": (GRAVE)}))
            .await;
        let task = tasks.pointer("/Results/0").unwrap().clone();
        if text(&task, "Status") != "RUNNING" {
            break task;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(text(&results, "Status"), "COMPLETED");
    assert_eq!(
        results.get("ApproximateNumberOfMessagesMoved"),
        Some(&Json::from(1))
    );
    assert_eq!(stage.counts(&queue).await, ["1", "0", "0"]);
    assert_eq!(stage.counts(&url("dead")).await, ["0", "0", "0"]);
}

#[tokio::test]
async fn a_dead_letter_queue_must_be_there_and_willing() {
    let stage = Stage::new();
    queues(&stage).await;
    let set = |queue: &str, name: &str, value: String| {
        let attributes = json!({}).as_object().unwrap().clone().with(name, value);
        json!({"QueueUrl": (url(queue)), "Attributes": (attributes)})
    };
    let policy = |target: &str| {
        let arn = format!("arn:aws:sqs:us-east-1:000000000000:{target}");
        json!({"deadLetterTargetArn": (arn), "maxReceiveCount": 1}).to_text()
    };
    stage
        .ok(
            "CreateQueue",
            json!({"QueueName": "f.fifo", "Attributes": {"FifoQueue": "true"}}),
        )
        .await;
    for (target, reason) in [
        ("none", "Dead letter target does not exist."),
        (
            "f.fifo",
            "Dead-letter queue must be same type of queue as the source.",
        ),
    ] {
        let refusal = stage
            .refusal(
                "SetQueueAttributes",
                set("q", "RedrivePolicy", policy(target)),
            )
            .await;
        assert!(refusal.ends_with(reason), "{refusal}");
    }
    let deny = json!({"redrivePermission": "denyAll"}).to_text();
    stage
        .ok(
            "SetQueueAttributes",
            set("dead", "RedriveAllowPolicy", deny),
        )
        .await;
    let refusal = stage
        .refusal(
            "SetQueueAttributes",
            set("q", "RedrivePolicy", policy("dead")),
        )
        .await;
    assert!(
        refusal.ends_with("does not allow this source queue."),
        "{refusal}"
    );
}
