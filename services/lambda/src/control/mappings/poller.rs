//! What is at work for one mapping.

use std::sync::Arc;
use std::time::Duration;

use passo_json::{Json, Object, ObjectBuilder};
use passo_runtime::InFlight;
use passo_service::{Call, Caller, Fault, Peers, RequestId};
use passo_vocab::{AccountId, Region};
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::mapping::Mapping;
use super::queue::CALL_MESSAGES_MAX;
use super::response;
use crate::invocation::REQUEST_BYTES_MAX;

/// How long one receive waits for messages. Source: SQS API Reference, `WaitTimeSeconds`.
const WAIT_SECONDS_MAX: u64 = 20;
/// What a record may take in an event besides its text.
const RECORD_BYTES: usize = 1;
/// `{"Records":[]}`.
const EVENT_BYTES: usize = 14;
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
        for records in batches(wanted, REQUEST_BYTES_MAX) {
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
            let answer = self.invoke_once(records).await;
            match (&answer, pauses.next()) {
                (Err(fault), Some(pause)) if fault.status == 429 => {
                    tokio::time::sleep(Duration::from_secs(pause)).await;
                }
                _ => return answer,
            }
        }
    }

    async fn invoke_once(&self, records: &[Object]) -> Result<Json, Fault> {
        let function = &self.mapping.function;
        let nobody = || Fault::service("The ARN of the function cannot be used.");
        let records: Vec<Json> = records.iter().cloned().map(Json::from).collect();
        let mut event = ObjectBuilder::new();
        event.insert("Records", records);
        let mut parameters = ObjectBuilder::new();
        parameters
            .insert("FunctionName", function.as_str())
            .insert("InvocationType", "RequestResponse")
            .insert("Payload", Json::from(event.build()).to_text());
        let call = Call {
            operation: "Invoke".into(),
            parameters: Json::from(parameters.build()),
            caller: Caller {
                account: AccountId::parse(function.account()).map_err(|_| nobody())?,
                region: Region::parse(function.region()).map_err(|_| nobody())?,
            },
            request_id: RequestId::new(crate::entropy::random_uuid()),
        };
        self.peers.call("lambda", call).await
    }
}

/// Whole seconds until `end`, rounded up.
fn seconds_until(end: Instant) -> u64 {
    let left = end.saturating_duration_since(Instant::now());
    left.as_secs()
        .saturating_add(u64::from(left.subsec_nanos() > 0))
}

/// The records in order, in batches whose events have at most `bytes_max` bytes. A record that is larger goes alone.
fn batches(records: Vec<Object>, bytes_max: usize) -> Vec<Vec<Object>> {
    let mut batches: Vec<Vec<Object>> = Vec::new();
    let mut bytes = usize::MAX;
    for record in records {
        let size = Json::from(record.clone())
            .text_bytes()
            .saturating_add(RECORD_BYTES);
        bytes = bytes.saturating_add(size);
        match batches.last_mut() {
            Some(batch) if bytes <= bytes_max => batch.push(record),
            Some(_) | None => {
                bytes = EVENT_BYTES.saturating_add(size);
                batches.push(vec![record]);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn batches_are_no_larger_than_an_event_may_be() {
        let record = |_| json!({"a": "b"}).as_object().unwrap().clone();
        let records: Vec<Object> = (0..5).map(record).collect();
        let sizes = |bytes_max: usize| -> Vec<usize> {
            let batches = batches(records.clone(), bytes_max);
            batches.iter().map(Vec::len).collect()
        };
        // A record is nine bytes and a comma; an event is fourteen besides.
        for (bytes_max, expect) in [
            (64, vec![5]),
            (44, vec![3, 2]),
            (43, vec![2, 2, 1]),
            (1, vec![1; 5]),
        ] {
            assert_eq!(sizes(bytes_max), expect, "{bytes_max}");
        }
        assert!(batches(Vec::new(), 1).is_empty());
    }
}
