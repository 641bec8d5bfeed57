//! AWS's schedule expressions: `at(…)`, `rate(…)` and `cron(…)` with six fields, `L`, `W` and `#`.
//!
//! Source: EventBridge User Guide, "Cron expressions reference" and "Rate expressions reference"; EventBridge Scheduler User
//! Guide, "Schedule types". Times are wall-clock times of whatever zone the schedule is in: who has a zone translates. Entry
//! points: [`Schedule::parse`], [`Schedule::next_after`].

#![forbid(unsafe_code)]

mod civil;
mod cron;
mod field;
mod schedule;

pub use civil::Civil;
pub use schedule::{Schedule, ScheduleError};
