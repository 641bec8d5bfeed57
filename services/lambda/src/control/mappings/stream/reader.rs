//! Reading one shard, batch by batch.

use std::sync::Arc;
use std::time::Duration;

use passo_json::Object;
use passo_service::Fault;
use tokio::time::Instant;

use super::checkpoint::Checkpoint;
use super::poller::StreamPoller;
use super::source::sequence;

/// How long a reader waits where there is nothing new; each time half as long again.
const IDLE_PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(250));
/// How long it waits after a failure of the stream; each time twice as long.
const FAILURE_PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// Where a reader is.
struct Place<'a> {
    shard: &'a str,
    /// Everything up to here was worked on, or is in the batch that is being gathered.
    checkpoint: Option<Checkpoint>,
    /// None where it has to be asked for.
    iterator: Option<String>,
    /// The shard is closed, and has nothing more.
    ended: bool,
}

impl StreamPoller {
    /// Works on a shard until it ends, or the mapping is stopped.
    pub(super) async fn read(self: Arc<StreamPoller>, shard: &str, from: Option<Checkpoint>) {
        let mut place = Place {
            shard,
            checkpoint: from,
            iterator: None,
            ended: false,
        };
        let mut pause = FAILURE_PAUSES.0;
        while !place.ended && !self.is_stopped() {
            let mut stop = self.stop.clone();
            let gathered = tokio::select! {
                _ = stop.changed() => return,
                gathered = self.gather(&mut place) => gathered,
            };
            match gathered {
                Ok(records) => {
                    pause = FAILURE_PAUSES.0;
                    if !Arc::clone(&self).work(shard, records).await {
                        return;
                    }
                    if let Some(checkpoint) = &place.checkpoint {
                        self.remember(shard, checkpoint);
                    }
                }
                Err(fault) => {
                    place.lose(&fault);
                    self.pause(pause).await;
                    pause = pause.saturating_mul(2).min(FAILURE_PAUSES.1);
                }
            }
        }
        if place.ended {
            self.remember(shard, &Checkpoint::Finished);
        }
    }

    /// Waits for records that the function wants, at least one unless the shard ends, and gathers as many as may be until
    /// the window ends.
    async fn gather(&self, place: &mut Place<'_>) -> Result<Vec<Object>, Fault> {
        let mapping = &self.mapping;
        let most = mapping.batch_size.saturating_mul(mapping.lanes);
        let mut wanted: Vec<Object> = Vec::new();
        let mut end = None;
        let mut idle = IDLE_PAUSES.0;
        loop {
            let read = self
                .read_once(place, most.saturating_sub(wanted.len()))
                .await;
            let read = match read {
                Ok(read) => read,
                // What was gathered is worked on; the failure shows again.
                Err(_) if !wanted.is_empty() => return Ok(wanted),
                Err(fault) => return Err(fault),
            };
            let is_new = !read.is_empty();
            if is_new {
                idle = IDLE_PAUSES.0;
            }
            wanted.extend(
                read.into_iter()
                    .filter(|record| mapping.filters.want(record)),
            );
            if place.ended {
                return Ok(wanted);
            }
            if !wanted.is_empty() {
                let end = *end.get_or_insert_with(|| Instant::now() + mapping.window);
                if wanted.len() >= most || Instant::now() >= end {
                    return Ok(wanted);
                }
            } else if is_new {
                // Nobody wants these: they need not be read again.
                if let Some(checkpoint) = &place.checkpoint {
                    self.remember(place.shard, checkpoint);
                }
            }
            if !is_new {
                tokio::time::sleep(idle).await;
                idle = idle
                    .saturating_mul(3)
                    .checked_div(2)
                    .unwrap_or(idle)
                    .min(IDLE_PAUSES.1);
            }
        }
    }

    async fn read_once(&self, place: &mut Place<'_>, count: usize) -> Result<Vec<Object>, Fault> {
        let (stream, peers) = (&self.mapping.stream, &self.parts.peers);
        let iterator = match place.iterator.clone() {
            Some(iterator) => iterator,
            None => {
                let checkpoint = place.checkpoint.as_ref();
                stream.begin(peers, place.shard, checkpoint).await?
            }
        };
        let read = stream.read(peers, &iterator, count).await?;
        if let Some(last) = read.records.last().and_then(sequence) {
            place.checkpoint = Some(Checkpoint::After(last.to_owned()));
        }
        place.ended = read.next.is_none();
        place.iterator = read.next;
        Ok(read.records)
    }
}

impl Place<'_> {
    /// What a failure of the stream means for the place: an iterator is asked for anew, and where records are gone, with
    /// the oldest that there is.
    fn lose(&mut self, fault: &Fault) {
        self.iterator = None;
        let is_trimmed = fault.code == "TrimmedDataAccessException";
        let is_expired = fault.code == "ExpiredIteratorException";
        let is_iterator = matches!(self.checkpoint, Some(Checkpoint::At(_)));
        if is_trimmed || (is_expired && is_iterator) {
            self.checkpoint = None;
        }
    }
}
