//! How a runtime behaves.

use std::num::NonZero;
use std::thread;
use std::time::Duration;

use passo_engine::WaitScale;

/// What an operator may set. Each default is AWS's figure where AWS has one.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Partitions: threads that decide, each for its share of the executions, 1 to 16. As many as there are processors.
    /// Virtual time has one, whatever is set.
    pub partitions: usize,
    /// How long an execution is kept after it has ended: 90 days.
    pub retention: Duration,
    /// Executions that are kept in memory although only a timer or a caller can move them: 10,000.
    pub resting_executions_max: usize,
    /// Messages that may wait for a partition before callers are told to come back: 100,000.
    pub inbox_max: usize,
    /// Messages taken into one turn: 1,000.
    pub turn_messages_max: usize,
    /// Messages between executions and Map runs taken into one turn, so that a large Map run leaves room for
    /// others: 2,000.
    pub internal_messages_max: usize,
    /// Events that one execution may make before others have their turn: 1,000.
    pub decision_events_max: u32,
    /// Turns that may wait to become durable before the partition waits for them: 4.
    pub turns_in_flight_max: usize,
    /// How long Wait states take: as long as they say.
    pub wait_scale: WaitScale,
}

impl Settings {
    pub(crate) fn retention_millis(&self) -> i64 {
        i64::try_from(self.retention.as_millis()).unwrap_or(i64::MAX)
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            partitions: thread::available_parallelism().map_or(1, NonZero::get),
            retention: Duration::from_secs(90 * 24 * 3600),
            resting_executions_max: 10_000,
            inbox_max: 100_000,
            turn_messages_max: 1_000,
            internal_messages_max: 2_000,
            decision_events_max: 1_000,
            turns_in_flight_max: 4,
            wait_scale: WaitScale::FULL,
        }
    }
}
