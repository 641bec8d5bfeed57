//! Rules with schedules: wakes when one is due.

use std::sync::Arc;
use std::time::Duration;

use passo_delivery::sleep_until;
use passo_json::{Json, Object};
use passo_schedule::{Civil, Schedule};
use passo_store::{Batch, StoreError};
use passo_vocab::Timestamp;

use crate::event::Event;
use crate::plan;
use crate::records::Rule;
use crate::service::Shared;

/// The row that says until when rules have been fired: `at`, in milliseconds since 1970.
const FIRED_KEY: [&str; 1] = ["schedules"];
/// What was due longer ago than this is not made up for, in milliseconds: the time for which targets are tried.
const LATE_MAX_MILLIS: i64 = 86_400_000;
/// How long it waits where the store takes nothing.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// Fires rules when they are due, for as long as the service lives. What is delivered and until when rules were fired become
/// durable together: a time is fired once, over restarts too, and of those that went by while nothing ran, one.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut fired = loop {
        match shared.tables.records.find(&FIRED_KEY) {
            Ok(row) => break row.and_then(|row| row.get("at")?.as_i64()).unwrap_or(0),
            Err(_) => tokio::time::sleep(STORE_PAUSE).await,
        }
    };
    loop {
        // A store that cannot be read now is asked again when a rule changes.
        let rules = shared.tables.scheduled().unwrap_or_default();
        let seen = fired.max(shared.now().saturating_sub(LATE_MAX_MILLIS));
        let due = rules.iter().filter_map(|rule| next(rule, seen)).min();
        let Some(due) = due else {
            shared.schedules_changed.notified().await;
            continue;
        };
        let at = Timestamp::from_epoch_millis(due);
        let awake = tokio::select! {
            awake = sleep_until(&*shared.ports.clock, at) => awake,
            () = shared.schedules_changed.notified() => continue,
        };
        let now = shared.now();
        let due = rules
            .iter()
            .filter(|rule| next(rule, seen).is_some_and(|at| at <= now));
        let due: Vec<&Rule> = due.collect();
        while fire(&shared, &due, now).is_err() {
            tokio::time::sleep(STORE_PAUSE).await;
        }
        fired = now;
        drop(awake);
    }
}

/// Fires rules, and writes down that this is done.
fn fire(shared: &Shared, due: &[&Rule], now: i64) -> Result<(), StoreError> {
    let change = shared.tables.records.change();
    let mut batch = Batch::new();
    let mut tickets = Vec::new();
    for rule in due {
        let event = event(shared, rule, now).to_json();
        for delivery in plan::deliveries(rule, &event, now) {
            tickets.push(shared.outbox.put(&mut batch, delivery));
        }
    }
    let row = Json::from(Object::default().with("format", 1).with("at", now));
    change.put_into(&mut batch, &FIRED_KEY, &row);
    change.commit(&batch)?;
    drop(change);
    for ticket in tickets {
        shared.outbox.let_go(ticket);
    }
    Ok(())
}

/// When a rule is due next, in milliseconds since 1970.
fn next(rule: &Rule, seen: i64) -> Option<i64> {
    let schedule = Schedule::parse(rule.schedule.as_deref()?).ok()?;
    let civil = |millis: i64| Civil::from_seconds(millis.div_euclid(1000));
    let after = seen.max(rule.due_from);
    let next = schedule.next_after(civil(after), civil(rule.created_at))?;
    next.to_seconds().checked_mul(1000)
}

/// Source: EventBridge User Guide, "Scheduled Event".
fn event(shared: &Shared, rule: &Rule, now: i64) -> Event {
    Event {
        id: shared.uuid().into(),
        detail_type: "Scheduled Event".into(),
        source: "aws.events".into(),
        account: rule.account.as_str().into(),
        region: rule.region.as_str().into(),
        at: now,
        resources: vec![Json::from(rule.arn())],
        detail: Json::from(Object::default()),
    }
}
