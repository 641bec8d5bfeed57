//! A service over a store that can fail, on a clock that is moved by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use passo_json::Json;
use passo_runtime::{Clock as _, Entropy, VirtualClock};
use passo_service::{Call, Caller, Fault, RequestId, Service as _};
use passo_sqs::{Ports, Sqs};
use passo_store::FaultyStore;
use passo_vocab::{AccountId, Region, Timestamp};

pub const START: i64 = 1_700_000_000_000;

pub struct Stage {
    pub store: FaultyStore,
    pub clock: Arc<VirtualClock>,
    entropy: Arc<Seeds>,
    pub sqs: Sqs,
}

#[derive(Default)]
struct Seeds(AtomicU64);

impl Entropy for Seeds {
    fn seed(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

impl Stage {
    pub fn new() -> Stage {
        let store = FaultyStore::new();
        let clock = Arc::new(VirtualClock::new(Timestamp::from_epoch_millis(START)));
        let entropy = Arc::new(Seeds::default());
        let sqs = open(&store, &clock, &entropy);
        Stage {
            store,
            clock,
            entropy,
            sqs,
        }
    }

    /// The process dies and starts again.
    pub fn restart(&mut self) {
        self.store.restart(0);
        self.sqs = open(&self.store, &self.clock, &self.entropy);
    }

    pub fn pass(&self, millis: i64) {
        self.clock.advance_to(self.clock.now().plus_millis(millis));
    }

    pub async fn call(&self, operation: &str, parameters: Json) -> Result<Json, Fault> {
        let call = Call {
            operation: operation.into(),
            parameters,
            caller: Caller {
                account: AccountId::parse("000000000000").unwrap(),
                region: Region::parse("us-east-1").unwrap(),
            },
            request_id: RequestId::new("request"),
        };
        self.sqs.call(call).await
    }

    pub async fn ok(&self, operation: &str, parameters: Json) -> Json {
        self.call(operation, parameters).await.unwrap()
    }

    /// `Code: message` of the refusal.
    pub async fn refusal(&self, operation: &str, parameters: Json) -> String {
        self.call(operation, parameters)
            .await
            .unwrap_err()
            .to_string()
    }

    /// The bodies of the messages that one receive yields, with more members of the request.
    pub async fn bodies(&self, url: &str, members: Json) -> Vec<String> {
        let received = self.receive(url, members).await;
        let body = |message: &Json| text(message, "Body");
        received.iter().map(body).collect()
    }

    pub async fn receive(&self, url: &str, members: Json) -> Vec<Json> {
        let members = members.as_object().unwrap().clone();
        let members = members.with("QueueUrl", url);
        let answer = self.ok("ReceiveMessage", Json::from(members)).await;
        let messages = answer.get("Messages").and_then(Json::as_array);
        messages
            .map(|messages| messages.to_vec())
            .unwrap_or_default()
    }

    /// How many messages are visible, in flight and delayed.
    pub async fn counts(&self, url: &str) -> [String; 3] {
        let request = passo_json::json!({"QueueUrl": (url), "AttributeNames": ["All"]});
        let answer = self.ok("GetQueueAttributes", request).await;
        let attributes = answer.get("Attributes").unwrap();
        ["", "NotVisible", "Delayed"]
            .map(|kind| text(attributes, &format!("ApproximateNumberOfMessages{kind}")))
    }
}

fn open(store: &FaultyStore, clock: &Arc<VirtualClock>, entropy: &Arc<Seeds>) -> Sqs {
    Sqs::open(Ports {
        store: Arc::new(store.clone()),
        clock: Arc::clone(clock) as _,
        entropy: Arc::clone(entropy) as _,
        endpoint: "http://host:1".to_owned(),
    })
    .unwrap()
}

pub fn text(object: &Json, member: &str) -> String {
    object
        .get(member)
        .and_then(Json::as_str)
        .unwrap()
        .to_owned()
}

/// The URL of the queue called `name`, which need not be there.
pub fn url(name: &str) -> String {
    format!("http://elsewhere:9/000000000000/{name}")
}
