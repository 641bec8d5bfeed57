//! The timers of a run, by the time at which they come due.

use std::collections::BTreeMap;

use passo_engine::TimerId;
use passo_vocab::Timestamp;

use super::ExecutionKey;

/// Timers that are set. Those of the same time come due in the order in which they were set.
#[derive(Debug, Default)]
pub(super) struct Timers {
    by_time: BTreeMap<(Timestamp, u64), (ExecutionKey, TimerId)>,
    by_name: BTreeMap<(ExecutionKey, TimerId), (Timestamp, u64)>,
    set: u64,
}

impl Timers {
    pub(super) fn set(&mut self, execution: ExecutionKey, timer: TimerId, at: Timestamp) {
        self.cancel(execution, timer);
        self.set = self.set.saturating_add(1);
        self.by_time.insert((at, self.set), (execution, timer));
        self.by_name.insert((execution, timer), (at, self.set));
    }

    pub(super) fn cancel(&mut self, execution: ExecutionKey, timer: TimerId) {
        if let Some(place) = self.by_name.remove(&(execution, timer)) {
            self.by_time.remove(&place);
        }
    }

    /// Cancels the timers of an execution that is over.
    pub(super) fn cancel_all(&mut self, execution: ExecutionKey) {
        let names = (execution, TimerId::new(0))..=(execution, TimerId::new(u64::MAX));
        let of_execution: Vec<_> = self.by_name.range(names).map(|(name, _)| *name).collect();
        for (execution, timer) in of_execution {
            self.cancel(execution, timer);
        }
    }

    /// When the next one comes due.
    pub(super) fn next_time(&self) -> Option<Timestamp> {
        self.by_time.keys().next().map(|(at, _)| *at)
    }

    /// Takes the next one, if it is due.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<(ExecutionKey, TimerId)> {
        let entry = self.by_time.first_entry()?;
        if entry.key().0 > now {
            return None;
        }
        let name = entry.remove();
        self.by_name.remove(&name);
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_come_due_in_order() {
        let mut timers = Timers::default();
        let at = Timestamp::from_epoch_millis;
        let (one, two) = (ExecutionKey::ROOT, ExecutionKey::ROOT.next());
        timers.set(one, TimerId::new(1), at(20));
        timers.set(one, TimerId::new(2), at(10));
        timers.set(two, TimerId::new(1), at(10));
        timers.set(two, TimerId::new(3), at(5));
        timers.cancel(two, TimerId::new(3));
        assert_eq!(timers.next_time(), Some(at(10)));
        assert_eq!(timers.take_due(at(9)), None);
        assert_eq!(timers.take_due(at(15)), Some((one, TimerId::new(2))));
        assert_eq!(timers.take_due(at(15)), Some((two, TimerId::new(1))));
        assert_eq!(timers.take_due(at(15)), None);
        timers.cancel_all(one);
        assert_eq!(timers.next_time(), None);
    }
}
