//! Schedules from call to target, over restarts.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use passo_json::{Json, json};
use passo_runtime::{Clock, Entropy, InFlight, VirtualClock};
use passo_scheduler::{Ports, Scheduler};
use passo_service::{BoxFuture, Call, Caller, Directory, Fault, Peers, RequestId, Service};
use passo_store::{MemoryStore, Store};
use passo_vocab::{AccountId, Region, Timestamp};
use tokio::sync::Notify;

struct Seeds(AtomicU64);

impl Entropy for Seeds {
    fn seed(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

#[derive(Default)]
struct Target {
    calls: Mutex<Vec<Call>>,
    changed: Notify,
    broken: bool,
}

impl Service for Target {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        let is_letter = call.parameters.get("MessageAttributes").is_some();
        self.calls.lock().unwrap().push(call);
        self.changed.notify_one();
        Box::pin(std::future::ready(if self.broken && !is_letter {
            Err(Fault::service("broken"))
        } else {
            Ok(json!({}))
        }))
    }
}

impl Target {
    /// The bodies of messages, once there are so many.
    async fn messages(&self, count: usize) -> Vec<String> {
        loop {
            let calls = self.calls.lock().unwrap().clone();
            if calls.len() >= count {
                let body = |call: &Call| {
                    let body = call.parameters.get("MessageBody");
                    body.unwrap().as_str().unwrap().to_owned()
                };
                return calls.iter().map(body).collect();
            }
            self.changed.notified().await;
        }
    }
}

/// A server whose clock, store and target outlive it.
struct Bench {
    store: Arc<dyn Store>,
    clock: Arc<VirtualClock>,
    target: Arc<Target>,
    in_flight: InFlight,
    scheduler: Arc<Scheduler>,
}

const BEGIN: &str = "2026-03-28T12:00:00Z";

fn clock_at(at: Timestamp) -> Arc<VirtualClock> {
    let clock = Arc::new(VirtualClock::new(at));
    clock.set_jumps(false);
    clock
}

fn open(
    store: &Arc<dyn Store>,
    clock: &Arc<VirtualClock>,
    target: &Arc<Target>,
) -> (Arc<Scheduler>, InFlight) {
    let in_flight = InFlight::new();
    clock.count_in(in_flight.clone());
    let peers = Peers::new();
    let scheduler = Scheduler::open(Ports {
        store: Arc::clone(store),
        clock: clock.clone(),
        entropy: Arc::new(Seeds(1.into())),
        in_flight: in_flight.clone(),
        peers: peers.clone(),
    });
    let all: Arc<dyn Service> = target.clone();
    peers.open(Directory::new().with_name("sqs", all));
    (Arc::new(scheduler.unwrap()), in_flight)
}

fn bench(target: Target) -> Bench {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let clock = clock_at(Timestamp::parse_rfc3339(BEGIN).unwrap());
    let target = Arc::new(target);
    let (scheduler, in_flight) = open(&store, &clock, &target);
    Bench {
        store,
        clock,
        target,
        in_flight,
        scheduler,
    }
}

impl Bench {
    async fn call(&self, operation: &str, parameters: Json) -> Result<Json, String> {
        let call = Call {
            operation: operation.into(),
            parameters,
            caller: Caller {
                account: AccountId::parse("123456789012").unwrap(),
                region: Region::parse("us-east-1").unwrap(),
            },
            request_id: RequestId::new("r"),
        };
        let answer = self.scheduler.call(call).await;
        answer.map_err(|fault| format!("{}: {}", fault.code, fault.message))
    }

    /// A schedule that sends the time at which it was due to a queue.
    async fn schedule(&self, name: &str, expression: &str, more: Json) -> Result<Json, String> {
        self.call("CreateSchedule", described(name, expression, &more))
            .await
    }

    /// Lets time pass, by way of all that is due.
    async fn pass(&self, millis: i64) {
        let goal = self.clock.now().plus_millis(millis);
        self.clock.go_to(goal);
        self.settle().await;
        while self.clock.now() < goal {
            self.clock.rest();
            self.settle().await;
        }
    }

    /// Until nothing moves.
    async fn settle(&self) {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        while self.in_flight.count() > 0 {
            tokio::task::yield_now().await;
        }
    }

    /// The server ends, time passes, and it starts again.
    fn restart_after(&mut self, millis: i64) {
        self.scheduler.stop();
        self.clock = clock_at(self.clock.now().plus_millis(millis));
        (self.scheduler, self.in_flight) = open(&self.store, &self.clock, &self.target);
    }
}

fn described(name: &str, expression: &str, more: &Json) -> Json {
    let mut all = json!({"Name": name, "ScheduleExpression": expression, "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": "arn:aws:sqs:us-east-1:123456789012:q", "RoleArn": "arn:aws:iam::123456789012:role/r",
            "Input": "<aws.scheduler.scheduled-time>"}})
    .as_object()
    .unwrap()
    .clone();
    for (member, value) in more.as_object().unwrap().iter() {
        all = all.with(member.clone(), value.clone());
    }
    Json::from(all)
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

#[tokio::test]
async fn a_rate_begins_at_once_and_goes_on_over_a_restart() {
    let mut it = bench(Target::default());
    it.schedule("n", "rate(1 hour)", json!({})).await.unwrap();
    assert_eq!(it.target.messages(1).await, ["2026-03-28T12:00:00Z"]);
    it.pass(2 * HOUR).await;
    assert_eq!(
        it.target.messages(3).await[1..],
        ["2026-03-28T13:00:00Z", "2026-03-28T14:00:00Z"]
    );
    // Of three times that go by while nothing runs one is fired.
    it.restart_after(3 * HOUR + MINUTE * 30);
    assert_eq!(it.target.messages(4).await[3..], ["2026-03-28T15:00:00Z"]);
    it.pass(HOUR).await;
    assert_eq!(it.target.messages(5).await[4..], ["2026-03-28T18:00:00Z"]);
    it.restart_after(1);
    it.pass(HOUR).await;
    assert_eq!(it.target.messages(6).await[5..], ["2026-03-28T19:00:00Z"]);
}

#[tokio::test]
async fn cron_follows_the_clocks_of_its_zone() {
    let it = bench(Target::default());
    let more = json!({"ScheduleExpressionTimezone": "Europe/Berlin", "EndDate": 1774900800});
    it.schedule("n", "cron(0 8 * * ? *)", more).await.unwrap();
    it.pass(72 * HOUR).await;
    // Clocks were put forward on the 29th.
    assert_eq!(
        it.target.messages(2).await,
        ["2026-03-29T06:00:00Z", "2026-03-30T06:00:00Z"]
    );
    let kept = it.call("GetSchedule", json!({"Name": "n"})).await.unwrap();
    assert_eq!(kept.get("State"), Some(&json!("ENABLED")));
}

#[tokio::test]
async fn what_happens_once_goes_afterwards_where_it_should() {
    let mut it = bench(Target::default());
    for (name, action) in [("goes", "DELETE"), ("stays", "NONE")] {
        let more = json!({"ActionAfterCompletion": action});
        it.schedule(name, "at(2026-03-28T13:00:00)", more)
            .await
            .unwrap();
    }
    it.restart_after(2 * HOUR);
    assert_eq!(it.target.messages(2).await, ["2026-03-28T13:00:00Z"; 2]);
    let gone = it.call("GetSchedule", json!({"Name": "goes"})).await;
    assert!(gone.unwrap_err().starts_with("ResourceNotFoundException"));
    it.call("GetSchedule", json!({"Name": "stays"}))
        .await
        .unwrap();
    it.restart_after(2 * HOUR);
    it.schedule("now", "rate(1 day)", json!({})).await.unwrap();
    assert_eq!(it.target.messages(3).await[2..], ["2026-03-28T16:00:00Z"]);
}

#[tokio::test]
async fn what_is_too_old_to_be_tried_is_not_fired() {
    let mut it = bench(Target::default());
    let target = json!({"Arn": "arn:aws:sqs:us-east-1:123456789012:q", "RoleArn": "arn:aws:iam::123456789012:role/r",
        "Input": "old", "RetryPolicy": {"MaximumEventAgeInSeconds": 60}});
    it.schedule("n", "at(2026-03-28T13:00:00)", json!({"Target": target}))
        .await
        .unwrap();
    it.restart_after(2 * HOUR);
    it.schedule("m", "rate(1 day)", json!({})).await.unwrap();
    assert_eq!(it.target.messages(1).await, ["2026-03-28T14:00:00Z"]);
}

#[tokio::test]
async fn what_cannot_be_delivered_is_a_dead_letter() {
    let it = bench(Target {
        broken: true,
        ..Target::default()
    });
    let target = json!({"Arn": "arn:aws:sqs:us-east-1:123456789012:q", "RoleArn": "arn:aws:iam::123456789012:role/r",
        "Input": "m", "RetryPolicy": {"MaximumRetryAttempts": 1},
        "DeadLetterConfig": {"Arn": "arn:aws:sqs:us-east-1:123456789012:d"}});
    it.schedule("n", "at(2026-03-28T12:00:00)", json!({"Target": target}))
        .await
        .unwrap();
    it.target.messages(1).await;
    it.pass(HOUR).await;
    assert_eq!(it.target.messages(3).await, ["m"; 3]);
    let letter = it.target.calls.lock().unwrap()[2].parameters.clone();
    let attribute = |name: &str| {
        let value = letter.pointer(&format!("/MessageAttributes/{name}/StringValue"));
        value.unwrap().as_str().unwrap().to_owned()
    };
    assert_eq!(attribute("SCHEDULED_TIME"), "2026-03-28T12:00:00Z");
    assert_eq!(attribute("RETRY_ATTEMPTS"), "1");
    assert_eq!(
        attribute("EXHAUSTED_RETRY_CONDITION"),
        "MaximumRetryAttempts"
    );
    assert_eq!(attribute("ERROR_CODE"), "InternalServerError");
}

#[tokio::test]
async fn a_disabled_schedule_is_not_fired_and_a_changed_one_as_it_is_now() {
    let it = bench(Target::default());
    let off = json!({"State": "DISABLED"});
    it.schedule("n", "rate(1 minute)", off).await.unwrap();
    it.pass(10 * MINUTE).await;
    let changed = described("n", "cron(0/30 * * * ? *)", &json!({}));
    it.call("UpdateSchedule", changed).await.unwrap();
    it.pass(30 * MINUTE).await;
    assert_eq!(it.target.messages(1).await, ["2026-03-28T12:30:00Z"]);
    it.call("DeleteSchedule", json!({"Name": "n"}))
        .await
        .unwrap();
    it.pass(HOUR).await;
    it.schedule("m", "rate(1 day)", json!({})).await.unwrap();
    assert_eq!(it.target.messages(2).await[1..], ["2026-03-28T13:40:00Z"]);
}

#[tokio::test]
async fn groups_hold_schedules_and_take_them_along() {
    let it = bench(Target::default());
    let missing = it
        .schedule("n", "rate(1 day)", json!({"GroupName": "g"}))
        .await;
    assert_eq!(
        missing.unwrap_err(),
        "ResourceNotFoundException: Schedule group g does not exist."
    );
    it.call(
        "CreateScheduleGroup",
        json!({"Name": "g", "ClientToken": "t"}),
    )
    .await
    .unwrap();
    it.call(
        "CreateScheduleGroup",
        json!({"Name": "g", "ClientToken": "t"}),
    )
    .await
    .unwrap();
    let again = it
        .call(
            "CreateScheduleGroup",
            json!({"Name": "g", "ClientToken": "u"}),
        )
        .await;
    assert!(again.unwrap_err().starts_with("ConflictException"));
    for name in ["a", "b", "c"] {
        let more = json!({"GroupName": "g", "State": "DISABLED"});
        it.schedule(name, "rate(1 day)", more).await.unwrap();
    }
    it.schedule("a", "rate(1 day)", json!({"State": "DISABLED"}))
        .await
        .unwrap();
    let mut names = Vec::new();
    let mut token = Json::Null;
    loop {
        let parameters = json!({"MaxResults": 3, "NextToken": (token.clone())});
        let page = it.call("ListSchedules", parameters).await.unwrap();
        let schedules = page.get("Schedules").unwrap().as_array().unwrap().clone();
        names.extend(schedules.iter().map(|one| {
            let text = |member: &str| one.get(member).unwrap().as_str().unwrap().to_owned();
            format!("{}/{}", text("GroupName"), text("Name"))
        }));
        match page.get("NextToken") {
            Some(next) => token = next.clone(),
            None => break,
        }
    }
    assert_eq!(names, ["default/a", "g/a", "g/b", "g/c"]);
    it.call("DeleteScheduleGroup", json!({"Name": "g"}))
        .await
        .unwrap();
    let left = it.call("ListSchedules", json!({})).await.unwrap();
    assert_eq!(left.get("Schedules").unwrap().as_array().unwrap().len(), 1);
    assert!(
        it.call("DeleteScheduleGroup", json!({"Name": "default"}))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let it = bench(Target::default());
    for (expression, more, expect) in [
        (
            "rate(5 minute)",
            json!({}),
            "Invalid Schedule Expression rate(5 minute).",
        ),
        (
            "rate(1 day)",
            json!({"ScheduleExpressionTimezone": "Mars"}),
            "Invalid Schedule Expression Timezone Mars.",
        ),
        (
            "rate(1 day)",
            json!({"StartDate": 1}),
            "The StartDate you specify cannot be earlier than 5 minutes ago.",
        ),
        (
            "rate(1 day)",
            json!({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}),
            "MaximumWindowInMinutes must be provided when Mode is FLEXIBLE.",
        ),
        (
            "rate(1 day)",
            json!({"Target": {"Arn": "x", "RoleArn": "arn:aws:iam::123456789012:role/r"}}),
            "Provided Arn is not in correct format.",
        ),
    ] {
        let refused = it.schedule("n", expression, more).await.unwrap_err();
        assert_eq!(refused, format!("ValidationException: {expect}"));
    }
}
