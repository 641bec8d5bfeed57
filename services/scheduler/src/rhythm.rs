//! When a schedule is due.
//!
//! Source: EventBridge Scheduler User Guide, "Schedule types": a rate begins with its start date, or at once; days are 24 hours;
//! a time of a cron expression that clocks leave out is left out, one that they show twice is due once.

use passo_schedule::{Civil, Schedule};

use crate::zone::{Shown, Zone};

/// Times of a cron expression in a row that clocks may leave out before it is taken for one that is never due.
const GAPS_MAX: usize = 64;

/// A schedule expression with all that says when it is due. Times are milliseconds since 1970.
#[derive(Clone, Debug)]
pub(crate) struct Rhythm {
    pub(crate) schedule: Schedule,
    pub(crate) zone: Zone,
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    /// From which rates count that have no start.
    pub(crate) began: i64,
}

impl Rhythm {
    /// The first time after `after` that it is due.
    pub(crate) fn next(&self, after: i64) -> Option<i64> {
        if self.schedule.is_once() {
            return self.once().filter(|at| *at > after);
        }
        // A start is a time at which it may be due.
        let after = match self.start {
            Some(start) => after.max(start.saturating_sub(1)),
            None => after,
        };
        let seconds = if self.schedule.is_rate() {
            self.rate(after)
        } else {
            self.cron(after)
        };
        let due = seconds?.checked_mul(1000)?;
        self.end.is_none_or(|end| due <= end).then_some(due)
    }

    /// The only time, whatever start and end say.
    fn once(&self) -> Option<i64> {
        let before = Civil::from_seconds(0);
        let at = self.schedule.next_after(before, before)?;
        let (Shown::At(seconds) | Shown::Never(seconds)) = self.zone.shown(at);
        seconds.checked_mul(1000)
    }

    fn rate(&self, after: i64) -> Option<i64> {
        // The second in which it began, or the first whole one after its start.
        let began = match self.start {
            Some(start) => start.saturating_add(999).div_euclid(1000),
            None => self.began.div_euclid(1000),
        };
        let after = after.div_euclid(1000);
        if after < began {
            return Some(began);
        }
        let next = self
            .schedule
            .next_after(Civil::from_seconds(after), Civil::from_seconds(began));
        next.map(Civil::to_seconds)
    }

    fn cron(&self, after: i64) -> Option<i64> {
        let after = after.div_euclid(1000);
        let mut civil = self.zone.civil(after);
        for _ in 0..GAPS_MAX {
            civil = self.schedule.next_after(civil, civil)?;
            match self.zone.shown(civil) {
                Shown::At(seconds) if seconds > after => return Some(seconds),
                // It was shown a first time before.
                Shown::At(_) | Shown::Never(_) => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use passo_vocab::Timestamp;

    use super::*;

    fn millis(text: &str) -> i64 {
        Timestamp::parse_rfc3339(text).unwrap().epoch_millis()
    }

    /// The next times after `after` of a schedule that began at `2026-01-01T00:00:00.500Z`.
    fn check(expression: &str, zone: &str, bounds: [&str; 2], after: &str, expect: &[&str]) {
        let bound = |text: &str| (!text.is_empty()).then(|| millis(text));
        let rhythm = Rhythm {
            schedule: Schedule::parse(expression).unwrap(),
            zone: Zone::parse(zone).unwrap(),
            start: bound(bounds[0]),
            end: bound(bounds[1]),
            began: millis("2026-01-01T00:00:00.5Z"),
        };
        let mut times = Vec::new();
        let mut at = millis(after);
        while let Some(next) = rhythm.next(at).filter(|_| times.len() < 3) {
            times.push(Timestamp::from_epoch_millis(next).to_string());
            at = next;
        }
        assert_eq!(times, expect, "{expression} in {zone}");
    }

    #[test]
    fn schedules_are_due_when_clocks_show_it() {
        let open = ["", ""];
        check(
            "at(2026-07-01T09:00:00)",
            "America/New_York",
            ["", "2026-01-01T00:00:00Z"],
            "2026-01-01T00:00:00Z",
            &["2026-07-01T13:00:00Z"],
        );
        check(
            "at(2026-07-01T09:00:00)",
            "UTC",
            open,
            "2026-07-01T09:00:00Z",
            &[],
        );
        check(
            "rate(1 day)",
            "Europe/Berlin",
            open,
            "2025-12-31T23:59:59Z",
            &[
                "2026-01-01T00:00:00Z",
                "2026-01-02T00:00:00Z",
                "2026-01-03T00:00:00Z",
            ],
        );
        check(
            "rate(2 hours)",
            "UTC",
            ["2026-01-05T00:30:00Z", "2026-01-05T02:30:00Z"],
            "2026-01-01T00:00:00Z",
            &["2026-01-05T00:30:00Z", "2026-01-05T02:30:00Z"],
        );
        check(
            "cron(0 8 * * ? *)",
            "Europe/Berlin",
            ["2026-03-28T07:00:00Z", "2026-03-30T00:00:00Z"],
            "2026-01-01T00:00:00Z",
            &["2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z"],
        );
    }

    #[test]
    fn times_that_clocks_leave_out_or_show_twice() {
        check(
            "cron(30 2 * * ? *)",
            "Europe/Berlin",
            ["", ""],
            "2026-03-28T00:00:00Z",
            &[
                "2026-03-28T01:30:00Z",
                "2026-03-30T00:30:00Z",
                "2026-03-31T00:30:00Z",
            ],
        );
        check(
            "cron(30 2 * * ? *)",
            "Europe/Berlin",
            ["", "2026-10-27T00:00:00Z"],
            "2026-10-25T00:00:00Z",
            &["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"],
        );
    }
}
