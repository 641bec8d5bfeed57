//! ISO 8601 timestamps as JSONata reads them without a picture.
//!
//! Entry point: [`parse_iso`].

use super::calendar::{MILLIS_PER_DAY, days_from_civil};
use crate::error::Error;

/// Milliseconds since 1970 of `YYYY[-MM[-DD]][Thh:mm:ss[.f…]][Z|±hh:mm|±hhmm]`.
///
/// Parts left out are the earliest possible; without offset the time is in UTC; an offset needs a
/// time. A day that the month does not have runs on into the next month, as in JavaScript.
///
/// # Errors
/// `D3110` for any other text.
pub(super) fn parse_iso(text: &str) -> Result<i64, Error> {
    read(text).ok_or_else(|| {
        let message = format!("`{text}` is not an ISO 8601 timestamp");
        Error::new("D3110", message).value(text)
    })
}

fn read(text: &str) -> Option<i64> {
    let mut reader = Reader { rest: text };
    let year = reader.number(4)?;
    let (mut month, mut day) = (1, 1);
    if reader.sign("-") {
        month = reader.number(2).filter(|month| (1..=12).contains(month))?;
        if reader.sign("-") {
            day = reader.number(2).filter(|day| (1..=31).contains(day))?;
        }
    }
    let timed = reader.sign("T");
    let time = if timed { reader.time()? } else { 0 };
    let offset = reader.offset(timed)?;
    if !reader.rest.is_empty() {
        return None;
    }
    Some(days_from_civil(year, month, day) * MILLIS_PER_DAY + time - offset)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn sign(&mut self, sign: &str) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// A number of exactly so many ASCII digits.
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (number, rest) = self.rest.split_at_checked(digits)?;
        if !number.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        self.rest = rest;
        number.parse().ok()
    }

    /// Milliseconds since midnight.
    fn time(&mut self) -> Option<i64> {
        let hours = self.number(2)?;
        let minutes = self.sign(":").then(|| self.number(2))??;
        let seconds = self.sign(":").then(|| self.number(2))??;
        let millis = if self.sign(".") { self.millis()? } else { 0 };
        let time = ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
        (minutes < 60 && seconds < 60 && time <= MILLIS_PER_DAY).then_some(time)
    }

    /// A fraction of a second, cut after three digits.
    fn millis(&mut self) -> Option<i64> {
        let end = self
            .rest
            .find(|sign: char| !sign.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let (fraction, rest) = self.rest.split_at_checked(end).filter(|_| end > 0)?;
        self.rest = rest;
        fraction
            .bytes()
            .chain(*b"00")
            .take(3)
            .try_fold(0, |millis, digit| {
                Some(millis * 10 + i64::from(digit.checked_sub(b'0')?))
            })
    }

    /// Milliseconds east of UTC; zero when there is no offset.
    fn offset(&mut self, timed: bool) -> Option<i64> {
        if self.rest.is_empty() || self.sign("Z") {
            return Some(0);
        }
        let factor = match (timed, self.sign("+"), self.sign("-")) {
            (true, true, false) => 60_000,
            (true, false, true) => -60_000,
            _ => return None,
        };
        let hours = self.number(2).filter(|hours| *hours < 24)?;
        self.sign(":");
        let minutes = self.number(2).filter(|minutes| *minutes < 60)?;
        Some((hours * 60 + minutes) * factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps() {
        for (text, expected) in [
            ("2018", Some(1_514_764_800_000)),
            ("2018Z", Some(1_514_764_800_000)),
            ("2017-10", Some(1_506_816_000_000)),
            ("2017-10-30", Some(1_509_321_600_000)),
            ("2017-10-30T15:28:34", Some(1_509_377_314_000)),
            ("2017-10-30T15:28:34Z", Some(1_509_377_314_000)),
            ("2018-02-01T09:42:13.123+0000", Some(1_517_478_133_123)),
            ("2018-02-01T09:42:13.1239999Z", Some(1_517_478_133_123)),
            ("2018-02-01T09:42:13.1Z", Some(1_517_478_133_100)),
            ("2018-01-01T10:00:00+05:30", Some(1_514_781_000_000)),
            ("2018-01-01T10:00:00-0530", Some(1_514_820_600_000)),
            ("2018-01-01T24:00:00Z", Some(1_514_851_200_000)),
            ("2018T10:00:00", Some(1_514_800_800_000)),
            ("2018-02-31", Some(1_520_035_200_000)),
            ("0050-01-01", Some(-60_589_296_000_000)),
            ("2018-13-01", None),
            ("2018-00-01", None),
            ("2018-02-32", None),
            ("2018-01-01T24:00:00.001Z", None),
            ("2018-01-01T25:00:00", None),
            ("2018-01-01T10:60:00", None),
            ("2018-01-01T10:00", None),
            ("2018-01-01+0100", None),
            ("2018-01-01T10:00:00-2500", None),
            ("2018-01-01T10:00:00+01", None),
            ("2018-01-01T10:00:00.", None),
            ("2018-01-01-01", None),
            ("2018.5", None),
            ("01-02-2018", None),
            ("+018", None),
            ("20\u{e9}8", None),
            ("foo", None),
            ("", None),
        ] {
            assert_eq!(parse_iso(text).ok(), expected, "{text}");
        }
    }
}
