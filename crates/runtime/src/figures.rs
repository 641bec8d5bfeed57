//! What a runtime counts about itself, for those who watch over it.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// Upper bounds of the classes into which commits are sorted by how long they took, in microseconds. Longer ones are in a
/// last class of their own.
pub const COMMIT_MICROS: [u64; 12] = [
    50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 25_600, 102_400, 409_600, 1_638_400,
];

/// Figures of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Executions in memory.
    pub executions_in_memory: usize,
    /// Executions that have not ended, in memory or not.
    pub executions_open: usize,
    /// Timers that are set.
    pub timers: usize,
    /// Messages that wait for the partition.
    pub inbox: usize,
    /// Turns that wait to become durable, or are becoming so.
    pub turns_waiting: usize,
    /// Messages, commits and tasks under way.
    pub in_flight: usize,
    /// Commits so far.
    pub commits: u64,
    /// Attempts to commit that failed.
    pub commit_failures: u64,
    /// Turns that the commits were made of.
    pub turns: u64,
    /// Changes that were committed.
    pub operations: u64,
    /// Bytes of keys and values that were committed.
    pub bytes: u64,
    /// How long commits took, all together.
    pub commit_time: Duration,
    /// Commits by how long they took: the classes of [`COMMIT_MICROS`], then the longer ones.
    pub commit_classes: [u64; COMMIT_MICROS.len() + 1],
    /// Messages that were refused because too much waited already.
    pub refused_busy: u64,
    /// Starts that were refused because the store had no room.
    pub refused_full: u64,
    /// Executions that were set aside in the life of this process.
    pub quarantined: u64,
    /// Whether the last commit found no room: new work is refused until one succeeds.
    pub is_full: bool,
    /// Whether commits were given up: nothing becomes durable any more.
    pub is_broken: bool,
}

/// The counters behind [`Figures`]. Counting is one relaxed addition.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) executions_in_memory: AtomicUsize,
    pub(crate) executions_open: AtomicUsize,
    pub(crate) timers: AtomicUsize,
    pub(crate) inbox: AtomicUsize,
    pub(crate) turns_waiting: AtomicUsize,
    commits: AtomicU64,
    pub(crate) commit_failures: AtomicU64,
    turns: AtomicU64,
    operations: AtomicU64,
    bytes: AtomicU64,
    commit_micros: AtomicU64,
    commit_classes: [AtomicU64; COMMIT_MICROS.len() + 1],
    pub(crate) refused_busy: AtomicU64,
    pub(crate) refused_full: AtomicU64,
    pub(crate) quarantined: AtomicU64,
    pub(crate) is_broken: AtomicBool,
}

/// One commit that succeeded.
pub(crate) struct Committed {
    pub(crate) turns: usize,
    pub(crate) operations: usize,
    pub(crate) bytes: usize,
    pub(crate) took: Duration,
}

impl Counters {
    pub(crate) fn add(counter: &AtomicU64, count: usize) {
        counter.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(crate) fn committed(&self, commit: &Committed) {
        let micros = u64::try_from(commit.took.as_micros()).unwrap_or(u64::MAX);
        Counters::add(&self.commits, 1);
        Counters::add(&self.turns, commit.turns);
        Counters::add(&self.operations, commit.operations);
        Counters::add(&self.bytes, commit.bytes);
        self.commit_micros.fetch_add(micros, Ordering::Relaxed);
        let class = COMMIT_MICROS.partition_point(|bound| *bound < micros);
        if let Some(class) = self.commit_classes.get(class) {
            Counters::add(class, 1);
        }
    }

    /// The figures now; what a runtime knows besides is left at its default.
    pub(crate) fn figures(&self) -> Figures {
        let size = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Figures {
            executions_in_memory: size(&self.executions_in_memory),
            executions_open: size(&self.executions_open),
            timers: size(&self.timers),
            inbox: size(&self.inbox),
            turns_waiting: size(&self.turns_waiting),
            commits: count(&self.commits),
            commit_failures: count(&self.commit_failures),
            turns: count(&self.turns),
            operations: count(&self.operations),
            bytes: count(&self.bytes),
            commit_time: Duration::from_micros(count(&self.commit_micros)),
            commit_classes: std::array::from_fn(|class| {
                self.commit_classes.get(class).map_or(0, count)
            }),
            refused_busy: count(&self.refused_busy),
            refused_full: count(&self.refused_full),
            quarantined: count(&self.quarantined),
            is_broken: self.is_broken.load(Ordering::Relaxed),
            ..Figures::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_are_sorted_by_how_long_they_took() {
        let counters = Counters::default();
        for micros in [1, 50, 51, 10_000_000] {
            counters.committed(&Committed {
                turns: 2,
                operations: 3,
                bytes: 4,
                took: Duration::from_micros(micros),
            });
        }
        let figures = counters.figures();
        assert_eq!((figures.commits, figures.turns), (4, 8));
        assert_eq!((figures.operations, figures.bytes), (12, 16));
        assert_eq!(
            figures.commit_classes,
            [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        );
        assert_eq!(figures.commit_time, Duration::from_micros(10_000_102));
    }
}
