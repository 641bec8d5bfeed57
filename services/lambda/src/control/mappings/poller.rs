//! What is at work for one mapping.

use std::sync::Arc;
use std::time::Duration;

use passo_json::{Json, Object};
use passo_runtime::InFlight;
use passo_service::{Fault, Peers};
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::event;
use super::mapping::Mapping;
use super::queue::CALL_MESSAGES_MAX;
use super::response;
use crate::invocation::REQUEST_BYTES_MAX;

/// How long one receive waits for messages. Source: SQS API Reference, `WaitTimeSeconds`.
const WAIT_SECONDS_MAX: u64 = 20;
/// How long a poller waits after a failure of the queue; each time twice as long.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));
/// Pauses before a batch is tried again for which the function had no room. After the last one, its messages come back
/// when they are visible again.
const ROOM_PAUSES_SECONDS: [u64; 4] = [1, 2, 4, 8];

/// Takes messages and invokes a function with them.
pub(super) struct Poller {
    pub(super) mapping: Mapping,
    pub(super) peers: Peers,
    pub(super) in_flight: InFlight,
}

impl Poller {
    /// Works until `stop` changes. What is at work then goes on to its end.
    pub(super) async fn run(self: Arc<Poller>, mut stop: watch::Receiver<()>) {
        let places = Arc::new(Semaphore::new(self.mapping.concurrency));
        let mut pause = PAUSES.0;
        loop {
            // A message is not taken before there is somebody to work on it.
            let next = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (place, self.gather().await)
            };
            let (place, gathered) = tokio::select! {
                _ = stop.changed() => return,
                next = next => next,
            };
            match gathered {
                Ok(messages) => {
                    pause = PAUSES.0;
                    let under_way = self.in_flight.begin();
                    let poller = Arc::clone(&self);
                    tokio::spawn(async move {
                        poller.work(&messages).await;
                        drop((place, under_way));
                    });
                }
                Err(_) => {
                    drop(place);
                    tokio::select! {
                        _ = stop.changed() => return,
                        () = tokio::time::sleep(pause) => {}
                    }
                    pause = pause.saturating_mul(2).min(PAUSES.1);
                }
            }
        }
    }

    /// Waits for messages, at least one, and gathers as many as may be until the window ends.
    async fn gather(&self) -> Result<Vec<Json>, Fault> {
        let Mapping {
            source,
            batch_size,
            window_seconds,
            ..
        } = &self.mapping;
        let mut messages = Vec::new();
        let mut end = None;
        loop {
            let left = batch_size.saturating_sub(messages.len());
            let wait = match end {
                None => WAIT_SECONDS_MAX,
                Some(end) => seconds_until(end).min(WAIT_SECONDS_MAX),
            };
            let wait = i64::try_from(wait).unwrap_or(0);
            let received = source
                .receive(&self.peers, left.min(CALL_MESSAGES_MAX), wait)
                .await;
            match received {
                Ok(received) => messages.extend(received),
                // What was gathered is worked on; the failure shows again.
                Err(_) if !messages.is_empty() => return Ok(messages),
                Err(fault) => return Err(fault),
            }
            if messages.is_empty() {
                continue;
            }
            let window = Duration::from_secs(*window_seconds);
            let end = *end.get_or_insert_with(|| Instant::now() + window);
            if messages.len() >= *batch_size || Instant::now() >= end {
                return Ok(messages);
            }
        }
    }

    /// Invokes the function with the messages that it wants, and deletes what is done with.
    async fn work(&self, messages: &[Json]) {
        let Mapping {
            source, filters, ..
        } = &self.mapping;
        let records = messages.iter().map(|message| source.record(message));
        let (wanted, unwanted): (Vec<Object>, Vec<Object>) =
            records.partition(|record| filters.want(record));
        source.delete(&self.peers, &unwanted).await;
        for records in event::batches(wanted, REQUEST_BYTES_MAX) {
            let Ok(answer) = self.invoke(&records).await else {
                continue;
            };
            let done = response::done(records, &answer, self.mapping.reports_items);
            source.delete(&self.peers, &done).await;
        }
    }

    /// Invokes the function, again where it has no room for now.
    async fn invoke(&self, records: &[Object]) -> Result<Json, Fault> {
        let mut pauses = ROOM_PAUSES_SECONDS.into_iter();
        loop {
            let answer = event::invoke(&self.peers, &self.mapping.function, records).await;
            match (&answer, pauses.next()) {
                (Err(fault), Some(pause)) if fault.status == 429 => {
                    tokio::time::sleep(Duration::from_secs(pause)).await;
                }
                _ => return answer,
            }
        }
    }
}

/// Whole seconds until `end`, rounded up.
fn seconds_until(end: Instant) -> u64 {
    let left = end.saturating_duration_since(Instant::now());
    left.as_secs()
        .saturating_add(u64::from(left.subsec_nanos() > 0))
}
