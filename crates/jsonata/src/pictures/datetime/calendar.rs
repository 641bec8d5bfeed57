//! Days, weeks and the parts of a moment, in integer arithmetic.
//!
//! Entry points: [`Moment`], [`days_from_civil`]. Knows nothing of text.

use super::picture::Component;

/// The largest distance from 1970, in milliseconds, of a timestamp: a hundred million days, the
/// range of a JavaScript date (years -271821 to 275760).
pub const MILLIS_MAX: i64 = 8_640_000_000_000_000;

pub(super) const MILLIS_PER_DAY: i64 = 86_400_000;

/// A moment in one zone, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    days: i64,
    millis_of_day: i64,
    year: i64,
    month: i64,
    day: i64,
}

impl Moment {
    /// The parts of a timestamp no farther from 1970 than [`MILLIS_MAX`] and a few days.
    pub(super) fn from_millis(millis: i64) -> Moment {
        let days = millis.div_euclid(MILLIS_PER_DAY);
        let (year, month, day) = civil_from_days(days);
        Moment {
            days,
            millis_of_day: millis.rem_euclid(MILLIS_PER_DAY),
            year,
            month,
            day,
        }
    }

    /// The value of a component; `None` for zones, calendar and era, which are not numbers here.
    /// Morning is 0 and afternoon is 1.
    pub(super) fn value(&self, component: Component) -> Option<i64> {
        let hour = self.millis_of_day / 3_600_000;
        match component {
            Component::Year => Some(self.year),
            Component::Month => Some(self.month),
            Component::Day => Some(self.day),
            Component::DayOfYear => Some(self.days - days_from_civil(self.year, 1, 1) + 1),
            Component::DayOfWeek => Some(weekday(self.days)),
            Component::WeekOfYear => Some(self.week((self.year, 1), 12).1),
            Component::WeekYear => Some(self.week((self.year, 1), 12).0.0),
            Component::WeekOfMonth => Some(self.week((self.year, self.month), 1).1),
            Component::WeekMonth => Some(self.week((self.year, self.month), 1).0.1),
            Component::Hour => Some(hour),
            Component::HalfDayHour => Some((hour + 11) % 12 + 1),
            Component::HalfDay => Some(hour / 12),
            Component::Minute => Some(self.millis_of_day / 60_000 % 60),
            Component::Second => Some(self.millis_of_day / 1000 % 60),
            Component::Fraction => Some(self.millis_of_day % 1000),
            Component::Offset | Component::OffsetName | Component::Calendar | Component::Era => {
                None
            }
        }
    }

    /// The period (year and month of its start) that owns the moment's week, and the number of the
    /// week in it. Periods are `months` long, and one is known to contain the moment.
    fn week(&self, containing: (i64, i64), months: i64) -> ((i64, i64), i64) {
        let next = add_months(containing, months);
        let owner = if self.days < first_week(containing) {
            add_months(containing, -months)
        } else if self.days >= first_week(next) {
            next
        } else {
            containing
        };
        (owner, (self.days - first_week(owner)).div_euclid(7) + 1)
    }
}

/// Days from 1970-01-01 to a date. The month may be any number (13 is the next January), the day
/// too; years beyond a few hundred million are the caller's to refuse.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = add_months((year, month), 0);
    // Years start in March, so that the leap day is the last of its year.
    let shifted = if month > 2 { year } else { year - 1 };
    let month_from_march = (month + 9) % 12;
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * month_from_march + 2) / 5;
    let leap_days = year_of_era / 4 - year_of_era / 100;
    // 719468 days lie between 0000-03-01 and 1970-01-01.
    era * 146_097 + year_of_era * 365 + leap_days + day_of_year + day - 1 - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let leap_corrected =
        day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096;
    let year_of_era = leap_corrected / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

/// Monday is 1, Sunday is 7.
fn weekday(days: i64) -> i64 {
    (days + 3).rem_euclid(7) + 1
}

/// The Monday of the week that holds the period's first Thursday (ISO 8601, and by extension for
/// months as well).
fn first_week((year, month): (i64, i64)) -> i64 {
    let first = days_from_civil(year, month, 1);
    let weekday = weekday(first);
    if weekday > 4 {
        first + 8 - weekday
    } else {
        first + 1 - weekday
    }
}

fn add_months((year, month): (i64, i64), months: i64) -> (i64, i64) {
    let month = month - 1 + months;
    (year + month.div_euclid(12), month.rem_euclid(12) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        let step = 12_345;
        let mut days = -100_000_000;
        while days <= 100_000_000 {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
            days += step;
        }
        assert_eq!(civil_from_days(0), (1970, 1, 1));
        assert_eq!(civil_from_days(-1), (1969, 12, 31));
        assert_eq!(civil_from_days(11_016), (2000, 2, 29));
        assert_eq!(civil_from_days(100_000_000), (275_760, 9, 13));
        assert_eq!(days_from_civil(2000, 14, 1), days_from_civil(2001, 2, 1));
        assert_eq!(days_from_civil(2000, 0, 31), days_from_civil(1999, 12, 31));
    }

    #[test]
    fn weeks_follow_iso() {
        for (date, year, week, weekday) in [
            ((2005, 1, 1), 2004, 53, 6),
            ((2005, 12, 31), 2005, 52, 6),
            ((2007, 1, 1), 2007, 1, 1),
            ((2008, 12, 29), 2009, 1, 1),
            ((2010, 1, 2), 2009, 53, 6),
        ] {
            let days = days_from_civil(date.0, date.1, date.2);
            let moment = Moment::from_millis(days * MILLIS_PER_DAY);
            assert_eq!(moment.value(Component::WeekYear), Some(year), "{date:?}");
            assert_eq!(moment.value(Component::WeekOfYear), Some(week), "{date:?}");
            assert_eq!(
                moment.value(Component::DayOfWeek),
                Some(weekday),
                "{date:?}"
            );
        }
    }
}
