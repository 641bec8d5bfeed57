//! Wall-clock times, to the minute and second.

use passo_vocab::calendar;

/// A wall-clock time. Ordered as time goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    /// 1970 to 2199 in cron expressions.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

const SECONDS_PER_DAY: i64 = 86_400;

impl Civil {
    /// The time that is `seconds` after the beginning of 1970.
    pub fn from_seconds(seconds: i64) -> Civil {
        let (days, rest) = (
            seconds.div_euclid(SECONDS_PER_DAY),
            seconds.rem_euclid(SECONDS_PER_DAY),
        );
        let (year, month, day) = calendar::civil_from_days(days);
        Civil {
            year: i32::try_from(year).unwrap_or(i32::MAX),
            month: small(month),
            day: small(day),
            hour: small(rest / 3600),
            minute: small(rest / 60 % 60),
            second: small(rest % 60),
        }
    }

    /// Seconds since the beginning of 1970.
    pub fn to_seconds(self) -> i64 {
        let (hour, minute) = (i64::from(self.hour), i64::from(self.minute));
        days(self.year, self.month, self.day) * SECONDS_PER_DAY
            + hour * 3600
            + minute * 60
            + i64::from(self.second)
    }

    /// Reads `2026-11-20T13:53:25`; seconds may be left out.
    pub fn parse(text: &str) -> Option<Civil> {
        let (date, time) = text.split_once('T')?;
        let mut date = date.splitn(3, '-');
        let mut time = time.splitn(3, ':');
        let civil = Civil {
            year: date.next()?.parse().ok()?,
            month: date.next()?.parse().ok()?,
            day: date.next()?.parse().ok()?,
            hour: time.next()?.parse().ok()?,
            minute: time.next()?.parse().ok()?,
            second: time.next().unwrap_or("0").parse().ok()?,
        };
        let fits = (1970..=9999).contains(&civil.year)
            && (1..=12).contains(&civil.month)
            && (1..=days_in(civil.year, civil.month)).contains(&civil.day)
            && civil.hour < 24
            && civil.minute < 60
            && civil.second < 60;
        fits.then_some(civil)
    }
}

fn days(year: i32, month: u8, day: u8) -> i64 {
    calendar::days_from_civil(i64::from(year), i64::from(month), i64::from(day))
}

/// Days of a month.
pub(crate) fn days_in(year: i32, month: u8) -> u8 {
    small(calendar::days_in_month(i64::from(year), i64::from(month)))
}

/// The day of the week, 1 is Sunday.
pub(crate) fn weekday(year: i32, month: u8, day: u8) -> u8 {
    small(calendar::weekday_from_days(days(year, month, day)))
}

/// A part of a time: always small.
fn small(value: i64) -> u8 {
    u8::try_from(value).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_the_same_times() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00", 0),
            ("2000-02-29T12:34:56", 951_827_696),
            ("2026-11-20T13:53:25", 1_795_182_805),
            ("2100-03-01T00:00:00", 4_107_542_400),
        ] {
            let civil = Civil::parse(text).unwrap();
            assert_eq!(
                (civil.to_seconds(), Civil::from_seconds(seconds)),
                (seconds, civil)
            );
        }
        for bad in [
            "2026-02-29T00:00",
            "2026-13-01T00:00",
            "2026-01-01",
            "2026-01-01T24:00",
        ] {
            assert_eq!(Civil::parse(bad), None, "{bad}");
        }
        assert_eq!(weekday(2026, 11, 20), 6);
    }
}
