//! Who carries rules out: asleep until something may be due.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_delivery::sleep_until;
use passo_vocab::Timestamp;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::backend::Core;
use crate::lifecycle::rule::rules;
use crate::rows::BucketRow;

/// How long many removals are waited for, in milliseconds, before one look is taken after them.
const SOON_MILLIS: i64 = 60_000;

/// When something may be due next: never later than it is.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    /// Milliseconds since 1970.
    next: Mutex<Option<i64>>,
    changed: Notify,
}

impl Agenda {
    /// Something begins in `bucket` now: its end is not overslept.
    pub(crate) fn note(&self, bucket: &BucketRow, now: i64) {
        let rules = rules(bucket);
        if let Some(end) = rules.iter().filter_map(|rule| rule.earliest(now)).min() {
            self.not_after(end);
        }
    }

    /// A version of `bucket` may have become current again, or a marker lonely, and be past its end already.
    pub(crate) fn look_soon(&self, bucket: &BucketRow, now: i64) {
        if !rules(bucket).is_empty() {
            self.not_after(now.saturating_add(SOON_MILLIS));
        }
    }

    /// Everything is looked through again, now.
    pub(crate) fn look_now(&self) {
        self.not_after(i64::MIN);
    }

    pub(crate) fn not_after(&self, at: i64) {
        let mut next = self.next();
        if next.is_none_or(|next| at < next) {
            *next = Some(at);
            self.changed.notify_one();
        }
    }

    fn next(&self) -> MutexGuard<'_, Option<i64>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The task that carries rules out. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Keeper(JoinHandle<()>);

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Keeper {
    /// Begins to work, with a look at everything that there is. Must be called within a tokio runtime.
    pub(crate) fn begin(core: Arc<Core>) -> Keeper {
        core.agenda.look_now();
        Keeper(tokio::spawn(run(core)))
    }

    pub(crate) fn stop(&self) {
        self.0.abort();
    }
}

async fn run(core: Arc<Core>) {
    loop {
        let next = *core.agenda.next();
        let awake = match next {
            None => {
                core.agenda.changed.notified().await;
                continue;
            }
            Some(at) => tokio::select! {
                awake = sleep_until(&*core.clock, Timestamp::from_epoch_millis(at)) => awake,
                () = core.agenda.changed.notified() => continue,
            },
        };
        // What begins from here on is noted anew.
        *core.agenda.next() = None;
        let swept = core.run(|core| Ok(core.sweep())).await;
        if let Ok(Some(next)) = swept {
            core.agenda.not_after(next);
        }
        drop(awake);
    }
}
