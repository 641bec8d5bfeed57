//! The two clocks: the machine's, and one that jumps.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use passo_vocab::Timestamp;

use crate::ports::Clock;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let elapsed = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_epoch_millis(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is moved: waits, retries and timeouts take no time at all.
#[derive(Debug)]
pub struct VirtualClock {
    epoch_millis: AtomicI64,
}

impl VirtualClock {
    /// A clock that shows `start`.
    pub fn new(start: Timestamp) -> VirtualClock {
        VirtualClock {
            epoch_millis: AtomicI64::new(start.epoch_millis()),
        }
    }

    /// Moves it forward to `to`; it never goes back.
    pub fn advance_to(&self, to: Timestamp) {
        self.epoch_millis
            .fetch_max(to.epoch_millis(), Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_epoch_millis(self.epoch_millis.load(Ordering::SeqCst))
    }

    fn jump(&self, to: Timestamp) -> bool {
        self.advance_to(to);
        true
    }

    fn is_virtual(&self) -> bool {
        true
    }
}
