//! Schedule expressions.

use std::fmt;

use crate::civil::Civil;
use crate::cron::Cron;

/// When something happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    At(Civil),
    /// Every so many seconds.
    Rate(i64),
    Cron(Box<Cron>),
}

/// That something is no schedule expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduleError;

impl fmt::Display for ScheduleError {
    /// As EventBridge says it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Parameter ScheduleExpression is not valid.")
    }
}

impl std::error::Error for ScheduleError {}

impl Schedule {
    /// Reads `at(yyyy-mm-ddThh:mm:ss)`, `rate(value unit)` or `cron(fields)`.
    ///
    /// # Errors
    /// Where it is none of these, or never happens.
    pub fn parse(text: &str) -> Result<Schedule, ScheduleError> {
        let inner = |name: &str| {
            let rest = text.trim().strip_prefix(name)?;
            rest.strip_prefix('(')?.strip_suffix(')').map(str::trim)
        };
        let kind = if let Some(rate) = inner("rate") {
            seconds(rate).map(Kind::Rate)
        } else if let Some(cron) = inner("cron") {
            Cron::parse(cron).map(|cron| Kind::Cron(Box::new(cron)))
        } else {
            inner("at").and_then(Civil::parse).map(Kind::At)
        };
        kind.map(Schedule).ok_or(ScheduleError)
    }

    /// Whether it happens once: `at(…)`. Rules of EventBridge do not take those.
    pub fn is_once(&self) -> bool {
        matches!(self.0, Kind::At(_))
    }

    /// Whether it happens at a rate: `rate(…)`, counted from a beginning, whatever clocks on walls show.
    pub fn is_rate(&self) -> bool {
        matches!(self.0, Kind::Rate(_))
    }

    /// The first time after `after`; `began` is when the schedule began, from which rates count.
    pub fn next_after(&self, after: Civil, began: Civil) -> Option<Civil> {
        match &self.0 {
            Kind::At(at) => (*at > after).then_some(*at),
            Kind::Cron(cron) => cron.next_after(after),
            Kind::Rate(every) => {
                let began = began.to_seconds();
                let passed = after.to_seconds().saturating_sub(began).max(0);
                let times = passed.div_euclid(*every).saturating_add(1);
                let next = times.checked_mul(*every)?.checked_add(began)?;
                Some(Civil::from_seconds(next))
            }
        }
    }
}

/// `5 minutes`: a unit is singular where the value is one.
fn seconds(rate: &str) -> Option<i64> {
    let (value, unit) = rate.split_once(char::is_whitespace)?;
    let value: i64 = value.parse().ok().filter(|value| *value > 0)?;
    let one = match (unit.trim(), value) {
        ("minute", 1) | ("minutes", 2..) => 60,
        ("hour", 1) | ("hours", 2..) => 3600,
        ("day", 1) | ("days", 2..) => 86_400,
        _ => return None,
    };
    value.checked_mul(one)
}
