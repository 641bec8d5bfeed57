//! The clock of a run: real, or virtual so that waiting costs nothing.

use std::time::{Duration, Instant};

use passo_vocab::Timestamp;

/// How time passes for an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockKind {
    /// As for everybody.
    Real,
    /// It stands still while the execution moves, passes while a task is really being done, and jumps to the next
    /// timer when nothing else can happen.
    Virtual,
}

/// What time it is for the executions of one run.
#[derive(Debug)]
pub(crate) struct Clock {
    kind: ClockKind,
    now: Timestamp,
    /// When `now` was last brought up to date.
    seen: Instant,
}

impl Clock {
    pub(crate) fn new(kind: ClockKind, start: Timestamp) -> Clock {
        Clock {
            kind,
            now: start,
            seen: Instant::now(),
        }
    }

    pub(crate) fn kind(&self) -> ClockKind {
        self.kind
    }

    /// The time. A real clock moves on with each call, never back.
    pub(crate) fn now(&mut self) -> Timestamp {
        match self.kind {
            ClockKind::Real => self.catch_up(),
            ClockKind::Virtual => {}
        }
        self.now
    }

    /// Says that waiting begins: the time before does not count for a virtual clock.
    pub(crate) fn begin_wait(&mut self) {
        match self.kind {
            ClockKind::Real => self.catch_up(),
            ClockKind::Virtual => self.seen = Instant::now(),
        }
    }

    /// Says that waiting ended.
    pub(crate) fn end_wait(&mut self) {
        self.catch_up();
    }

    /// Moves a virtual clock to a later time.
    pub(crate) fn jump_to(&mut self, time: Timestamp) {
        self.now = self.now.max(time);
    }

    /// How long it is until `time`.
    pub(crate) fn until(&self, time: Timestamp) -> Duration {
        let millis = time.millis_since(self.now);
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }

    /// Whole milliseconds only; the rest counts next time.
    fn catch_up(&mut self) {
        let passed = self.seen.elapsed();
        let millis = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX);
        self.now = self
            .now
            .plus_millis(i64::try_from(millis).unwrap_or(i64::MAX));
        self.seen = self
            .seen
            .checked_add(Duration::from_millis(millis))
            .unwrap_or(self.seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virtual_clock_moves_only_when_told() {
        let start = Timestamp::from_epoch_millis(5);
        let mut clock = Clock::new(ClockKind::Virtual, start);
        assert_eq!(clock.now(), start);
        clock.jump_to(Timestamp::from_epoch_millis(3_600_005));
        assert_eq!(clock.now().millis_since(start), 3_600_000);
        clock.jump_to(start);
        assert_eq!(clock.now().millis_since(start), 3_600_000);
        let later = Timestamp::from_epoch_millis(3_600_007);
        assert_eq!(clock.until(later), Duration::from_millis(2));
        assert_eq!(clock.until(start), Duration::ZERO);
    }
}
