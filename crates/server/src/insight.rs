//! How workflows do: starts, ends, durations, transitions, of the last day.
//!
//! It counts what it hears, in bounded memory. What ended before the server started is read once, as far as it is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use passo_asl::program::Program;
use passo_engine::{Event, EventKind, ExecutionHeader};
use passo_json::{Json, ObjectBuilder, json};
use passo_runtime::{ExecutionStatus, Listener, Summary};
use passo_service::Caller;
use passo_vocab::Timestamp;

/// Workflows that are counted; further ones are not.
const WORKFLOWS_MAX: usize = 5_000;
/// Milliseconds that one count is for, and how many of them make a day.
const BUCKET_MILLIS: i64 = 30 * 60 * 1000;
const BUCKETS: i64 = 48;
/// Durations of a workflow's executions that percentiles are taken of: the newest.
const DURATIONS: usize = 512;

/// Counts of every workflow.
#[derive(Default)]
pub(crate) struct Insight(Mutex<State>);

#[derive(Default)]
struct State {
    workflows: BTreeMap<Arc<str>, Counts>,
    recovered: BTreeSet<Caller>,
}

#[derive(Default)]
struct Counts {
    /// By their number since 1970.
    buckets: BTreeMap<i64, Bucket>,
    durations: Vec<u64>,
    /// Where the next duration goes.
    next_duration: usize,
    last: Option<Timestamp>,
}

#[derive(Clone, Copy, Default)]
struct Bucket {
    started: u32,
    succeeded: u32,
    failed: u32,
    transitions: u32,
}

impl Insight {
    /// Whether what ended before the start is to be read for `caller`: once.
    pub(crate) fn must_recover(&self, caller: &Caller) -> bool {
        self.with(|state| state.recovered.insert(caller.clone()))
    }

    /// Counts an execution that ended before the server started.
    pub(crate) fn recover(&self, summary: &Summary) {
        let Some(stopped_at) = summary.stopped_at else {
            return;
        };
        self.count(&summary.state_machine_arn, |counts| {
            counts.at(summary.started_at).started += 1;
            counts.end(
                summary.started_at,
                stopped_at,
                summary.status == ExecutionStatus::Succeeded,
            );
        });
    }

    /// What is known of workflows, at `now`.
    pub(crate) fn shown(&self, workflows: &[Arc<str>], now: Timestamp) -> Vec<Json> {
        self.with(|state| {
            let shown = |arn: &Arc<str>| match state.workflows.get_mut(arn) {
                Some(counts) => counts.shown(arn, now),
                None => Counts::default().shown(arn, now),
            };
            workflows.iter().map(shown).collect()
        })
    }

    fn count(&self, workflow: &Arc<str>, change: impl FnOnce(&mut Counts)) {
        self.with(|state| {
            if let Some(counts) = state.workflows.get_mut(workflow) {
                change(counts);
            } else if state.workflows.len() < WORKFLOWS_MAX {
                change(state.workflows.entry(Arc::clone(workflow)).or_default());
            }
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Listener for Insight {
    fn recorded(&self, header: &Arc<ExecutionHeader>, _: &Arc<Program>, events: &[Event]) {
        // Children of a Map run are their Map's affair.
        if header.map_run.is_some() {
            return;
        }
        let Some(at) = events.last().map(|event| event.at) else {
            return;
        };
        let count = |is: fn(&EventKind) -> bool| {
            let counted = events.iter().filter(|event| is(&event.kind)).count();
            u32::try_from(counted).unwrap_or(u32::MAX)
        };
        let started = count(|kind| matches!(kind, EventKind::ExecutionStarted { .. }));
        let transitions = count(|kind| {
            matches!(
                kind,
                EventKind::StateEntered { .. } | EventKind::RetryScheduled { .. }
            )
        });
        let end = events
            .iter()
            .find_map(|event| is_success(&event.kind).map(|is_success| (event.at, is_success)));
        self.count(&header.state_machine_arn, |counts| {
            let bucket = counts.at(at);
            bucket.started = bucket.started.saturating_add(started);
            bucket.transitions = bucket.transitions.saturating_add(transitions);
            if started > 0 {
                counts.last = Some(header.started_at);
            }
            if let Some((stopped_at, is_success)) = end {
                counts.end(header.started_at, stopped_at, is_success);
            }
        });
    }
}

/// Whether an execution that ends with this event ends well; `None` where it does not end.
fn is_success(kind: &EventKind) -> Option<bool> {
    match kind {
        EventKind::ExecutionSucceeded { .. } => Some(true),
        EventKind::ExecutionFailed(_)
        | EventKind::ExecutionTimedOut(_)
        | EventKind::ExecutionAborted(_) => Some(false),
        _ => None,
    }
}

impl Counts {
    fn at(&mut self, time: Timestamp) -> &mut Bucket {
        let number = time.epoch_millis().div_euclid(BUCKET_MILLIS);
        self.forget(number);
        self.buckets.entry(number).or_default()
    }

    /// Forgets what is older than a day at the time of the bucket `now`.
    fn forget(&mut self, now: i64) {
        while let Some(first) = self
            .buckets
            .first_entry()
            .filter(|first| *first.key() <= now - BUCKETS)
        {
            first.remove();
        }
    }

    fn end(&mut self, started_at: Timestamp, stopped_at: Timestamp, is_success: bool) {
        let bucket = self.at(stopped_at);
        let ends = if is_success {
            &mut bucket.succeeded
        } else {
            &mut bucket.failed
        };
        *ends = ends.saturating_add(1);
        self.last = self.last.max(Some(started_at));
        let millis = u64::try_from(stopped_at.millis_since(started_at)).unwrap_or_default();
        match self.durations.get_mut(self.next_duration) {
            Some(duration) => *duration = millis,
            None => self.durations.push(millis),
        }
        self.next_duration = (self.next_duration + 1) % DURATIONS;
    }

    fn shown(&mut self, arn: &Arc<str>, now: Timestamp) -> Json {
        let current = now.epoch_millis().div_euclid(BUCKET_MILLIS);
        self.forget(current);
        let sum = |of: fn(&Bucket) -> u32| {
            self.buckets
                .values()
                .map(|bucket| i64::from(of(bucket)))
                .sum::<i64>()
        };
        let mut durations = self.durations.clone();
        durations.sort_unstable();
        let buckets = (current - BUCKETS + 1..=current).map(|number| {
            let bucket = self.buckets.get(&number).copied().unwrap_or_default();
            let at = Timestamp::from_epoch_millis(number.saturating_mul(BUCKET_MILLIS));
            json!({"at": at.to_string(), "succeeded": bucket.succeeded, "failed": bucket.failed})
        });
        let mut shown = ObjectBuilder::new();
        shown
            .insert("workflow", arn.rsplit(':').next().unwrap_or_default())
            .insert("stateMachineArn", Arc::clone(arn))
            .insert("started", sum(|bucket| bucket.started))
            .insert("succeeded", sum(|bucket| bucket.succeeded))
            .insert("failed", sum(|bucket| bucket.failed))
            .insert("transitions", sum(|bucket| bucket.transitions))
            .insert_some("p50", percentile(&durations, 50))
            .insert_some("p95", percentile(&durations, 95))
            .insert_some("last", self.last.map(|last| last.to_string()))
            .insert("buckets", buckets.collect::<Vec<_>>());
        Json::from(shown.build())
    }
}

/// The nearest-rank percentile of durations in rising order.
pub(crate) fn percentile(sorted: &[u64], share: usize) -> Option<i64> {
    let rank = (sorted.len() * share).div_ceil(100).max(1);
    let millis = sorted.get(rank - 1)?;
    i64::try_from(*millis).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let durations: Vec<u64> = (1..=100).collect();
        assert_eq!(percentile(&durations, 50), Some(50));
        assert_eq!(percentile(&durations, 95), Some(95));
        assert_eq!(percentile(&[7], 95), Some(7));
        assert_eq!(percentile(&[], 50), None);
    }

    #[test]
    fn a_day_is_kept_and_no_more() {
        let at = |bucket: i64| Timestamp::from_epoch_millis(bucket * BUCKET_MILLIS);
        let mut counts = Counts::default();
        for bucket in 1000..1200 {
            counts.end(at(bucket), at(bucket), bucket % 2 == 0);
        }
        let shown = counts.shown(&Arc::from("a:b:c"), at(1199));
        let number = |member: &str| shown.get(member).and_then(Json::as_i64);
        assert_eq!(
            (number("succeeded"), number("failed")),
            (Some(24), Some(24))
        );
        assert_eq!(
            shown
                .get("buckets")
                .and_then(Json::as_array)
                .map(|buckets| buckets.len()),
            Some(48)
        );
        assert_eq!(shown.get("workflow"), Some(&Json::from("c")));
    }

    #[test]
    fn durations_are_the_newest() {
        let mut counts = Counts::default();
        for millis in 0..2000 {
            let stopped_at = Timestamp::from_epoch_millis(millis);
            counts.end(Timestamp::default(), stopped_at, true);
        }
        assert_eq!(counts.durations.len(), DURATIONS);
        assert!(counts.durations.iter().all(|millis| *millis >= 2000 - 512));
    }
}
