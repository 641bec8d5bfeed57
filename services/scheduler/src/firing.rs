//! Fires schedules when they are due.
//!
//! What is delivered, and when the schedule is due next, become durable together: a due time is fired once, whenever the
//! process dies.

use std::sync::Arc;
use std::time::Duration;

use passo_delivery::{Retry, Ticket, sleep_until};
use passo_records::Changing;
use passo_store::{Batch, StoreError};
use passo_vocab::{Entropy, Timestamp};

use crate::quotas::PRECISION_MILLIS;
use crate::schedule::Schedule;
use crate::service::Shared;
use crate::target::Firing;

/// Schedules that are fired with one write.
const BATCH_MAX: usize = 256;
/// How long it waits where the store takes nothing.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// Fires schedules for as long as the service lives.
pub(crate) async fn run(shared: Arc<Shared>) {
    loop {
        let next = shared.index().next();
        let Some(next) = next else {
            shared.changed.notified().await;
            continue;
        };
        let at = Timestamp::from_epoch_millis(next);
        let awake = tokio::select! {
            awake = sleep_until(&*shared.ports.clock, at) => awake,
            () = shared.changed.notified() => continue,
        };
        while let Err(_error) = fire_due(&shared) {
            tokio::time::sleep(STORE_PAUSE).await;
        }
        drop(awake);
    }
}

/// Fires what is due now.
fn fire_due(shared: &Shared) -> Result<(), StoreError> {
    loop {
        let now = shared.now();
        let keys = shared.index().due(now, BATCH_MAX);
        if keys.is_empty() {
            return Ok(());
        }
        let change = shared.records.change();
        let mut batch = Batch::new();
        let mut tickets = Vec::new();
        let mut moved = Vec::new();
        for key in keys {
            let row = shared.records.find(&["schedule", &key])?;
            let schedule = row.as_ref().and_then(Schedule::decode);
            let next = schedule.and_then(|mut schedule| {
                tickets.extend(fire(shared, &change, &mut batch, &mut schedule, now));
                Some(schedule.next?.fire_at)
            });
            moved.push((key, next));
        }
        change.commit(&batch)?;
        let mut index = shared.index();
        for (key, next) in moved {
            index.set(&key, next);
        }
        drop(index);
        drop(change);
        for ticket in tickets {
            shared.outbox.let_go(ticket);
        }
    }
}

/// Fires one schedule, where it is to be fired by `now`, and writes down when it is fired next.
fn fire(
    shared: &Shared,
    change: &Changing<'_>,
    batch: &mut Batch,
    schedule: &mut Schedule,
    now: i64,
) -> Option<Ticket> {
    let next = schedule.next.filter(|next| next.fire_at <= now)?;
    let entropy = Entropy::from_seed(shared.ports.entropy.seed());
    let rhythm = schedule.rhythm();
    let age_max = Retry::of_target(&schedule.target()).age_max_millis;
    let is_late = now.saturating_sub(next.fire_at) > PRECISION_MILLIS;
    // Of many times that went by, the first one counts that may still be delivered.
    let due_at = match &rhythm {
        Some(rhythm) if is_late => {
            let oldest = next
                .due_at
                .max(now.saturating_sub(age_max))
                .saturating_sub(1);
            rhythm.next(oldest).filter(|due_at| *due_at <= now)
        }
        Some(_) | None => Some(next.due_at),
    };
    let ticket = due_at.and_then(|due_at| {
        let firing = Firing {
            schedule,
            due_at,
            id: &entropy.uuid_v4(),
        };
        let late = if is_late {
            now.saturating_sub(due_at)
        } else {
            0
        };
        Some(shared.outbox.put(batch, firing.delivery(late)?))
    });
    let after = if is_late { now } else { next.due_at };
    let due_next = rhythm.and_then(|rhythm| rhythm.next(after));
    schedule.next = due_next.map(|due_at| schedule.fired(due_at, &entropy));
    let key = schedule.key();
    if schedule.next.is_none() && schedule.goes_afterwards() {
        change.remove_into(batch, &["schedule", &key]);
    } else {
        change.put_into(batch, &["schedule", &key], &schedule.encode());
    }
    ticket
}
