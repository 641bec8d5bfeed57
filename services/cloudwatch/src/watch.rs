//! Which alarms there are, what they look at, and when each is evaluated next.
//!
//! An alarm whose periods hold no data has nowhere to go: it sleeps until data comes. So nothing is done for idle alarms, and
//! a virtual clock does not run away with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_delivery::sleep_until;
use passo_vocab::Timestamp;
use tokio::sync::Notify;

use crate::alarm::{Alarm, Key};
use crate::judging;
use crate::points::Datum;
use crate::series::Series;
use crate::service::Shared;

/// How long an alarm that could not be evaluated waits.
const AGAIN_MILLIS: i64 = 10_000;
/// How long an alarm waits at least between two evaluations that data has asked for.
const PAUSE_MILLIS: i64 = 1000;

/// What is known of alarms in memory.
#[derive(Default)]
pub(crate) struct Watch {
    watched: Mutex<Watched>,
    changed: Notify,
}

#[derive(Default)]
struct Watched {
    alarms: BTreeMap<Key, Known>,
    due: BTreeSet<(i64, Key)>,
    /// Alarms by what the keys of their metrics begin with.
    by_metric: BTreeMap<Vec<u8>, BTreeSet<Key>>,
    composites: BTreeSet<Key>,
}

#[derive(Default)]
struct Known {
    metrics: Vec<Vec<u8>>,
    step_millis: i64,
    due_at: Option<i64>,
    seen_at: i64,
}

impl Watch {
    /// An alarm is there, or is another one now; it is evaluated at once.
    pub(crate) fn put(&self, alarm: &Alarm, now: i64) {
        let mut watched = self.watched();
        watched.remove(&alarm.key());
        if alarm.rule().is_some() {
            watched.composites.insert(alarm.key());
        }
        let (metrics, step_millis) = judging::looks_at(alarm);
        let metrics: Vec<Vec<u8>> = metrics.iter().map(metric_key).collect();
        for metric in &metrics {
            let alarms = watched.by_metric.entry(metric.clone()).or_default();
            alarms.insert(alarm.key());
        }
        let known = Known {
            metrics,
            step_millis,
            ..Known::default()
        };
        watched.alarms.insert(alarm.key(), known);
        watched.set(&alarm.key(), now);
        drop(watched);
        self.changed.notify_one();
    }

    /// An alarm is gone.
    pub(crate) fn remove(&self, key: &Key) {
        self.watched().remove(key);
    }

    /// An alarm is evaluated at `at`, unless it is before.
    pub(crate) fn wake(&self, key: &Key, at: i64) {
        self.watched().set(key, at);
        self.changed.notify_one();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.watched().alarms.is_empty()
    }

    /// The composite alarms of the place where `key` is.
    pub(crate) fn composites(&self, key: &Key) -> Vec<Key> {
        let watched = self.watched();
        let here = |other: &&Key| other.account == key.account && other.region == key.region;
        watched.composites.iter().filter(here).cloned().collect()
    }

    /// Data was written: those who look at it are evaluated, at once where it is of a period that is over.
    pub(crate) fn touched(&self, data: &[Datum], now: i64) {
        let mut watched = self.watched();
        if watched.by_metric.is_empty() {
            return;
        }
        let mut woken = false;
        for datum in data {
            let Some(keys) = watched.by_metric.get(&metric_key(&datum.series)).cloned() else {
                continue;
            };
            for key in keys {
                let Some(known) = watched.alarms.get(&key) else {
                    continue;
                };
                let step = known.step_millis;
                let begun = now.div_euclid(step) * step;
                let at = match datum.at < begun {
                    true => now.max(known.seen_at.saturating_add(PAUSE_MILLIS)),
                    false => begun + step,
                };
                watched.set(&key, at);
                woken = true;
            }
        }
        drop(watched);
        if woken {
            self.changed.notify_one();
        }
    }

    fn next(&self) -> Option<i64> {
        self.watched().due.first().map(|(at, _)| *at)
    }

    fn take(&self, now: i64) -> Option<Key> {
        let mut watched = self.watched();
        let (at, key) = watched.due.first().filter(|(at, _)| *at <= now).cloned()?;
        watched.due.remove(&(at, key.clone()));
        if let Some(known) = watched.alarms.get_mut(&key) {
            (known.due_at, known.seen_at) = (None, now);
        }
        Some(key)
    }

    fn watched(&self) -> MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched {
    fn set(&mut self, key: &Key, at: i64) {
        let Some(known) = self.alarms.get_mut(key) else {
            return;
        };
        if known.due_at.is_some_and(|due| due <= at) {
            return;
        }
        if let Some(due) = known.due_at.replace(at) {
            self.due.remove(&(due, key.clone()));
        }
        self.due.insert((at, key.clone()));
    }

    fn remove(&mut self, key: &Key) {
        self.composites.remove(key);
        let Some(known) = self.alarms.remove(key) else {
            return;
        };
        if let Some(due) = known.due_at {
            self.due.remove(&(due, key.clone()));
        }
        for metric in known.metrics {
            if let Some(alarms) = self.by_metric.get_mut(&metric) {
                alarms.remove(key);
                if alarms.is_empty() {
                    self.by_metric.remove(&metric);
                }
            }
        }
    }
}

fn metric_key(series: &Series) -> Vec<u8> {
    Series::prefix(&[
        &series.account,
        &series.region,
        &series.namespace,
        &series.name,
    ])
}

/// Evaluates alarms when they are due, for as long as the service lives.
pub(crate) async fn run(shared: Arc<Shared>) {
    loop {
        let Some(next) = shared.watch.next() else {
            shared.watch.changed.notified().await;
            continue;
        };
        let at = Timestamp::from_epoch_millis(next);
        let awake = tokio::select! {
            awake = sleep_until(&*shared.ports.clock, at) => awake,
            () = shared.watch.changed.notified() => continue,
        };
        let now = shared.now();
        while let Some(key) = shared.watch.take(now) {
            match judging::evaluate(&shared, &key) {
                Ok(Some(next)) => shared.watch.wake(&key, next),
                Ok(None) => {}
                Err(_) => shared.watch.wake(&key, now.saturating_add(AGAIN_MILLIS)),
            }
        }
        drop(awake);
    }
}
