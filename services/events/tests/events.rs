//! Events from call to target.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use passo_events::{EventBridge, Ports, Targets};
use passo_json::{Json, json};
use passo_runtime::{Clock, Entropy, InFlight, VirtualClock};
use passo_service::{BoxFuture, Call, Caller, Directory, Fault, Peers, RequestId, Service};
use passo_store::MemoryStore;
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
}

impl Service for Target {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        self.calls.lock().unwrap().push(call);
        self.changed.notify_one();
        Box::pin(std::future::ready(Ok(json!({}))))
    }
}

impl Target {
    async fn calls(&self, count: usize) -> Vec<Call> {
        loop {
            let calls = self.calls.lock().unwrap().clone();
            if calls.len() >= count {
                return calls;
            }
            self.changed.notified().await;
        }
    }
}

struct Bench {
    events: Arc<EventBridge>,
    target: Arc<Target>,
    clock: Arc<VirtualClock>,
    in_flight: InFlight,
    peers: Peers,
}

fn bench() -> Bench {
    bench_on(Arc::new(MemoryStore::new()), 1_000)
}

/// A server on what another one has left.
fn bench_on(store: Arc<MemoryStore>, at: i64) -> Bench {
    let clock = Arc::new(VirtualClock::new(Timestamp::from_epoch_millis(at)));
    let in_flight = InFlight::new();
    clock.count_in(in_flight.clone());
    let peers = Peers::new();
    let ports = Ports {
        store,
        clock: clock.clone(),
        entropy: Arc::new(Seeds(1.into())),
        in_flight: in_flight.clone(),
        peers: peers.clone(),
    };
    let events = Arc::new(EventBridge::open(ports).unwrap());
    let target = Arc::new(Target::default());
    let all: Arc<dyn Service> = target.clone();
    let directory = Directory::new()
        .with_name("sqs", all.clone())
        .with_name("states", all.clone())
        .with_name("logs", all)
        .with_name(Targets::NAME, Arc::new(events.targets()));
    peers.open(directory);
    Bench {
        peers,
        events,
        target,
        clock,
        in_flight,
    }
}

fn caller() -> Caller {
    Caller {
        account: AccountId::parse("000000000000").unwrap(),
        region: Region::parse("us-east-1").unwrap(),
    }
}

impl Bench {
    async fn call(&self, operation: &str, parameters: Json) -> Result<Json, String> {
        let call = Call {
            operation: operation.into(),
            parameters,
            caller: caller(),
            request_id: RequestId::new("r"),
        };
        let answer = self.events.call(call).await;
        answer.map_err(|fault| fault.code.to_string())
    }

    async fn rule(&self, name: &str, rule: Json, target: Json) {
        let mut rule = rule.as_object().unwrap().clone();
        rule = rule.with("Name", name);
        self.call("PutRule", Json::from(rule)).await.unwrap();
        let targets = json!({"Rule": name, "Targets": [target]});
        let put = self.call("PutTargets", targets).await.unwrap();
        assert_eq!(put.get("FailedEntryCount"), Some(&json!(0)));
    }

    async fn put(&self, source: &str, detail: &str) -> Json {
        let entry = json!({"Source": source, "DetailType": "t", "Detail": detail});
        self.call("PutEvents", json!({"Entries": [entry]}))
            .await
            .unwrap()
    }
}

const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:q";

#[tokio::test]
async fn an_event_goes_to_the_rules_that_want_it() {
    let it = bench();
    let pattern =
        |source: &str| json!({"EventPattern": (format!(r#"{{"source": ["{source}"]}}"#))});
    it.rule("a", pattern("shop"), json!({"Id": "1", "Arn": QUEUE}))
        .await;
    it.rule("b", pattern("bank"), json!({"Id": "1", "Arn": QUEUE}))
        .await;
    it.put("shop", r#"{"n": 1}"#).await;
    it.put("other", r#"{"n": 2}"#).await;
    it.put("bank", r#"{"n": 3}"#).await;
    let calls = it.target.calls(2).await;
    let details: Vec<Json> = calls
        .iter()
        .map(|call| {
            let body = call
                .parameters
                .get("MessageBody")
                .unwrap()
                .as_str()
                .unwrap();
            Json::parse(body).unwrap().get("detail").unwrap().clone()
        })
        .collect();
    assert_eq!(details, [json!({"n": 1}), json!({"n": 3})]);
    assert_eq!(&*calls[0].operation, "SendMessage");
    it.events.stop();
}

#[tokio::test]
async fn an_execution_has_one_name_for_one_event_and_target() {
    let it = bench();
    let machine = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
    let pattern = json!({"EventPattern": r#"{"source": [{"prefix": ""}]}"#});
    let target = json!({"Id": "1", "Arn": machine, "InputPath": "$.detail"});
    it.rule("a", pattern.clone(), target.clone()).await;
    it.rule("b", pattern, target).await;
    it.put("s", r#"{"n": 1}"#).await;
    let calls = it.target.calls(2).await;
    let name = |call: &Call| {
        call.parameters
            .get("name")
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_ne!(name(&calls[0]), name(&calls[1]));
    assert!(name(&calls[0]).len() <= 80);
    assert_eq!(calls[0].parameters.get("input"), Some(&json!(r#"{"n":1}"#)));
    it.events.stop();
}

#[tokio::test]
async fn a_disabled_rule_wants_nothing_and_another_bus_gets_what_is_forwarded() {
    let it = bench();
    it.call("CreateEventBus", json!({"Name": "orders"}))
        .await
        .unwrap();
    let all = r#"{"source": [{"prefix": ""}]}"#;
    let bus = "arn:aws:events:us-east-1:000000000000:event-bus/orders";
    it.rule(
        "forward",
        json!({"EventPattern": all}),
        json!({"Id": "1", "Arn": bus}),
    )
    .await;
    it.rule(
        "off",
        json!({"EventPattern": all, "State": "DISABLED"}),
        json!({"Id": "1", "Arn": QUEUE}),
    )
    .await;
    let rule = json!({"Name": "r", "EventBusName": "orders", "EventPattern": all});
    it.call("PutRule", rule).await.unwrap();
    let targets = json!({"Rule": "r", "EventBusName": bus, "Targets": [{"Id": "1", "Arn": QUEUE}]});
    it.call("PutTargets", targets).await.unwrap();
    let put = it.put("s", "{}").await;
    let id = put
        .get("Entries")
        .unwrap()
        .at(0)
        .unwrap()
        .get("EventId")
        .unwrap()
        .clone();
    let calls = it.target.calls(1).await;
    assert_eq!(calls.len(), 1);
    let body = calls[0]
        .parameters
        .get("MessageBody")
        .unwrap()
        .as_str()
        .unwrap();
    assert_eq!(Json::parse(body).unwrap().get("id"), Some(&id));
    it.events.stop();
}

#[tokio::test]
async fn a_schedule_fires_when_it_is_due() {
    let it = bench();
    let rate = json!({"ScheduleExpression": "rate(5 minutes)"});
    it.rule("r", rate, json!({"Id": "1", "Arn": QUEUE})).await;
    let time = async {
        loop {
            if it.in_flight.count() == 0 {
                it.clock.rest();
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        calls = it.target.calls(2) => {
            let body = calls[1].parameters.get("MessageBody").unwrap().as_str().unwrap();
            let event = Json::parse(body).unwrap();
            assert_eq!(event.get("detail-type"), Some(&json!("Scheduled Event")));
            assert_eq!(event.get("time"), Some(&json!("1970-01-01T00:10:01Z")));
        }
        () = time => {}
    }
    it.events.stop();
}

#[tokio::test]
async fn what_cannot_be_done_is_told_in_aws_words() {
    let it = bench();
    let rule = |member: &str, value: &str| {
        let rule = passo_json::Object::default().with("Name", "x");
        Json::from(rule.with(member, value))
    };
    it.rule(
        "kept",
        json!({"EventPattern": "{\"a\": [1]}"}),
        json!({"Id": "1", "Arn": QUEUE}),
    )
    .await;
    for (operation, parameters, expect) in [
        ("PutRule", json!({"Name": "x"}), "ValidationException"),
        (
            "PutRule",
            rule("EventPattern", "{"),
            "InvalidEventPatternException",
        ),
        (
            "PutRule",
            rule("EventPattern", "{\"a\": 1}"),
            "InvalidEventPatternException",
        ),
        (
            "PutRule",
            rule("ScheduleExpression", "rate(1 minutes)"),
            "ValidationException",
        ),
        (
            "PutRule",
            json!({"Name": "x", "EventBusName": "gone", "EventPattern": "{\"a\":[1]}"}),
            "ResourceNotFoundException",
        ),
        (
            "DescribeRule",
            json!({"Name": "gone"}),
            "ResourceNotFoundException",
        ),
        ("DeleteRule", json!({"Name": "kept"}), "ValidationException"),
        (
            "DeleteEventBus",
            json!({"Name": "default"}),
            "ValidationException",
        ),
        (
            "PutTargets",
            json!({"Rule": "gone", "Targets": [{"Id": "q", "Arn": "arn:aws:sqs:us-east-1:000000000000:q"}]}),
            "ResourceNotFoundException",
        ),
        ("PutEvents", json!({"Entries": []}), "ValidationException"),
        (
            "TestEventPattern",
            json!({"EventPattern": "{\"a\":[1]}", "Event": "{}"}),
            "ValidationException",
        ),
        (
            "CreateArchive",
            json!({"ArchiveName": "a", "EventSourceArn": "arn:aws:events:us-east-1:000000000000:event-bus/gone"}),
            "ResourceNotFoundException",
        ),
        (
            "DescribeReplay",
            json!({"ReplayName": "gone"}),
            "ResourceNotFoundException",
        ),
        (
            "DescribeApiDestination",
            json!({"Name": "gone"}),
            "ResourceNotFoundException",
        ),
        ("CreateEndpoint", json!({}), "UnknownOperationException"),
    ] {
        let answer = it.call(operation, parameters.clone()).await;
        assert_eq!(answer, Err(expect.to_owned()), "{operation} {parameters}");
    }
    for (entry, code) in [
        (
            json!({"DetailType": "t", "Detail": "{}"}),
            "InvalidArgument",
        ),
        (
            json!({"Source": "s", "DetailType": "t", "Detail": "[]"}),
            "MalformedDetail",
        ),
        (
            json!({"Source": "aws.s3", "DetailType": "t", "Detail": "{}"}),
            "NotAuthorizedForSourceException",
        ),
    ] {
        let answer = it
            .call("PutEvents", json!({"Entries": [entry]}))
            .await
            .unwrap();
        let failed = answer
            .get("Entries")
            .unwrap()
            .at(0)
            .unwrap()
            .get("ErrorCode")
            .cloned();
        assert_eq!(failed, Some(Json::from(code)));
    }
    it.events.stop();
}

/// A web server that gives tokens, and answers 401 once where it is told to refuse.
struct Web {
    sent: Mutex<Vec<Json>>,
    refuse: AtomicU64,
}

impl Service for Web {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        let mut sent = self.sent.lock().unwrap();
        let body = format!(r#"{{"access_token":"t{}","expires_in":3600}}"#, sent.len());
        let is_token = call.parameters.get("Url") == Some(&json!("https://a/token"));
        let status = match is_token {
            false if self.refuse.swap(0, Ordering::Relaxed) == 1 => 401,
            _ => 200,
        };
        sent.push(call.parameters);
        let answer = json!({"Status": status, "StatusText": "", "Headers": {}, "Body": body});
        Box::pin(std::future::ready(Ok(answer)))
    }
}

#[tokio::test]
async fn requests_are_sent_with_connections() {
    let it = bench();
    let web = Arc::new(Web {
        sent: Mutex::default(),
        refuse: AtomicU64::new(0),
    });
    let connections = Arc::new(it.events.connections());
    it.peers
        .open(Directory::new().with_name("passo-http", web.clone()));
    let oauth = json!({"Name": "c", "AuthorizationType": "OAUTH_CLIENT_CREDENTIALS", "AuthParameters": {"OAuthParameters": {
        "ClientParameters": {"ClientID": "i", "ClientSecret": "SECRET"},
        "AuthorizationEndpoint": "https://a/token", "HttpMethod": "POST"}}});
    let made = it.call("CreateConnection", oauth.clone()).await.unwrap();
    let again = it.call("CreateConnection", oauth).await;
    assert_eq!(again, Err("ResourceAlreadyExistsException".to_owned()));
    let arn = made.get("ConnectionArn").unwrap().as_str().unwrap();
    let named = || json!({"Name": "c"});
    let shown = it.call("DescribeConnection", named()).await.unwrap();
    assert!(!shown.to_text().contains("SECRET"), "{shown}");
    let listed = it.call("ListConnections", json!({})).await.unwrap();
    assert_eq!(
        listed
            .get("Connections")
            .and_then(Json::as_array)
            .map(|list| list.len()),
        Some(1)
    );

    let send = async |arn: &str| {
        let call = Call {
            operation: "Send".into(),
            parameters: json!({"ConnectionArn": arn, "Method": "GET", "Url": "https://a/"}),
            caller: caller(),
            request_id: RequestId::new("r"),
        };
        let answer = connections.call(call).await;
        answer.map_err(|fault| fault.code.to_string())
    };
    // One token for two requests; a third finds that it is worth nothing any more.
    for refuse in [0, 0, 1] {
        web.refuse.store(refuse, Ordering::Relaxed);
        let answer = send(arn).await.unwrap();
        assert_eq!(answer.get("Status"), Some(&json!(200)));
    }
    let sent = web.sent.lock().unwrap().clone();
    let tokens: Vec<_> = sent
        .iter()
        .map(|request| request.get("Headers")?.get("authorization")?.as_str())
        .collect();
    let (old, new) = (Some("Bearer t0"), Some("Bearer t4"));
    assert_eq!(tokens, [None, old, old, old, None, new]);

    let unknown = "arn:aws:events:us-east-1:000000000000:connection/c/other";
    for arn in [unknown, "c"] {
        let fault = send(arn).await.unwrap_err();
        assert_eq!(fault, "Events.ConnectionResource.ResourceNotFound");
    }
    it.call("DeauthorizeConnection", named()).await.unwrap();
    let fault = send(arn).await.unwrap_err();
    assert_eq!(fault, "Events.ConnectionResource.InvalidConnectionState");
    it.call("DeleteConnection", named()).await.unwrap();
    let gone = it.call("DescribeConnection", named()).await;
    assert_eq!(gone, Err("ResourceNotFoundException".to_owned()));
}

#[tokio::test]
async fn connections_need_what_they_authorise_with() {
    let it = bench();
    for (name, kind, parameters) in [
        ("a/b", "BASIC", json!({})),
        ("a", "OTHER", json!({})),
        (
            "a",
            "BASIC",
            json!({"BasicAuthParameters": {"Username": "u"}}),
        ),
        (
            "a",
            "API_KEY",
            json!({"BasicAuthParameters": {"Username": "u", "Password": "p"}}),
        ),
    ] {
        let wanted = json!({"Name": name, "AuthorizationType": kind, "AuthParameters": parameters});
        let refused = it.call("CreateConnection", wanted).await;
        assert_eq!(refused, Err("ValidationException".to_owned()));
    }
}

#[tokio::test]
async fn what_was_due_while_nothing_ran_is_fired_once() {
    let store = Arc::new(MemoryStore::new());
    let minute = 60_000;
    let it = bench_on(store.clone(), 0);
    let rate = json!({"ScheduleExpression": "rate(5 minutes)"});
    it.rule("r", rate, json!({"Id": "1", "Arn": QUEUE})).await;
    it.events.stop();
    for (at, expect) in [(17, 1), (18, 0), (20, 1), (21, 0)] {
        let it = bench_on(store.clone(), at * minute);
        it.clock.set_jumps(false);
        for _ in 0..50 {
            tokio::task::yield_now().await;
            while it.in_flight.count() > 0 {
                tokio::task::yield_now().await;
            }
        }
        let fired = it.target.calls.lock().unwrap().len();
        assert_eq!(fired, expect, "minute {at}");
        it.events.stop();
    }
}

#[tokio::test]
async fn archived_events_are_replayed_to_the_rules_that_are_meant() {
    let it = bench();
    let bus = "arn:aws:events:us-east-1:000000000000:event-bus/default";
    let pattern = json!({"ArchiveName": "a", "EventSourceArn": bus, "EventPattern": r#"{"source": ["shop"]}"#});
    let made = it.call("CreateArchive", pattern).await.unwrap();
    let archive = made.get("ArchiveArn").unwrap().clone();
    for number in 0..250 {
        it.put("shop", &format!("{{\"n\": {number}}}")).await;
    }
    it.put("bank", "{}").await;
    let shown = it
        .call("DescribeArchive", json!({"ArchiveName": "a"}))
        .await
        .unwrap();
    assert_eq!(shown.get("EventCount"), Some(&json!(250)));
    let all = json!({"EventPattern": r#"{"account": ["000000000000"]}"#});
    it.rule("meant", all.clone(), json!({"Id": "1", "Arn": QUEUE}))
        .await;
    it.rule("other", all, json!({"Id": "1", "Arn": QUEUE}))
        .await;
    let replay = json!({"ReplayName": "r", "EventSourceArn": (archive.clone()), "EventStartTime": 0, "EventEndTime": 100,
        "Destination": {"Arn": bus, "FilterArns": ["arn:aws:events:us-east-1:000000000000:rule/meant"]}});
    it.call("StartReplay", replay.clone()).await.unwrap();
    let calls = it.target.calls(250).await;
    assert_eq!(calls.len(), 250);
    let event = |call: &Call| {
        let body = call
            .parameters
            .get("MessageBody")
            .unwrap()
            .as_str()
            .unwrap();
        Json::parse(body).unwrap()
    };
    assert!(
        calls
            .iter()
            .all(|call| event(call).get("replay-name") == Some(&json!("r")))
    );
    let replayed = it
        .call("DescribeReplay", json!({"ReplayName": "r"}))
        .await
        .unwrap();
    assert_eq!(replayed.get("State"), Some(&json!("COMPLETED")));
    // What was replayed is not kept a second time.
    let shown = it
        .call("DescribeArchive", json!({"ArchiveName": "a"}))
        .await
        .unwrap();
    assert_eq!(shown.get("EventCount"), Some(&json!(250)));
    for (operation, parameters, expect) in [
        ("StartReplay", replay, "ResourceAlreadyExistsException"),
        (
            "CancelReplay",
            json!({"ReplayName": "r"}),
            "IllegalStatusException",
        ),
        (
            "StartReplay",
            json!({"ReplayName": "s", "EventSourceArn": (archive.clone()), "EventStartTime": 0, "EventEndTime": 1,
            "Destination": {"Arn": "arn:aws:events:us-east-1:000000000000:event-bus/b"}}),
            "ValidationException",
        ),
    ] {
        assert_eq!(
            it.call(operation, parameters).await,
            Err(expect.to_owned()),
            "{operation}"
        );
    }
    it.call("DeleteArchive", json!({"ArchiveName": "a"}))
        .await
        .unwrap();
    it.events.stop();
}

#[tokio::test]
async fn an_event_goes_to_a_bus_of_another_account() {
    let it = bench();
    let all = json!({"EventPattern": r#"{"source": ["shop"]}"#});
    it.rule("r", all, json!({"Id": "1", "Arn": QUEUE})).await;
    let mut foreign = caller();
    foreign.account = AccountId::parse("111111111111").unwrap();
    let entry = |bus: &str| json!({"Source": "shop", "DetailType": "t", "Detail": "{}", "EventBusName": bus});
    let call = Call {
        operation: "PutEvents".into(),
        parameters: json!({"Entries": [(entry("default")), (entry("arn:aws:events:us-east-1:000000000000:event-bus/default"))]}),
        caller: foreign,
        request_id: RequestId::new("r"),
    };
    it.events.call(call).await.unwrap();
    let calls = it.target.calls(1).await;
    assert_eq!(calls.len(), 1);
    let body = calls[0]
        .parameters
        .get("MessageBody")
        .unwrap()
        .as_str()
        .unwrap();
    assert_eq!(
        Json::parse(body).unwrap().get("account"),
        Some(&json!("111111111111"))
    );
    it.events.stop();
}
