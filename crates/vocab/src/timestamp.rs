//! Points in time, in milliseconds, read and printed as AWS does.
//!
//! Knows no clock: the caller says what time it is.

use std::fmt;

use crate::calendar::{civil_from_days, days_from_civil, days_in_month};

const MILLIS_PER_SECOND: i64 = 1000;
const MILLIS_PER_DAY: i64 = 86_400_000;
/// 9999-12-31T23:59:59.999Z, the last instant with a four-digit year.
const MILLIS_MAX: i64 = 253_402_300_799_999;
/// 0000-01-01T00:00:00Z.
const MILLIS_MIN: i64 = -62_167_219_200_000;

/// Milliseconds since 1970-01-01T00:00:00Z, within the years 0000 to 9999 when printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp {
    epoch_millis: i64,
}

/// A text is not an ISO-8601 extended offset date-time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimestampError;

impl Timestamp {
    /// The instant that is so many milliseconds after (or before) the epoch.
    pub const fn from_epoch_millis(epoch_millis: i64) -> Timestamp {
        Timestamp { epoch_millis }
    }

    /// Reads `2016-12-05T21:29:29.123456789Z` or the same with `+01:00`: upper-case `T` and `Z`, seconds and
    /// offset present, 0 to 9 fractional digits. Digits below a millisecond are dropped.
    ///
    /// Source: a Wait state's "ISO-8601 extended offset date-time format", recorded on AWS.
    ///
    /// # Errors
    /// When the text has any other form or names no day or time of day.
    pub fn parse_rfc3339(text: &str) -> Result<Timestamp, TimestampError> {
        let mut scanner = Scanner {
            bytes: text.as_bytes(),
        };
        let (year, month, day) = (scanner.digits(4)?, scanner.then(b'-')?, scanner.then(b'-')?);
        scanner.byte(b'T')?;
        let hour = scanner.digits(2)?;
        let (minute, second) = (scanner.then(b':')?, scanner.then(b':')?);
        let millis = scanner.fraction_millis()?;
        let offset_minutes = scanner.offset_minutes()?;
        if !scanner.bytes.is_empty()
            || !(1..=12).contains(&month)
            || day < 1
            || day > days_in_month(year, month)
            || hour > 23
            || minute > 59
            || second > 59
        {
            return Err(TimestampError);
        }
        let seconds = hour * 3600 + minute * 60 + second - offset_minutes * 60;
        Ok(Timestamp {
            epoch_millis: days_from_civil(year, month, day) * MILLIS_PER_DAY
                + seconds * MILLIS_PER_SECOND
                + millis,
        })
    }

    /// Milliseconds since the epoch.
    pub const fn epoch_millis(self) -> i64 {
        self.epoch_millis
    }

    /// The instant so much later (earlier when negative), kept at the ends of the range.
    pub const fn plus_millis(self, millis: i64) -> Timestamp {
        Timestamp {
            epoch_millis: self.epoch_millis.saturating_add(millis),
        }
    }

    /// Milliseconds from `earlier` to this instant, negative when it is later.
    pub const fn millis_since(self, earlier: Timestamp) -> i64 {
        self.epoch_millis.saturating_sub(earlier.epoch_millis)
    }
}

/// `2023-01-02T03:04:05.678Z`, without the fraction when it is zero, as the context object prints.
/// Instants outside the years 0000 to 9999 print as the nearest one inside.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printable = self.epoch_millis.clamp(MILLIS_MIN, MILLIS_MAX);
        let (year, month, day) = civil_from_days(printable.div_euclid(MILLIS_PER_DAY));
        let of_day = printable.rem_euclid(MILLIS_PER_DAY);
        let (seconds, millis) = (of_day / MILLIS_PER_SECOND, of_day % MILLIS_PER_SECOND);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        if millis != 0 {
            write!(f, ".{millis:03}")?;
        }
        f.write_str("Z")
    }
}

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an ISO-8601 extended offset date-time")
    }
}

impl std::error::Error for TimestampError {}

/// Takes a date-time apart from the left.
struct Scanner<'a> {
    bytes: &'a [u8],
}

impl Scanner<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn byte(&mut self, wanted: u8) -> Result<(), TimestampError> {
        if self.next() == Some(wanted) {
            Ok(())
        } else {
            Err(TimestampError)
        }
    }

    fn digits(&mut self, count: usize) -> Result<i64, TimestampError> {
        let mut value = 0;
        for _ in 0..count {
            match self.next() {
                Some(byte) if byte.is_ascii_digit() => value = value * 10 + i64::from(byte - b'0'),
                Some(_) | None => return Err(TimestampError),
            }
        }
        Ok(value)
    }

    /// A separator and two digits.
    fn then(&mut self, separator: u8) -> Result<i64, TimestampError> {
        self.byte(separator)?;
        self.digits(2)
    }

    fn fraction_millis(&mut self) -> Result<i64, TimestampError> {
        if self.bytes.first() != Some(&b'.') {
            return Ok(0);
        }
        self.next();
        let count = self
            .bytes
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if !(1..=9).contains(&count) {
            return Err(TimestampError);
        }
        let digits = self.digits(count)?;
        let mut nanos = digits;
        for _ in count..9 {
            nanos *= 10;
        }
        Ok(nanos / 1_000_000)
    }

    fn offset_minutes(&mut self) -> Result<i64, TimestampError> {
        let sign = match self.next() {
            Some(b'Z') => return Ok(0),
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) | None => return Err(TimestampError),
        };
        let (hours, minutes) = (self.digits(2)?, self.then(b':')?);
        if hours > 18 || minutes > 59 || hours * 60 + minutes > 18 * 60 {
            return Err(TimestampError);
        }
        Ok(sign * (hours * 60 + minutes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, millis: i64, printed: &str) {
        let timestamp = Timestamp::parse_rfc3339(text).unwrap();
        assert_eq!(timestamp.epoch_millis(), millis, "{text}");
        assert_eq!(timestamp.to_string(), printed, "{text}");
    }

    #[test]
    fn reads_and_prints() {
        check("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z");
        check(
            "2016-12-05T21:29:29Z",
            1480973369000,
            "2016-12-05T21:29:29Z",
        );
        check(
            "2023-01-02T03:04:05.678901234Z",
            1672628645678,
            "2023-01-02T03:04:05.678Z",
        );
        check(
            "2023-01-02T03:04:05.5+01:30",
            1672623245500,
            "2023-01-02T01:34:05.500Z",
        );
        check(
            "2024-02-29T23:59:59-18:00",
            1709315999000,
            "2024-03-01T17:59:59Z",
        );
        check("0000-01-01T00:00:00Z", MILLIS_MIN, "0000-01-01T00:00:00Z");
        check(
            "9999-12-31T23:59:59.999Z",
            MILLIS_MAX,
            "9999-12-31T23:59:59.999Z",
        );
    }

    #[test]
    fn refuses_other_forms() {
        for text in [
            "",
            "2016-12-05 21:29:29Z",
            "2016-12-05T21:29:29",
            "2016-13-05T21:29:29Z",
            "2016-12-05T25:29:29Z",
            "05-12-2016T21:29:29Z",
            "2016-12-05t21:29:29Z",
            "2016-12-05T21:29:29z",
            "2016-12-05T21:29:29.Z",
            "2016-12-05T21:29:29.1234567890Z",
            "2016-12-05T21:29Z",
            "2016-12-05T21:29:60Z",
            "2023-02-29T00:00:00Z",
            "2016-12-05T21:29:29+19:00",
            "2016-12-05T21:29:29+0100",
            "2016-12-05T21:29:29Zx",
            "２016-12-05T21:29:29Z",
        ] {
            assert_eq!(
                Timestamp::parse_rfc3339(text),
                Err(TimestampError),
                "{text}"
            );
        }
    }

    #[test]
    fn arithmetic_stays_in_range() {
        let last = Timestamp::from_epoch_millis(i64::MAX);
        assert_eq!(last.plus_millis(1), last);
        assert_eq!(last.to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(
            Timestamp::from_epoch_millis(i64::MIN).millis_since(last),
            i64::MIN
        );
        assert_eq!(
            Timestamp::from_epoch_millis(-1).to_string(),
            "1969-12-31T23:59:59.999Z"
        );
    }
}
