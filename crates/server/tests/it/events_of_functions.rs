//! Functions that get events: by asynchronous invocations, and from queues.

use std::path::Path;

use passo_json::{Json, json};
use passo_server::{ClockKind, Configuration, Data};
use passo_vocab::Timestamp;

use crate::archive;
use crate::client::{post_json, send};
use crate::world::{ROLE, World};

const CODE: &str = "\
def handler(event, context):
    if event.get('bad'):
        raise ValueError('no')
    records = event.get('Records', [])
    failed = [record['messageId'] for record in records if record['body'] == '{\"a\":\"bad\"}']
    return {'batchItemFailures': [{'itemIdentifier': id} for id in failed]}
";

const QUEUES: &str = "arn:aws:sqs:us-east-1:123456789012:";

async fn open(data: Data) -> World {
    World::open(Configuration {
        clock: ClockKind::Virtual,
        ..Configuration::new(data)
    })
    .await
}

/// Calls Lambda: the status and the answer.
async fn lambda(world: &World, line: &str, parameters: &Json) -> (u16, Json) {
    let body = match parameters {
        Json::Null => String::new(),
        parameters => parameters.to_text(),
    };
    let line = format!("{line} HTTP/1.1");
    let answer = send(world.address, &line, "", "lambda", &body).await;
    let parsed = Json::parse(&answer.body).unwrap_or(Json::Null);
    (answer.status, parsed)
}

async fn create(world: &World) {
    let function = json!({
        "FunctionName": "f", "Runtime": "python3.12", "Role": ROLE, "Handler": "app.handler", "Timeout": 30,
        "Code": {"ZipFile": (archive::of_file("app.py", CODE))},
        "DeadLetterConfig": {"TargetArn": (format!("{QUEUES}dead"))}
    });
    let (status, answer) = lambda(world, "POST /2015-03-31/functions", &function).await;
    assert_eq!(status, 201, "{answer:?}");
}

async fn sqs(world: &World, operation: &str, parameters: Json) -> Json {
    let target = format!("AmazonSQS.{operation}");
    post_json(world.address, &target, &parameters).await.ok()
}

fn url(queue: &str) -> String {
    format!("http://localhost/123456789012/{queue}")
}

/// The next message of a queue, which it waits for and deletes: time goes on, and it would come again.
async fn message(world: &World, queue: &str) -> Json {
    loop {
        let wish = json!({
            "QueueUrl": (url(queue)), "WaitTimeSeconds": 1, "MessageAttributeNames": ["All"],
            "MessageSystemAttributeNames": ["All"]
        });
        let answer = sqs(world, "ReceiveMessage", wish).await;
        if let Some(message) = answer.get("Messages").and_then(|all| all.at(0)) {
            let message = message.clone();
            let handle = text(&message, &["ReceiptHandle"]);
            let gone = json!({"QueueUrl": (url(queue)), "ReceiptHandle": handle});
            sqs(world, "DeleteMessage", gone).await;
            return message;
        }
    }
}

fn text<'a>(json: &'a Json, path: &[&str]) -> &'a str {
    let found = path.iter().try_fold(json, |json, member| json.get(member));
    found.and_then(Json::as_str).unwrap_or_default()
}

fn body(message: &Json) -> Json {
    Json::parse(text(message, &["Body"])).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_tried_three_times_and_its_record_goes_to_a_destination() {
    let world = open(Data::Ephemeral).await;
    for queue in ["well", "failed", "dead"] {
        sqs(&world, "CreateQueue", json!({"QueueName": queue})).await;
    }
    create(&world).await;
    let config = "/2019-09-25/functions/f/event-invoke-config";
    let (status, missing) = lambda(&world, &format!("GET {config}"), &Json::Null).await;
    assert_eq!(status, 404, "{missing:?}");
    let wish = json!({"DestinationConfig": {
        "OnSuccess": {"Destination": (format!("{QUEUES}well"))},
        "OnFailure": {"Destination": (format!("{QUEUES}failed"))}
    }});
    let (status, set) = lambda(&world, &format!("PUT {config}"), &wish).await;
    assert_eq!(
        (status, text(&set, &["FunctionArn"])),
        (
            200,
            "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST"
        )
    );

    let mut ends = Vec::new();
    for (event, age, queue, condition, runs) in [
        (r#"{"a":1}"#, 21_600, "well", "Success", 1),
        (r#"{"bad":1}"#, 21_600, "failed", "RetriesExhausted", 3),
        (r#"{"bad":1}"#, 100, "failed", "EventAgeExceeded", 2),
    ] {
        let wish = json!({"MaximumEventAgeInSeconds": age});
        let (status, set) = lambda(&world, &format!("POST {config}"), &wish).await;
        assert_eq!(status, 200, "{set:?}");
        let invoke = "POST /2015-03-31/functions/f/invocations HTTP/1.1";
        let kind = "X-Amz-Invocation-Type: Event";
        let answer = send(world.address, invoke, kind, "lambda", event).await;
        assert_eq!((answer.status, &*answer.body), (202, ""));
        let record = body(&message(&world, queue).await);
        let context = record.get("requestContext").unwrap();
        assert_eq!(text(context, &["condition"]), condition);
        assert_eq!(
            context.get("approximateInvokeCount"),
            Some(&Json::from(runs))
        );
        assert_eq!(
            record.get("requestPayload"),
            Json::parse(event).ok().as_ref()
        );
        ends.push(Timestamp::parse_rfc3339(text(&record, &["timestamp"])).unwrap());
    }
    // After one minute, and two more.
    assert!(ends[1].millis_since(ends[0]) >= 180_000);
    let letter = message(&world, "dead").await;
    assert_eq!(text(&letter, &["Body"]), r#"{"bad":1}"#);
    let why = ["MessageAttributes", "ErrorMessage", "StringValue"];
    assert_eq!(text(&letter, &why), "no");
    world.stop().await;
}

/// Creates the function, its queue and a mapping of both: the mapping's id.
async fn mapped(directory: &Path) -> (World, String) {
    let world = open(Data::Directory(directory.to_owned())).await;
    create(&world).await;
    let mapping = json!({
        "FunctionName": "f", "EventSourceArn": (format!("{QUEUES}q")),
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "FilterCriteria": {"Filters": [{"Pattern": r#"{"body":{"a":["good","bad"]}}"#}]}
    });
    let line = "POST /2015-03-31/event-source-mappings";
    // There is no such queue yet.
    assert_eq!(lambda(&world, line, &mapping).await.0, 400);
    sqs(&world, "CreateQueue", json!({"QueueName": "q"})).await;
    let (status, created) = lambda(&world, line, &mapping).await;
    assert_eq!(
        (status, text(&created, &["State"])),
        (202, "Creating"),
        "{created:?}"
    );
    assert_eq!(lambda(&world, line, &mapping).await.0, 409);
    let id = text(&created, &["UUID"]).to_owned();
    (world, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_gets_the_messages_of_its_queue_also_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let (world, id) = mapped(directory.path()).await;
    world.stop().await;
    let world = open(Data::Directory(directory.path().to_owned())).await;
    let entry = |name: &str| json!({"Id": name, "MessageBody": (format!(r#"{{"a":"{name}"}}"#))});
    let entries = json!([entry("good"), entry("bad"), entry("unwanted")]);
    let batch = json!({"QueueUrl": (url("q")), "Entries": entries});
    sqs(&world, "SendMessageBatch", batch).await;
    // What the function did well, and what it does not want, is deleted; the other one is hidden.
    let names = [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
    ];
    loop {
        let wish = json!({"QueueUrl": (url("q")), "AttributeNames": ["All"]});
        let answer = sqs(&world, "GetQueueAttributes", wish).await;
        let counts = names.map(|name| text(&answer, &["Attributes", name]).to_owned());
        if counts == ["0", "1"] {
            break;
        }
        tokio::task::yield_now().await;
    }

    let one = format!("/2015-03-31/event-source-mappings/{id}");
    let (_, got) = lambda(&world, &format!("GET {one}"), &Json::Null).await;
    assert_eq!(text(&got, &["State"]), "Enabled");
    let (status, _) = lambda(&world, &format!("PUT {one}"), &json!({"Enabled": false})).await;
    assert_eq!(status, 202);
    let line = "POST /_passo/v1/clock HTTP/1.1";
    let later = json!({"advance": "PT1M"}).to_text();
    send(world.address, line, "", "states", &later).await.ok();
    let left = message(&world, "q").await;
    assert_eq!(text(&left, &["Body"]), r#"{"a":"bad"}"#);
    assert_eq!(text(&left, &["Attributes", "ApproximateReceiveCount"]), "2");

    let list = "GET /2015-03-31/event-source-mappings?FunctionName=f";
    let (_, listed) = lambda(&world, list, &Json::Null).await;
    let first = listed.get("EventSourceMappings").unwrap().at(0).unwrap();
    assert_eq!(
        (text(first, &["UUID"]), text(first, &["State"])),
        (&*id, "Disabled")
    );
    assert_eq!(
        lambda(&world, &format!("DELETE {one}"), &Json::Null)
            .await
            .0,
        202
    );
    assert_eq!(
        lambda(&world, &format!("GET {one}"), &Json::Null).await.0,
        404
    );
    world.stop().await;
}
