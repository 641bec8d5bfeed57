//! Making, changing and deleting queues.

use passo_json::{Json, json};

use crate::stage::{Stage, text, url};

#[tokio::test]
async fn making_a_queue_again_yields_the_same_one_unless_it_differs() {
    let stage = Stage::new();
    let make = |attributes: Json| json!({"QueueName": "q", "Attributes": (attributes)});
    let made = stage
        .ok("CreateQueue", make(json!({"DelaySeconds": "3"})))
        .await;
    assert_eq!(text(&made, "QueueUrl"), "http://host:1/000000000000/q");
    for same in [
        json!({}),
        json!({"DelaySeconds": "3", "VisibilityTimeout": "30"}),
    ] {
        assert_eq!(stage.ok("CreateQueue", make(same)).await, made);
    }
    assert_eq!(
        stage
            .refusal("CreateQueue", make(json!({"VisibilityTimeout": "1"})))
            .await,
        "QueueNameExists: A queue already exists with the same name and a different value for attribute VisibilityTimeout"
    );
}

#[tokio::test]
async fn refusals_are_worded_as_on_aws() {
    let stage = Stage::new();
    stage.ok("CreateQueue", json!({"QueueName": "q"})).await;
    for (operation, parameters, expect) in [
        (
            "CreateQueue",
            json!({}),
            "MissingParameter: The request must contain the parameter QueueName.",
        ),
        (
            "CreateQueue",
            json!({"QueueName": "a.b"}),
            "InvalidParameterValue: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        ),
        (
            "GetQueueUrl",
            json!({"QueueName": "none"}),
            "QueueDoesNotExist: The specified queue does not exist.",
        ),
        (
            "SendMessage",
            json!({"QueueUrl": "nonsense"}),
            "InvalidAddress: The address nonsense is not valid for this endpoint.",
        ),
        (
            "GetQueueAttributes",
            json!({"QueueUrl": (url("q")), "AttributeNames": ["X"]}),
            "InvalidAttributeName: Unknown Attribute X.",
        ),
        (
            "ListQueues",
            json!({"MaxResults": 0}),
            "InvalidParameterValue: Value 0 for parameter MaxResults is invalid. Reason: Must be between 1 and 1000, if provided.",
        ),
        (
            "Nonsense",
            json!({}),
            "InvalidAction: The operation Nonsense is not supported.",
        ),
    ] {
        assert_eq!(stage.refusal(operation, parameters).await, expect);
    }
    let fault = stage
        .call("GetQueueUrl", json!({"QueueName": "none"}))
        .await
        .unwrap_err();
    assert_eq!(
        fault.query_code.as_deref(),
        Some("AWS.SimpleQueueService.NonExistentQueue")
    );
}

#[tokio::test]
async fn settings_tags_and_permissions_outlive_the_process() {
    let mut stage = Stage::new();
    let queue = url("q");
    let at = |members: &Json| {
        let members = members.as_object().unwrap().clone();
        Json::from(members.with("QueueUrl", queue.as_str()))
    };
    stage
        .ok("CreateQueue", json!({"QueueName": "q", "tags": {"a": "b"}}))
        .await;
    stage.pass(5000);
    stage
        .ok(
            "SetQueueAttributes",
            at(&json!({"Attributes": {"VisibilityTimeout": "9"}})),
        )
        .await;
    stage.ok("TagQueue", at(&json!({"Tags": {"c": "d"}}))).await;
    stage.ok("UntagQueue", at(&json!({"TagKeys": ["a"]}))).await;
    let permission =
        json!({"Label": "l", "AWSAccountIds": ["111111111111"], "Actions": ["SendMessage"]});
    stage.ok("AddPermission", at(&permission)).await;
    assert_eq!(
        stage.refusal("AddPermission", at(&permission)).await,
        "InvalidParameterValue: Value l for parameter Label is invalid. Reason: Already exists."
    );
    stage.restart();
    let shown = stage
        .ok(
            "GetQueueAttributes",
            at(&json!({"AttributeNames": ["All"]})),
        )
        .await;
    let shown = shown.get("Attributes").unwrap();
    for (name, expect) in [
        ("QueueArn", "arn:aws:sqs:us-east-1:000000000000:q"),
        ("VisibilityTimeout", "9"),
        ("MaximumMessageSize", "1048576"),
        ("CreatedTimestamp", "1700000000"),
        ("LastModifiedTimestamp", "1700000005"),
    ] {
        assert_eq!(text(shown, name), expect);
    }
    let policy = Json::parse(&text(shown, "Policy")).unwrap();
    assert_eq!(
        policy.pointer("/Statement/0/Action/0"),
        Some(&Json::from("SQS:SendMessage"))
    );
    let tags = stage.ok("ListQueueTags", at(&json!({}))).await;
    assert_eq!(tags, json!({"Tags": {"c": "d"}}));
    stage
        .ok("RemovePermission", at(&json!({"Label": "l"})))
        .await;
    stage.ok("DeleteQueue", at(&json!({}))).await;
    stage.restart();
    assert_eq!(stage.ok("ListQueues", json!({})).await, json!({}));
}

#[tokio::test]
async fn listings_come_in_pages() {
    let stage = Stage::new();
    for name in ["b", "a1", "a2", "a3"] {
        stage.ok("CreateQueue", json!({"QueueName": (name)})).await;
    }
    let mut token = Json::Null;
    let mut pages = Vec::new();
    loop {
        let request = json!({"QueueNamePrefix": "a", "MaxResults": 2, "NextToken": (token)});
        let page = stage.ok("ListQueues", request).await;
        pages.push(page.get("QueueUrls").unwrap().as_array().unwrap().len());
        match page.get("NextToken") {
            Some(next) => token = next.clone(),
            None => break,
        }
    }
    assert_eq!(pages, [2, 1]);
}

#[tokio::test]
async fn a_purge_leaves_nothing_and_waits_a_minute_for_the_next() {
    let mut stage = Stage::new();
    let queue = url("q");
    stage.ok("CreateQueue", json!({"QueueName": "q"})).await;
    for body in ["1", "2"] {
        stage
            .ok(
                "SendMessage",
                json!({"QueueUrl": (queue.as_str()), "MessageBody": (body)}),
            )
            .await;
    }
    let held = stage.receive(&queue, json!({})).await;
    let purge = || json!({"QueueUrl": (queue.as_str())});
    stage.ok("PurgeQueue", purge()).await;
    assert_eq!(stage.counts(&queue).await, ["0", "0", "0"]);
    let request =
        json!({"QueueUrl": (queue.as_str()), "ReceiptHandle": (text(&held[0], "ReceiptHandle"))});
    stage.ok("DeleteMessage", request).await;
    assert_eq!(
        stage.refusal("PurgeQueue", purge()).await,
        "PurgeQueueInProgress: Only one PurgeQueue operation on q is allowed every 60 seconds."
    );
    stage.restart();
    assert_eq!(stage.counts(&queue).await, ["0", "0", "0"]);
    stage.pass(60_000);
    stage.ok("PurgeQueue", purge()).await;
}
