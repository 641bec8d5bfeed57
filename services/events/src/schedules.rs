//! Rules with schedules: wakes when one is due.

use std::sync::Arc;

use passo_delivery::sleep_until;
use passo_json::{Json, Object};
use passo_schedule::{Civil, Schedule};
use passo_vocab::Timestamp;

use crate::event::Event;
use crate::plan;
use crate::records::Rule;
use crate::service::Shared;

/// Fires rules when they are due, for as long as the service lives. What was due while nothing ran is not made up for.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut seen = shared.now();
    loop {
        // A store that cannot be read now is asked again when a rule changes, or a minute later.
        let rules = shared.tables.scheduled().unwrap_or_default();
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
        let deliveries = due.flat_map(|rule| {
            let event = event(&shared, rule, now).to_json();
            plan::deliveries(rule, &event, now)
        });
        // Where the store takes nothing, this time is left out, as if nothing had run.
        let _ = shared.outbox.send(deliveries.collect());
        seen = now;
        drop(awake);
    }
}

/// When a rule is due next, in milliseconds since 1970.
fn next(rule: &Rule, after: i64) -> Option<i64> {
    let schedule = Schedule::parse(rule.schedule.as_deref()?).ok()?;
    let civil = |millis: i64| Civil::from_seconds(millis.div_euclid(1000));
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
