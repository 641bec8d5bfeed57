//! Timestamps as text after a picture, and back (XPath 3.1 `format-dateTime`).
//!
//! Entry points: [`format_datetime`] and [`parse_datetime`]. Timestamps are milliseconds since 1970
//! in UTC, within the range of a JavaScript date ([`MILLIS_MAX`]); the calendar is the proleptic
//! Gregorian one. There is no clock here: "now" is an argument.

mod calendar;
mod format;
mod iso;
mod matcher;
mod parse;
mod picture;

pub use calendar::MILLIS_MAX;
pub use format::format_datetime;
pub use parse::parse_datetime;
