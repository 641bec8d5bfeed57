//! Working on gathered records: lanes, attempts, and what is given up.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use passo_json::{Json, Object};
use passo_vocab::Timestamp;
use tokio::task::JoinSet;

use super::super::event;
use super::attempt::{Attempt, Next};
use super::checkpoint::Checkpoint;
use super::letter::{Letter, Reason};
use super::poller::StreamPoller;
use super::source::sequence;
use crate::invocation::REQUEST_BYTES_MAX;

/// Pauses before a batch is tried again; each time twice as long.
const PAUSES: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(60));

/// What is left to do of one lane's batch.
struct Lane<'a> {
    shard: &'a str,
    /// Whether it is the only one: then every record that is done with is remembered.
    is_alone: bool,
    pause: Duration,
    answer: Option<Json>,
}

impl StreamPoller {
    /// Works on records until they are done with, or given up. `false` where the mapping was stopped before that.
    pub(super) async fn work(self: Arc<StreamPoller>, shard: &str, records: Vec<Object>) -> bool {
        if self.mapping.lanes == 1 {
            return self.lane(shard, records, true).await;
        }
        let mut lanes: Vec<Vec<Object>> = vec![Vec::new(); self.mapping.lanes];
        for record in records {
            let lane = lane_of(&record, self.mapping.lanes);
            if let Some(lane) = lanes.get_mut(lane) {
                lane.push(record);
            }
        }
        let mut at_work = JoinSet::new();
        for lane in lanes.into_iter().filter(|lane| !lane.is_empty()) {
            let (poller, shard) = (Arc::clone(&self), shard.to_owned());
            at_work.spawn(async move { poller.lane(&shard, lane, false).await });
        }
        let mut all = true;
        while let Some(ended) = at_work.join_next().await {
            all &= ended.unwrap_or(false);
        }
        all
    }

    async fn lane(&self, shard: &str, records: Vec<Object>, is_alone: bool) -> bool {
        let mut lane = Lane {
            shard,
            is_alone,
            pause: PAUSES.0,
            answer: None,
        };
        let chunks = records.chunks(self.mapping.batch_size);
        let batches = chunks.flat_map(|chunk| event::batches(chunk.to_vec(), REQUEST_BYTES_MAX));
        for records in batches {
            if !self.batch(&mut lane, Attempt { records, failed: 0 }).await {
                return false;
            }
        }
        true
    }

    /// Tries a batch, and its parts, until they are done with. `false` where the mapping was stopped before that.
    async fn batch(&self, lane: &mut Lane<'_>, batch: Attempt) -> bool {
        let mut left = vec![batch];
        while let Some(mut attempt) = left.pop() {
            let old = self.mapping.policy.too_old(&attempt.records, now_seconds());
            if old > 0 {
                let rest = attempt.records.split_off(old);
                if !self.give_up(lane, &attempt, Reason::TooOld).await {
                    return false;
                }
                attempt.records = rest;
            }
            if attempt.records.is_empty() {
                continue;
            }
            let invoked = {
                let _under_way = self.parts.in_flight.begin();
                let function = &self.mapping.function;
                event::invoke(&self.parts.peers, function, &attempt.records).await
            };
            let Ok(answer) = invoked else {
                // There is no room, or nobody to invoke: that is no attempt.
                self.wait(lane).await;
                left.push(attempt);
                if self.is_stopped() {
                    return false;
                }
                continue;
            };
            let records = attempt.records.clone();
            let next = self.mapping.policy.after(attempt, &answer);
            lane.answer = Some(answer);
            if !self.take(lane, &records, next, &mut left).await {
                return false;
            }
        }
        true
    }

    /// Does what comes next.
    async fn take(
        &self,
        lane: &mut Lane<'_>,
        records: &[Object],
        next: Next,
        left: &mut Vec<Attempt>,
    ) -> bool {
        let done = match &next {
            Next::Done => records.len(),
            Next::Split { done, .. } | Next::Again { done, .. } | Next::GiveUp { done, .. } => {
                *done
            }
        };
        self.done(lane, records.get(..done).unwrap_or_default());
        match next {
            Next::Done => lane.pause = PAUSES.0,
            Next::Split { rest, .. } => left.extend(rest.into_iter().rev()),
            Next::Again { rest, .. } => {
                self.wait(lane).await;
                left.push(rest);
            }
            Next::GiveUp { rest, .. } => {
                lane.pause = PAUSES.0;
                return self.give_up(lane, &rest, Reason::RetriesExhausted).await;
            }
        }
        !self.is_stopped() || left.is_empty()
    }

    /// Tells the destination of failures, durably, that these records are given up.
    async fn give_up(&self, lane: &Lane<'_>, attempt: &Attempt, reason: Reason) -> bool {
        let letter = Letter {
            mapping: &self.mapping,
            shard: lane.shard,
            records: &attempt.records,
            reason,
            invocations: attempt.failed,
            answer: lane.answer.as_ref(),
        };
        if let Some(delivery) = letter.delivery(now()) {
            while self.parts.outbox.send(vec![delivery.clone()]).is_err() {
                self.pause(PAUSES.1).await;
                if self.is_stopped() {
                    return false;
                }
            }
        }
        self.done(lane, &attempt.records);
        true
    }

    /// These records come no more.
    fn done(&self, lane: &Lane<'_>, records: &[Object]) {
        let last = records.last().and_then(sequence);
        if let (true, Some(last)) = (lane.is_alone, last) {
            self.remember(lane.shard, &Checkpoint::After(last.to_owned()));
        }
    }

    async fn wait(&self, lane: &mut Lane<'_>) {
        self.pause(lane.pause).await;
        lane.pause = lane.pause.saturating_mul(2).min(PAUSES.1);
    }
}

/// The lane of a record: that of its item, so that changes of one item stay in order.
fn lane_of(record: &Object, lanes: usize) -> usize {
    let keys = record.get("dynamodb").and_then(|change| change.get("Keys"));
    let mut hasher = DefaultHasher::new();
    keys.map(Json::to_text).hash(&mut hasher);
    let lanes = u64::try_from(lanes).unwrap_or(1).max(1);
    usize::try_from(hasher.finish() % lanes).unwrap_or(0)
}

/// The machine's time: streams say in it when a record was made.
fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_epoch_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
fn now_seconds() -> f64 {
    now().epoch_millis() as f64 / 1000.0
}
