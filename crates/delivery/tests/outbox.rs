//! Deliveries that arrive, are tried again, are given up, wait for each other, and survive.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use passo_delivery::{DeadLetter, Delivery, Judge, Outbox, Plain, Ports, Retry, Verdict};
use passo_json::{Json, json};
use passo_runtime::{Clock, Entropy, InFlight, VirtualClock};
use passo_service::{BoxFuture, Call, Caller, Directory, Fault, Peers, Service};
use passo_store::{Batch, Direction, Durability, KeyRange, MemoryStore, Space, Store};
use passo_vocab::{AccountId, Region, Timestamp};
use tokio::sync::Notify;

const SPACE: Space = Space::new("test-outbox");

struct Seeds(AtomicU64);

impl Entropy for Seeds {
    fn seed(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// Writes down what it gets; fails as often as a parameter says.
#[derive(Default)]
struct Target {
    got: Mutex<Vec<Json>>,
    failures: Mutex<BTreeMap<String, i64>>,
    changed: Notify,
}

impl Service for Target {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        let text = |member: &str| {
            call.parameters
                .get(member)
                .and_then(Json::as_str)
                .map(str::to_owned)
        };
        let name = text("name").unwrap_or_default();
        let fail = call
            .parameters
            .get("fail")
            .and_then(Json::as_i64)
            .unwrap_or(0);
        let mut failures = self.failures.lock().unwrap();
        let left = failures.entry(name).or_insert(fail);
        let answer = if *left > 0 {
            *left -= 1;
            Err(Fault::service("not now"))
        } else {
            self.got.lock().unwrap().push(call.parameters.clone());
            Ok(json!({}))
        };
        self.changed.notify_one();
        Box::pin(std::future::ready(answer))
    }
}

impl Target {
    async fn wait_for(&self, count: usize) -> Vec<Json> {
        loop {
            let got = self.got.lock().unwrap().clone();
            if got.len() >= count {
                return got;
            }
            self.changed.notified().await;
        }
    }
}

struct Bench {
    store: Arc<MemoryStore>,
    clock: Arc<VirtualClock>,
    in_flight: InFlight,
    target: Arc<Target>,
    peers: Peers,
}

fn bench() -> Bench {
    let clock = Arc::new(VirtualClock::new(Timestamp::from_epoch_millis(1_000)));
    let in_flight = InFlight::new();
    clock.count_in(in_flight.clone());
    let target = Arc::new(Target::default());
    let peers = Peers::new();
    let service: Arc<dyn Service> = target.clone();
    peers.open(
        Directory::new()
            .with_name("target", service.clone())
            .with_name("sqs", service),
    );
    Bench {
        store: Arc::new(MemoryStore::new()),
        clock,
        in_flight,
        target,
        peers,
    }
}

impl Bench {
    fn open(&self) -> Outbox {
        self.open_with(Arc::new(Plain))
    }

    fn open_with(&self, judge: Arc<dyn Judge>) -> Outbox {
        let ports = Ports {
            store: self.store.clone(),
            space: SPACE,
            clock: self.clock.clone(),
            entropy: Arc::new(Seeds(1.into())),
            in_flight: self.in_flight.clone(),
            peers: self.peers.clone(),
            judge,
            at_work_max: 4,
        };
        Outbox::open(ports).unwrap()
    }

    fn rows(&self) -> usize {
        let mut rows = 0;
        let snapshot = self.store.snapshot().unwrap();
        let mut count = |_: &[u8], _: &[u8]| {
            rows += 1;
            std::ops::ControlFlow::Continue(())
        };
        snapshot
            .scan(SPACE, &KeyRange::all(), Direction::Forward, &mut count)
            .unwrap();
        rows
    }

    /// Plays the runtime: time goes on whenever nothing is under way.
    async fn run_time(&self) {
        loop {
            if self.in_flight.count() == 0 {
                self.clock.rest();
            }
            tokio::task::yield_now().await;
        }
    }
}

fn delivery(parameters: Json) -> Delivery {
    Delivery {
        service: "target".into(),
        operation: "Take".into(),
        parameters,
        caller: Caller {
            account: AccountId::parse("000000000000").unwrap(),
            region: Region::parse("us-east-1").unwrap(),
        },
        retry: Retry {
            retries_max: 3,
            ..Retry::default()
        },
        dead_letter: None,
        group: None,
        note: Json::Null,
    }
}

fn names(got: &[Json]) -> Vec<&str> {
    got.iter()
        .filter_map(|one| one.get("name")?.as_str())
        .collect()
}

#[tokio::test]
async fn a_delivery_is_tried_until_it_arrives_and_then_forgotten() {
    let it = bench();
    let outbox = it.open();
    outbox
        .send(vec![delivery(json!({"name": "a", "fail": 2}))])
        .unwrap();
    tokio::select! {
        got = it.target.wait_for(1) => assert_eq!(names(&got), ["a"]),
        () = it.run_time() => {}
    }
    // After one second, and two more.
    assert_eq!(it.clock.now(), Timestamp::from_epoch_millis(4_000));
    while it.rows() > 0 {
        tokio::task::yield_now().await;
    }
    outbox.stop();
}

#[tokio::test]
async fn what_does_not_arrive_goes_to_the_dead_letter_queue() {
    let it = bench();
    let outbox = it.open();
    let mut lost = delivery(json!({"name": "a", "fail": 99}));
    lost.dead_letter = Some(DeadLetter {
        queue_arn: "arn:aws:sqs:eu-west-1:111111111111:dead".into(),
        body: "the event".into(),
        attributes: json!({}),
        message_group: None,
    });
    outbox.send(vec![lost]).unwrap();
    tokio::select! {
        got = it.target.wait_for(1) => {
            assert_eq!(got[0].get("QueueUrl"), Some(&json!("http://localhost/111111111111/dead")));
            assert_eq!(got[0].get("MessageBody"), Some(&json!("the event")));
            let code = got[0].get("MessageAttributes").unwrap().get("ERROR_CODE").unwrap();
            assert_eq!(code.get("StringValue"), Some(&json!("InternalServerError")));
        }
        () = it.run_time() => {}
    }
    outbox.stop();
}

#[tokio::test]
async fn a_group_keeps_its_order_over_retries_and_does_not_hold_up_others() {
    let it = bench();
    let outbox = it.open();
    let grouped = |parameters| Delivery {
        group: Some("g".into()),
        ..delivery(parameters)
    };
    let sent = vec![
        grouped(json!({"name": "1", "fail": 2})),
        grouped(json!({"name": "2"})),
        grouped(json!({"name": "3"})),
        delivery(json!({"name": "other"})),
    ];
    outbox.send(sent).unwrap();
    tokio::select! {
        got = it.target.wait_for(4) => assert_eq!(names(&got), ["other", "1", "2", "3"]),
        () = it.run_time() => {}
    }
    outbox.stop();
}

#[tokio::test]
async fn what_was_recorded_is_delivered_after_a_crash_and_what_was_not_is_not() {
    let it = bench();
    let before = it.open();
    before.stop();
    let mut batch = Batch::new();
    let _never_let_go = before.put(&mut batch, delivery(json!({"name": "kept"})));
    it.store.commit(&batch, Durability::Synced).unwrap();
    let _not_committed = before.put(&mut Batch::new(), delivery(json!({"name": "lost"})));
    let after = it.open();
    after.send(vec![delivery(json!({"name": "new"}))]).unwrap();
    let got = it.target.wait_for(2).await;
    assert_eq!(names(&got), ["kept", "new"]);
    after.stop();
}

/// Takes every fault for a lack of room.
struct NoRoom;

impl Judge for NoRoom {
    fn verdict(&self, _: &Delivery, answer: &Result<Json, Fault>) -> Verdict {
        match answer {
            Ok(_) => Verdict::Arrived,
            Err(_) => Verdict::Later,
        }
    }
}

#[tokio::test]
async fn what_there_is_no_room_for_waits_longer_and_longer_and_is_not_counted() {
    let it = bench();
    let outbox = it.open_with(Arc::new(NoRoom));
    outbox
        .send(vec![delivery(json!({"name": "a", "fail": 6}))])
        .unwrap();
    tokio::select! {
        got = it.target.wait_for(1) => assert_eq!(names(&got), ["a"]),
        () = it.run_time() => {}
    }
    // Tried after 0, 1, 2, 4, 8, 16 and 32 seconds, although three retries are all it has.
    assert_eq!(it.clock.now(), Timestamp::from_epoch_millis(33_000));
    outbox.stop();
}
