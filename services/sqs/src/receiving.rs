//! Receiving messages: at once, or after a long poll.

use std::sync::Arc;
use std::time::Duration;

use passo_service::Fault;
use passo_store::Batch;
use tokio::time::Instant;

use crate::attributes::Redrive;
use crate::committer::Submitted;
use crate::index::Entry;
use crate::message::Message;
use crate::queue::{Attempt, Queue, State, Taken};
use crate::quotas::IN_FLIGHT_MAX;
use crate::receipt::Receipt;
use crate::sqs::Core;
use crate::{faults, keys};

/// How long a poll sleeps before it looks at a clock that jumps, and before it looks for messages that have come back.
const VIRTUAL_PAUSE: Duration = Duration::from_millis(10);
const PAUSE_MAX: Duration = Duration::from_millis(250);
/// Dead letters that one receive puts away before it looks again.
const DEAD_MAX: usize = 100;

/// What a receive wants.
#[derive(Clone, Debug)]
pub(crate) struct Want {
    pub(crate) messages_max: usize,
    pub(crate) visibility_seconds: i64,
    pub(crate) wait_seconds: i64,
    pub(crate) attempt: Option<String>,
}

/// A message that was received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) message: Message,
    pub(crate) entry: Entry,
    pub(crate) handle: String,
}

/// One look at the queue.
struct Look {
    store_id: u64,
    taken: Vec<Taken>,
    /// Received too often, and where they belong.
    dead: Vec<Taken>,
    grave: Option<Arc<Queue>>,
    submitted: Submitted,
    next_wake: Option<i64>,
}

impl Core {
    /// Receives messages, waiting for the first as long as wanted. What it yields is durably invisible to others.
    ///
    /// # Errors
    /// Where the queue is gone, too many messages are in flight, or the store fails.
    pub(crate) async fn receive(
        &self,
        queue: &Arc<Queue>,
        want: &Want,
    ) -> Result<Vec<Received>, Fault> {
        let wait_millis = want.wait_seconds.saturating_mul(1000);
        let deadline = self.now().saturating_add(wait_millis);
        let wait = Duration::from_millis(u64::try_from(wait_millis).unwrap_or(0));
        let end = Instant::now() + wait;
        loop {
            let mut arrival = std::pin::pin!(queue.arrivals.notified());
            let look = self.look(queue, want)?;
            if let Some(grave) = &look.grave {
                let mark = Some(queue.arn.clone());
                let grave = Arc::clone(grave);
                let route = move |_: &Message| Some(Arc::clone(&grave));
                self.relocate(queue, look.dead, route, mark).await?;
            }
            if !look.taken.is_empty() {
                look.submitted.durable().await?;
                return self.read_bodies(queue, look.store_id, look.taken);
            }
            if look.grave.is_some() {
                continue;
            }
            let now = self.now();
            // A clock that jumps tells nothing of how long somebody has waited for an answer.
            if now >= deadline || Instant::now() >= end {
                return Ok(Vec::new());
            }
            let pause = self.pause(now, look.next_wake, end);
            tokio::select! {
                () = arrival.as_mut() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    fn pause(&self, now: i64, next_wake: Option<i64>, end: Instant) -> Duration {
        if self.clock.is_virtual() {
            return VIRTUAL_PAUSE;
        }
        let until_wake = next_wake
            .and_then(|at| u64::try_from(at.saturating_sub(now)).ok())
            .map_or(PAUSE_MAX, Duration::from_millis);
        let until_end = end.saturating_duration_since(Instant::now());
        until_wake
            .min(until_end)
            .min(PAUSE_MAX)
            .max(Duration::from_millis(1))
    }

    fn look(&self, queue: &Arc<Queue>, want: &Want) -> Result<Look, Fault> {
        let mut state = queue.open()?;
        let now = self.now();
        let mut batch = Batch::new();
        queue.advance(&mut state, now, &mut batch);
        let redrive = state.record.redrive();
        let grave = redrive
            .as_ref()
            .and_then(|redrive| self.find(&redrive.target));
        let redrive = redrive.filter(|_| grave.is_some());
        let again = repeat(&mut state, want, now);
        let repeated = again.is_some();
        let (taken, dead) = match again {
            Some(taken) => (taken, Vec::new()),
            None => take(queue, &mut state, want, redrive.as_ref(), now)?,
        };
        let before: Vec<(u64, u32)> = taken
            .iter()
            .map(|(sequence, entry)| (*sequence, entry.receive_count))
            .collect();
        let mut put_back = Vec::new();
        for (sequence, entry) in &taken {
            let key = keys::message(state.record.store_id, *sequence);
            batch.put(keys::INDEX, key, entry.encode());
            state.index.insert(*sequence, entry.clone(), now);
            put_back.push((*sequence, entry.receive_count));
        }
        if let Some(attempt) = want
            .attempt
            .clone()
            .filter(|_| !repeated && !before.is_empty())
        {
            let taken = before;
            state.attempts.insert(attempt, Attempt { at: now, taken });
        }
        let owner = Arc::clone(queue);
        let submitted = self.committer.submit(batch, move |durable| {
            if !durable {
                return_to_queue(&owner, &put_back, now);
            }
        });
        Ok(Look {
            store_id: state.record.store_id,
            grave: grave.filter(|_| !dead.is_empty()),
            taken,
            dead,
            submitted,
            next_wake: state.index.next_wake(),
        })
    }

    fn read_bodies(
        &self,
        queue: &Queue,
        store_id: u64,
        taken: Vec<Taken>,
    ) -> Result<Vec<Received>, Fault> {
        let snapshot = self.snapshot()?;
        let mut received = Vec::with_capacity(taken.len());
        for (sequence, entry) in taken {
            let row = snapshot.get(keys::BODIES, &keys::message(store_id, sequence));
            let row = row.map_err(|error| faults::store(&error))?;
            // A purge may have swept it away meanwhile.
            let Some(message) = row.as_deref().and_then(Message::decode) else {
                continue;
            };
            let receipt = Receipt {
                store_id,
                sequence,
                receive: entry.receive_count,
            };
            received.push(Received {
                message,
                handle: receipt.handle(&queue.arn),
                entry,
            });
        }
        Ok(received)
    }
}

/// Takes what may be received now out of the index: messages, counted as received, and dead letters.
fn take(
    queue: &Queue,
    state: &mut State,
    want: &Want,
    redrive: Option<&Redrive>,
    now: i64,
) -> Result<(Vec<Taken>, Vec<Taken>), Fault> {
    let (mut taken, mut dead) = (Vec::new(), Vec::new());
    let in_flight = state.index.counts().in_flight;
    while taken.len() < want.messages_max && dead.len() < DEAD_MAX {
        let Some(sequence) = state.index.peek() else {
            break;
        };
        if in_flight.saturating_add(taken.len()) >= IN_FLIGHT_MAX {
            if taken.is_empty() && !queue.is_fifo() {
                return Err(faults::over_limit());
            }
            break;
        }
        let Some(mut entry) = state.index.take(sequence) else {
            break;
        };
        if redrive.is_some_and(|redrive| entry.receive_count >= redrive.receives_max) {
            dead.push((sequence, entry));
            continue;
        }
        entry.receive_count = entry.receive_count.saturating_add(1);
        if entry.receive_count == 1 {
            entry.first_received_at = now;
        }
        entry.visible_at = visible_at(want, now);
        taken.push((sequence, entry));
    }
    Ok((taken, dead))
}

/// The messages of an attempt that is made again, where all of them are still in flight.
fn repeat(state: &mut State, want: &Want, now: i64) -> Option<Vec<Taken>> {
    let State {
        attempts, index, ..
    } = state;
    let attempt = attempts.get(want.attempt.as_ref()?)?;
    let mut taken = Vec::new();
    for (sequence, receive_count) in &attempt.taken {
        let entry = index.find(*sequence)?;
        if entry.receive_count != *receive_count || entry.visible_at <= now {
            return None;
        }
        taken.push((*sequence, entry.clone()));
    }
    for (sequence, entry) in &mut taken {
        index.remove(*sequence);
        entry.visible_at = visible_at(want, now);
    }
    Some(taken)
}

fn visible_at(want: &Want, now: i64) -> i64 {
    now.saturating_add(want.visibility_seconds.saturating_mul(1000))
}

/// The receive was not kept: its messages are visible at once.
fn return_to_queue(queue: &Queue, taken: &[(u64, u32)], now: i64) {
    let mut state = queue.lock();
    for (sequence, receive_count) in taken {
        let same = state.index.find(*sequence);
        if same.is_some_and(|entry| entry.receive_count == *receive_count)
            && let Some(mut entry) = state.index.remove(*sequence)
        {
            entry.visible_at = now;
            state.index.insert(*sequence, entry, now);
        }
    }
}
