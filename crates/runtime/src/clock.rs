//! The two clocks: the machine's, and one that jumps.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use passo_vocab::Timestamp;

use crate::InFlight;
use crate::alarms::{Alarm, Alarms};
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
///
/// It jumps to the next timer when nothing else can move, or, by hand, only as far as it is told to go. Then too it stops
/// at each timer on its way, so that what a timer leads to happens at the right time.
#[derive(Debug)]
pub struct VirtualClock {
    epoch_millis: AtomicI64,
    /// How far it was told to go.
    goal_millis: AtomicI64,
    is_by_hand: AtomicBool,
    alarms: Alarms,
}

impl VirtualClock {
    /// A clock that shows `start`.
    pub fn new(start: Timestamp) -> VirtualClock {
        VirtualClock {
            epoch_millis: AtomicI64::new(start.epoch_millis()),
            goal_millis: AtomicI64::new(start.epoch_millis()),
            is_by_hand: AtomicBool::new(false),
            alarms: Alarms::default(),
        }
    }

    /// After an alarm has rung, time stands still until whoever waited for it has let go of what it got: that is counted
    /// in `in_flight`, the runtime's own.
    pub fn count_in(&self, in_flight: InFlight) {
        self.alarms.count_in(in_flight);
    }

    /// Whether it jumps to the next timer when nothing else can move, as it does at first, or only moves when it is
    /// told to: whoever waits for a worker outside this process needs the latter.
    pub fn set_jumps(&self, jumps: bool) {
        self.is_by_hand.store(!jumps, Ordering::SeqCst);
    }

    /// Whether it jumps to the next timer.
    pub fn jumps(&self) -> bool {
        !self.is_by_hand.load(Ordering::SeqCst)
    }

    /// Lets it go to `to`, by way of every timer that is due before. It never goes back.
    pub fn go_to(&self, to: Timestamp) {
        self.goal_millis
            .fetch_max(to.epoch_millis(), Ordering::SeqCst);
    }

    /// Moves it forward to `to` at once; it never goes back.
    pub fn advance_to(&self, to: Timestamp) {
        self.epoch_millis
            .fetch_max(to.epoch_millis(), Ordering::SeqCst);
    }

    fn goal(&self) -> Timestamp {
        Timestamp::from_epoch_millis(self.goal_millis.load(Ordering::SeqCst))
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_epoch_millis(self.epoch_millis.load(Ordering::SeqCst))
    }

    fn jump(&self, to: Timestamp) -> bool {
        let to = self.alarms.next().map_or(to, |alarm| alarm.min(to));
        let may = self.jumps() || to <= self.goal();
        self.advance_to(if may { to } else { self.goal() });
        self.alarms.ring(self.now());
        may
    }

    fn rest(&self) {
        match self.alarms.next() {
            Some(alarm) => {
                self.jump(alarm);
            }
            None => self.advance_to(self.goal()),
        }
    }

    fn alarm(&self, at: Timestamp) -> Option<Alarm> {
        Some(self.alarms.set(at))
    }

    fn is_virtual(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_rings_on_the_way_and_holds_time() {
        let at = Timestamp::from_epoch_millis;
        let (clock, in_flight) = (VirtualClock::new(at(0)), InFlight::new());
        clock.count_in(in_flight.clone());
        let (first, _gone) = (clock.alarm(at(5)), clock.alarm(at(3)).map(drop));
        assert!(clock.jump(at(9)));
        assert_eq!((clock.now(), in_flight.count()), (at(5), 1));
        drop(first);
        assert_eq!(in_flight.count(), 0);
        let _last = clock.alarm(at(20));
        clock.rest();
        assert_eq!((clock.now(), in_flight.count()), (at(20), 1));
    }

    #[test]
    fn a_clock_moved_by_hand_stops_at_timers_on_its_way() {
        let at = Timestamp::from_epoch_millis;
        let clock = VirtualClock::new(at(0));
        assert!(clock.jump(at(10)));
        clock.set_jumps(false);
        assert!(!clock.jump(at(20)));
        assert_eq!(clock.now(), at(10));
        clock.go_to(at(30));
        assert!(clock.jump(at(20)));
        assert_eq!(clock.now(), at(20));
        assert!(!clock.jump(at(40)));
        assert_eq!(clock.now(), at(30));
        clock.go_to(at(5));
        clock.rest();
        assert_eq!(clock.now(), at(30));
    }
}
