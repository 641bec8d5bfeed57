//! Nothing acknowledged is lost, and nothing comes twice that should not, whatever the store does.

use std::collections::BTreeSet;

use passo_json::{Json, json};
use passo_store::Fault;
use proptest::prelude::*;

use crate::stage::{Stage, text, url};

#[tokio::test]
async fn a_full_disk_refuses_and_changes_nothing() {
    let stage = Stage::new();
    stage
        .ok(
            "CreateQueue",
            json!({"QueueName": "q.fifo", "Attributes": {"FifoQueue": "true"}}),
        )
        .await;
    let queue = url("q.fifo");
    let send = || json!({"QueueUrl": (queue.as_str()), "MessageBody": "m", "MessageGroupId": "g", "MessageDeduplicationId": "d"});
    stage.store.plan([Fault::Full]);
    assert!(
        stage
            .refusal("SendMessage", send())
            .await
            .starts_with("InternalError")
    );
    assert_eq!(stage.counts(&queue).await, ["0", "0", "0"]);
    // It was not sent, so that it is not taken for a second one.
    stage.ok("SendMessage", send()).await;
    stage.store.plan([Fault::Full]);
    assert!(
        stage
            .call("ReceiveMessage", json!({"QueueUrl": (queue.as_str())}))
            .await
            .is_err()
    );
    let held = stage.receive(&queue, json!({})).await;
    let delete =
        json!({"QueueUrl": (queue.as_str()), "ReceiptHandle": (text(&held[0], "ReceiptHandle"))});
    stage.store.plan([Fault::Full]);
    assert!(stage.call("DeleteMessage", delete.clone()).await.is_err());
    assert_eq!(stage.counts(&queue).await, ["0", "1", "0"]);
    stage.ok("DeleteMessage", delete).await;
    assert_eq!(stage.counts(&queue).await, ["0", "0", "0"]);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Send,
    Receive,
    Delete,
    Pass,
    Crash(Fault),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Send),
        4 => Just(Step::Receive),
        3 => Just(Step::Delete),
        1 => Just(Step::Pass),
        1 => Just(Step::Crash(Fault::CrashBefore)),
        1 => Just(Step::Crash(Fault::CrashAfter)),
    ]
}

/// What its callers know of a queue.
#[derive(Default)]
struct Known {
    sent: u32,
    /// Acknowledged, and not deleted for certain.
    kept: BTreeSet<String>,
    /// Not acknowledged: it may be there, or not.
    doubtful: BTreeSet<String>,
    deleted: BTreeSet<String>,
    /// Bodies and handles of what is received, invisible for 30 seconds.
    held: Vec<(String, String)>,
}

impl Known {
    async fn step(&mut self, stage: &mut Stage, queue: &str, step: Step) {
        match step {
            Step::Send => {
                self.sent += 1;
                let body = self.sent.to_string();
                let request = json!({"QueueUrl": (queue), "MessageBody": (body.as_str())});
                match stage.call("SendMessage", request).await {
                    Ok(_) => self.kept.insert(body),
                    Err(_) => self.doubtful.insert(body),
                };
            }
            Step::Receive => {
                let request = json!({"QueueUrl": (queue), "MaxNumberOfMessages": 3});
                let Ok(answer) = stage.call("ReceiveMessage", request).await else {
                    // Whether it is kept that they were received is not known.
                    stage.pass(30_000);
                    self.held.clear();
                    return;
                };
                let messages = answer.get("Messages").and_then(Json::as_array);
                for message in messages.into_iter().flat_map(|list| list.iter()) {
                    let body = text(message, "Body");
                    assert!(!self.deleted.contains(&body), "{body} was deleted");
                    assert!(
                        !self.held.iter().any(|(held, _)| *held == body),
                        "{body} is held"
                    );
                    self.held.push((body, text(message, "ReceiptHandle")));
                }
            }
            Step::Delete => {
                let Some((body, handle)) = self.held.pop() else {
                    return;
                };
                let request = json!({"QueueUrl": (queue), "ReceiptHandle": (handle)});
                self.kept.remove(&body);
                match stage.call("DeleteMessage", request).await {
                    Ok(_) => self.deleted.insert(body),
                    Err(_) => self.doubtful.insert(body),
                };
            }
            Step::Pass => {
                stage.pass(30_000);
                self.held.clear();
            }
            Step::Crash(fault) => stage.store.plan([fault]),
        }
        if stage.store.is_crashed() {
            stage.restart();
        }
    }
}

fn check(steps: Vec<Step>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut stage = Stage::new();
        stage.ok("CreateQueue", json!({"QueueName": "q"})).await;
        let queue = url("q");
        let mut known = Known::default();
        for step in steps {
            known.step(&mut stage, &queue, step).await;
        }
        // A crash that is still planned.
        while stage
            .call(
                "SendMessage",
                json!({"QueueUrl": (queue.as_str()), "MessageBody": "end"}),
            )
            .await
            .is_err()
        {
            stage.restart();
        }
        stage.pass(30_000);
        let mut found = BTreeSet::new();
        loop {
            let bodies = stage
                .bodies(&queue, json!({"MaxNumberOfMessages": 10}))
                .await;
            if bodies.is_empty() {
                break;
            }
            found.extend(bodies);
        }
        let lost: Vec<_> = known.kept.difference(&found).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        found.remove("end");
        let known_of = |body: &String| known.kept.contains(body) || known.doubtful.contains(body);
        let strange: Vec<_> = found.iter().filter(|body| !known_of(body)).collect();
        assert!(strange.is_empty(), "not sent, or deleted: {strange:?}");
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_nothing_comes_back(steps in prop::collection::vec(step(), 1..60)) {
        check(steps);
    }
}
