//! The service between callers and the services that get its messages, over a store that can fail.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "tests fail by panicking, and read better with literals as arguments"
)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use passo_json::{Json, json};
use passo_runtime::{Entropy, InFlight, SystemClock};
use passo_service::{BoxFuture, Call, Caller, Directory, Fault, Peers, RequestId, Service};
use passo_sns::{Ports, Sns, Unsigned};
use passo_store::FaultyStore;
use passo_vocab::{AccountId, Region};

/// Takes messages as the services do that get them.
#[derive(Default)]
struct Receiver {
    got: Mutex<Vec<Json>>,
}

impl Service for Receiver {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            self.got.lock().unwrap().push(call.parameters);
            Ok(json!({}))
        })
    }
}

#[derive(Default)]
struct Seeds(AtomicU64);

impl Entropy for Seeds {
    fn seed(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

struct Stage {
    store: FaultyStore,
    entropy: Arc<Seeds>,
    receiver: Arc<Receiver>,
    sns: Sns,
}

const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";
const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:q";

impl Stage {
    async fn new() -> Stage {
        let (store, entropy) = (FaultyStore::new(), Arc::new(Seeds::default()));
        let receiver = Arc::new(Receiver::default());
        let sns = open(&store, &entropy, &receiver);
        let stage = Stage {
            store,
            entropy,
            receiver,
            sns,
        };
        stage.ok("CreateTopic", json!({"Name": "t"})).await;
        stage
    }

    /// The process dies and starts again.
    fn restart(&mut self) {
        self.sns.stop();
        self.store.restart(0);
        self.sns = open(&self.store, &self.entropy, &self.receiver);
    }

    async fn call(&self, operation: &str, parameters: Json) -> Result<Json, Fault> {
        let call = Call {
            operation: operation.into(),
            parameters,
            caller: Caller {
                account: AccountId::parse("000000000000").unwrap(),
                region: Region::parse("us-east-1").unwrap(),
            },
            request_id: RequestId::new("request"),
        };
        self.sns.call(call).await
    }

    async fn ok(&self, operation: &str, parameters: Json) -> Json {
        self.call(operation, parameters).await.unwrap()
    }

    async fn subscribe(&self, protocol: &str, endpoint: &str) -> Json {
        let request = json!({"TopicArn": (TOPIC), "Protocol": (protocol), "Endpoint": (endpoint)});
        self.ok("Subscribe", request).await
    }

    /// What has arrived, once there are so many.
    async fn arrived(&self, count: usize) -> Vec<Json> {
        loop {
            let got = self.receiver.got.lock().unwrap().clone();
            if got.len() >= count {
                return got;
            }
            tokio::task::yield_now().await;
        }
    }
}

fn open(store: &FaultyStore, entropy: &Arc<Seeds>, receiver: &Arc<Receiver>) -> Sns {
    let peers = Peers::new();
    let mut directory = Directory::new();
    for name in ["sqs", "lambda", passo_sns::HTTP, passo_sns::MAIL] {
        directory = directory.with_name(name, Arc::clone(receiver) as Arc<dyn Service>);
    }
    peers.open(directory);
    Sns::open(Ports {
        store: Arc::new(store.clone()),
        clock: Arc::new(SystemClock),
        entropy: Arc::clone(entropy) as _,
        in_flight: InFlight::new(),
        peers,
        endpoint: "http://host:1".to_owned(),
        signer: Arc::new(Unsigned),
    })
    .unwrap()
}

#[tokio::test]
async fn what_was_acknowledged_is_delivered_after_a_crash_and_what_was_not_is_not() {
    let mut stage = Stage::new().await;
    stage.subscribe("sqs", QUEUE).await;
    let publish = |text: &str| json!({"TopicArn": (TOPIC), "Message": (text)});
    stage.store.plan([passo_store::Fault::Full]);
    assert!(stage.call("Publish", publish("refused")).await.is_err());
    // The worker does not run before this task waits: the process dies with the message undelivered.
    stage.ok("Publish", publish("kept")).await;
    stage.restart();
    let arrived = stage.arrived(1).await;
    let body = Json::parse(arrived[0].get("MessageBody").unwrap().as_str().unwrap()).unwrap();
    assert_eq!(body.get("Message"), Some(&Json::from("kept")));
    assert_eq!(
        arrived[0].get("QueueUrl"),
        Some(&Json::from("http://localhost/000000000000/q"))
    );
    stage.ok("Publish", publish("next")).await;
    assert_eq!(stage.arrived(2).await.len(), 2);
}

#[tokio::test]
async fn functions_get_events() {
    let stage = Stage::new().await;
    let function = "arn:aws:lambda:us-east-1:000000000000:function:f";
    stage.subscribe("lambda", function).await;
    stage
        .ok(
            "Publish",
            json!({"TopicArn": (TOPIC), "Message": "m", "Subject": "s"}),
        )
        .await;
    let arrived = stage.arrived(1).await;
    assert_eq!(arrived[0].get("FunctionName"), Some(&Json::from(function)));
    assert_eq!(arrived[0].get("InvocationType"), Some(&Json::from("Event")));
    let event = Json::parse(arrived[0].get("Payload").unwrap().as_str().unwrap()).unwrap();
    let sns = event.pointer("/Records/0/Sns").unwrap();
    assert_eq!(sns.get("Message"), Some(&Json::from("m")));
    assert_eq!(sns.get("Subject"), Some(&Json::from("s")));
}

#[tokio::test]
async fn a_protocol_may_have_a_text_of_its_own() {
    let stage = Stage::new().await;
    stage.subscribe("sms", "+491234").await;
    let message = r#"{"default": "d", "sms": "short"}"#;
    let request = json!({"TopicArn": (TOPIC), "Message": (message), "MessageStructure": "json"});
    stage.ok("Publish", request).await;
    assert_eq!(
        stage.arrived(1).await[0],
        json!({"PhoneNumber": "+491234", "Message": "short"})
    );
}

#[tokio::test]
async fn who_is_at_an_address_must_agree() {
    let mut stage = Stage::new().await;
    let answer = stage.subscribe("email", "a@example.com").await;
    assert_eq!(answer, json!({"SubscriptionArn": "pending confirmation"}));
    let asked = stage.arrived(1).await[0].clone();
    let body = asked
        .get("Body")
        .unwrap()
        .as_str()
        .unwrap()
        .trim()
        .to_owned();
    let token = body.rsplit_once("Token=").unwrap().1;
    stage
        .ok("Publish", json!({"TopicArn": (TOPIC), "Message": "before"}))
        .await;
    let wrong = stage
        .call(
            "ConfirmSubscription",
            json!({"TopicArn": (TOPIC), "Token": "x"}),
        )
        .await;
    assert_eq!(wrong.unwrap_err().message, "Invalid parameter: Token");
    stage
        .ok(
            "ConfirmSubscription",
            json!({"TopicArn": (TOPIC), "Token": (token)}),
        )
        .await;
    stage.restart();
    stage
        .ok("Publish", json!({"TopicArn": (TOPIC), "Message": "after"}))
        .await;
    let arrived = stage.arrived(2).await;
    assert_eq!(
        arrived.last(),
        Some(
            &json!({"To": "a@example.com", "Subject": "AWS Notification Message", "Body": "after"})
        )
    );
}

#[tokio::test]
async fn refusals_are_worded_as_on_aws() {
    let stage = Stage::new().await;
    let none = "arn:aws:sns:us-east-1:000000000000:none";
    for (operation, parameters, expect) in [
        (
            "CreateTopic",
            json!({"Name": "a b"}),
            "InvalidParameter: Invalid parameter: Topic Name",
        ),
        (
            "Publish",
            json!({"TopicArn": (none), "Message": "m"}),
            "NotFound: Topic does not exist",
        ),
        (
            "Publish",
            json!({"TopicArn": (TOPIC), "Message": ""}),
            "InvalidParameter: Invalid parameter: Empty message",
        ),
        (
            "Publish",
            json!({"TopicArn": "x", "Message": "m"}),
            "InvalidParameter: Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
        ),
        (
            "Publish",
            json!({"TopicArn": (TOPIC), "Message": "{}", "MessageStructure": "json"}),
            "InvalidParameter: Invalid parameter: Message Structure - No default entry in JSON message body",
        ),
        (
            "Subscribe",
            json!({"TopicArn": (TOPIC), "Protocol": "fax"}),
            "InvalidParameter: Invalid parameter: Amazon SNS does not support this protocol string: fax",
        ),
        (
            "Nonsense",
            json!({}),
            "InvalidAction: The operation Nonsense is not supported.",
        ),
    ] {
        let fault = stage.call(operation, parameters).await.unwrap_err();
        assert_eq!(fault.to_string(), expect);
    }
}
