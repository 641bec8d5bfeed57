//! The timers of a partition, in memory, by the time they are due.

use std::collections::BTreeSet;

use passo_vocab::Timestamp;

use crate::Key;
use crate::tables::timer::Timer;

/// Every timer that is set, a mirror of the table. Forty bytes each: a million is nothing to worry about.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    due: BTreeSet<Timer>,
}

impl Timers {
    pub(crate) fn set(&mut self, timer: Timer) {
        self.due.insert(timer);
    }

    pub(crate) fn cancel(&mut self, timer: Timer) {
        self.due.remove(&timer);
    }

    /// Those of one execution. Looks at all, and is meant for the rare case.
    pub(crate) fn of(&self, execution: Key) -> Vec<Timer> {
        let of = self.due.iter().filter(|timer| timer.execution == execution);
        of.copied().collect()
    }

    /// When the next one is due.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.due.first().map(|timer| timer.at)
    }

    /// Takes the next one that is due by `now`.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<Timer> {
        if self.next()? > now {
            return None;
        }
        self.due.pop_first()
    }

    pub(crate) fn len(&self) -> usize {
        self.due.len()
    }
}
