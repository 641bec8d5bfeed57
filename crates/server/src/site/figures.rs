//! How one workflow does: rates, durations, and where its time goes.
//!
//! Everything is counted from what is kept, newest first, up to a bound; the answer says how much was looked at.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use passo_engine::{Event, EventKind, FrameId};
use passo_json::{Json, ObjectBuilder, json};
use passo_runtime::{ExecutionStatus, Summary};
use passo_vocab::Timestamp;

use super::Refusal;
use super::backstage::Asked;
use super::executions::{self, Search, number};
use super::journal::Journal;
use super::query::Query;
use crate::audience::Audience;
use crate::insight::percentile;

/// Stretches of time that are counted apart.
const BUCKETS: usize = 48;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// Ended executions whose journals are read, the newest.
const JOURNALS_MAX: usize = 200;
/// Events that are read, so that few long executions cost no more than many short ones.
const EVENTS_MAX: usize = 100_000;

/// Figures of the workflow that the query names, since a time.
pub(super) async fn answer(
    audience: &Audience,
    query: &Query,
    asked: &Asked,
    now: Timestamp,
) -> Result<Json, Refusal> {
    let name = query.required("workflow")?.to_owned();
    let search = Search::of(query)?;
    let since = search.since().unwrap_or(now.plus_millis(-DAY_MILLIS));
    let parents = executions::parents(&audience.backstage, query, asked).await?;
    if parents.is_empty() {
        return Err(Refusal::missing(format!("there is no workflow `{name}`")));
    }
    let runtime = audience.backstage.runtime()?.clone();
    let definitions = Arc::clone(&audience.definitions);
    let reading = tokio::task::spawn_blocking(move || {
        let mut figures = Figures::new(since, now);
        let mut heat = Heat::default();
        let outcome = search.since_at_least(since).run(
            &runtime,
            parents,
            None,
            usize::MAX,
            &mut |summary| {
                figures.count(summary);
                let has_ended = summary.stopped_at.is_some();
                if has_ended && heat.journals < JOURNALS_MAX && heat.events < EVENTS_MAX {
                    let journal = Journal::read(&runtime, &definitions, &summary.execution_arn)?;
                    journal.iter().for_each(|journal| heat.take(journal));
                }
                Ok(ControlFlow::Continue(true))
            },
        )?;
        let mut shown = ObjectBuilder::new();
        shown
            .insert("workflow", name)
            .insert("since", since.to_string())
            .insert("until", now.to_string())
            .insert("lookedAt", number(outcome.looked_at))
            .insert("complete", outcome.is_complete)
            .insert("journals", number(heat.journals));
        figures.show(&mut shown);
        shown.insert("states", heat.shown());
        Ok(Json::from(shown.build()))
    });
    reading.await.map_err(|_| Refusal::unavailable())?
}

#[derive(Clone, Default)]
struct Bucket {
    started: usize,
    /// Ends, in the order of [`ENDS`].
    ends: [usize; 4],
    durations: Vec<u64>,
}

const ENDS: [(ExecutionStatus, &str); 4] = [
    (ExecutionStatus::Succeeded, "succeeded"),
    (ExecutionStatus::Failed, "failed"),
    (ExecutionStatus::TimedOut, "timedOut"),
    (ExecutionStatus::Aborted, "aborted"),
];

struct Figures {
    since: Timestamp,
    millis: i64,
    running: usize,
    buckets: Vec<Bucket>,
}

impl Figures {
    fn new(since: Timestamp, until: Timestamp) -> Figures {
        let buckets = i64::try_from(BUCKETS).unwrap_or(1);
        Figures {
            since,
            millis: (until.millis_since(since).max(buckets) + buckets - 1) / buckets,
            running: 0,
            buckets: vec![Bucket::default(); BUCKETS],
        }
    }

    fn at(&mut self, time: Timestamp) -> Option<&mut Bucket> {
        let index = time.millis_since(self.since).div_euclid(self.millis);
        // What comes while this is read belongs to the last.
        let index = usize::try_from(index).ok()?.min(BUCKETS - 1);
        self.buckets.get_mut(index)
    }

    fn count(&mut self, summary: &Summary) {
        if let Some(bucket) = self.at(summary.started_at) {
            bucket.started += 1;
        }
        let Some(stopped_at) = summary.stopped_at else {
            self.running += 1;
            return;
        };
        let millis = stopped_at.millis_since(summary.started_at);
        let millis = u64::try_from(millis).unwrap_or_default();
        if let Some(bucket) = self.at(stopped_at) {
            for ((status, _), count) in ENDS.iter().zip(&mut bucket.ends) {
                *count += usize::from(*status == summary.status);
            }
            bucket.durations.push(millis);
        }
    }

    fn show(mut self, shown: &mut ObjectBuilder) {
        let mut durations: Vec<u64> = Vec::new();
        let mut sums = Bucket::default();
        let mut buckets = Vec::new();
        for (bucket, index) in self.buckets.iter_mut().zip(0_i64..) {
            bucket.durations.sort_unstable();
            durations.extend(&bucket.durations);
            sums.started += bucket.started;
            for (sum, count) in sums.ends.iter_mut().zip(bucket.ends) {
                *sum += count;
            }
            let at = self.since.plus_millis(index.saturating_mul(self.millis));
            let mut one = ObjectBuilder::new();
            one.insert("at", at.to_string());
            one.insert("started", number(bucket.started));
            show_ends(&mut one, &bucket.ends);
            one.insert_some("p50", percentile(&bucket.durations, 50));
            one.insert_some("p95", percentile(&bucket.durations, 95));
            buckets.push(Json::from(one.build()));
        }
        durations.sort_unstable();
        shown.insert("started", number(sums.started));
        show_ends(shown, &sums.ends);
        shown
            .insert("running", number(self.running))
            .insert_some("p50", percentile(&durations, 50))
            .insert_some("p95", percentile(&durations, 95))
            .insert_some("max", percentile(&durations, 100))
            .insert("bucketMillis", self.millis)
            .insert("buckets", buckets)
            .insert("histogram", histogram(&durations));
    }
}

fn show_ends(shown: &mut ObjectBuilder, ends: &[usize; 4]) {
    for ((_, name), count) in ENDS.iter().zip(ends) {
        shown.insert(*name, number(*count));
    }
}

/// How many durations lie between the steps 1, 2, 5, 10 … of milliseconds.
fn histogram(sorted: &[u64]) -> Vec<Json> {
    let (Some(least), Some(most)) = (sorted.first(), sorted.last()) else {
        return Vec::new();
    };
    let mut columns = Vec::new();
    let (mut from, mut scale) = (0_u64, 1_u64);
    let mut left = sorted;
    loop {
        for step in [1, 2, 5] {
            let to = scale.saturating_mul(step);
            let (inside, rest) = left.split_at(left.partition_point(|millis| *millis < to));
            left = rest;
            if to > *least {
                let millis = |value| i64::try_from(value).unwrap_or(i64::MAX);
                columns.push(
                    json!({"from": millis(from), "to": millis(to), "count": number(inside.len())}),
                );
            }
            from = to;
            if to > *most || to == u64::MAX {
                return columns;
            }
        }
        scale = scale.saturating_mul(10);
    }
}

/// Where time goes and what goes wrong, by state.
#[derive(Default)]
struct Heat {
    journals: usize,
    events: usize,
    millis: i64,
    states: BTreeMap<Arc<str>, StateHeat>,
}

#[derive(Default)]
struct StateHeat {
    visits: usize,
    failures: usize,
    retries: usize,
    millis: i64,
    durations: Vec<u64>,
}

impl Heat {
    fn take(&mut self, journal: &Journal) {
        self.journals += 1;
        self.events += journal.events.len();
        let mut open: BTreeMap<FrameId, (Arc<str>, Timestamp)> = BTreeMap::new();
        for event in &journal.events {
            match &event.kind {
                EventKind::StateEntered { state, .. } => {
                    self.leave(&mut open, event);
                    if let Some(state) = journal.program.state(*state) {
                        let name = state.name.shared();
                        self.states.entry(Arc::clone(&name)).or_default().visits += 1;
                        open.insert(event.frame, (name, event.at));
                    }
                }
                EventKind::StateExited { .. }
                | EventKind::StateAborted
                | EventKind::FrameAborted => {
                    self.leave(&mut open, event);
                }
                kind if is_failure(kind) => {
                    self.change(&open, event.frame, |heat| heat.failures += 1);
                }
                EventKind::RetryScheduled { .. } => {
                    self.change(&open, event.frame, |heat| heat.retries += 1);
                }
                _ => {}
            }
        }
        let ended = journal
            .summary
            .stopped_at
            .unwrap_or(journal.summary.started_at);
        self.millis += ended.millis_since(journal.summary.started_at).max(0);
        for (name, entered_at) in open.into_values() {
            self.stay(&name, ended.millis_since(entered_at));
        }
    }

    fn change(
        &mut self,
        open: &BTreeMap<FrameId, (Arc<str>, Timestamp)>,
        frame: FrameId,
        change: impl FnOnce(&mut StateHeat),
    ) {
        if let Some((name, _)) = open.get(&frame) {
            change(self.states.entry(Arc::clone(name)).or_default());
        }
    }

    fn leave(&mut self, open: &mut BTreeMap<FrameId, (Arc<str>, Timestamp)>, event: &Event) {
        if let Some((name, entered_at)) = open.remove(&event.frame) {
            self.stay(&name, event.at.millis_since(entered_at));
        }
    }

    fn stay(&mut self, name: &Arc<str>, millis: i64) {
        let heat = self.states.entry(Arc::clone(name)).or_default();
        heat.millis = heat.millis.saturating_add(millis.max(0));
        heat.durations
            .push(u64::try_from(millis).unwrap_or_default());
    }

    fn shown(self) -> Vec<Json> {
        let whole = self.millis.max(1);
        let shown = self.states.into_iter().map(|(name, mut heat)| {
            heat.durations.sort_unstable();
            let mut shown = ObjectBuilder::new();
            shown
                .insert("state", name)
                .insert("visits", number(heat.visits))
                .insert("failures", number(heat.failures))
                .insert("retries", number(heat.retries))
                .insert("millis", heat.millis)
                .insert("shareOfTime", per_mille(heat.millis, whole))
                .insert_some("p50", percentile(&heat.durations, 50))
                .insert_some("p95", percentile(&heat.durations, 95));
            Json::from(shown.build())
        });
        shown.collect()
    }
}

/// A share from 0 to 1, to three places. Branches that run at once may make more than 1 together.
fn per_mille(part: i64, whole: i64) -> f64 {
    let mille = i128::from(part) * 1000 / i128::from(whole);
    f64::from(i32::try_from(mille).unwrap_or(i32::MAX)) / 1000.0
}

/// Whether a state, or an attempt at its task, went wrong.
fn is_failure(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::EvaluationFailed(_)
            | EventKind::StateFailed(_)
            | EventKind::TaskScheduleFailed(_)
            | EventKind::TaskStartFailed(_)
            | EventKind::TaskSubmitFailed(_)
            | EventKind::TaskFailed(_)
            | EventKind::TaskTimedOut { .. }
            | EventKind::ParallelFailed
            | EventKind::MapFailed
            | EventKind::MapRunFailed(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_lie_between_steps() {
        let check = |durations: &[u64], expect: &[(i64, i64, i64)]| {
            let columns = histogram(durations);
            let found: Vec<(i64, i64, i64)> = columns
                .iter()
                .map(|column| {
                    let member = |name| column.get(name).and_then(Json::as_i64).unwrap();
                    (member("from"), member("to"), member("count"))
                })
                .collect();
            assert_eq!(found, expect, "{durations:?}");
        };
        check(&[], &[]);
        check(&[0], &[(0, 1, 1)]);
        check(&[3, 4, 12], &[(2, 5, 2), (5, 10, 0), (10, 20, 1)]);
        check(&[1000], &[(1000, 2000, 1)]);
        assert_eq!(histogram(&[1, u64::MAX]).len(), 58);
    }

    #[test]
    fn times_are_counted_where_they_belong() {
        let at = Timestamp::from_epoch_millis;
        let mut figures = Figures::new(at(0), at(4800));
        assert_eq!(figures.millis, 100);
        figures.at(at(4799)).unwrap().started += 1;
        figures.at(at(9999)).unwrap().started += 1;
        assert!(figures.at(at(-1)).is_none());
        assert_eq!(figures.buckets[47].started, 2);
    }

    #[test]
    fn shares_are_of_the_whole() {
        assert_eq!(per_mille(1, 3), 0.333);
        assert_eq!(per_mille(6, 3), 2.0);
    }
}
