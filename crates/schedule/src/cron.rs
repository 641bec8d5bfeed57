//! Cron expressions with six fields: minutes, hours, day of month, month, day of week, year.

use crate::civil::{Civil, days_in, weekday};
use crate::field::{DAYS, DAYS_OF_WEEK, HOURS, MINUTES, MONTHS_OF_YEAR, Numbers, YEARS, number};

/// A cron expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cron {
    minutes: Numbers,
    hours: Numbers,
    days: Days,
    months: Numbers,
    years: Numbers,
}

/// Which days of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Days {
    OfMonth(Numbers),
    /// `L`, or `L-3`: so many days before the last one.
    FromLast(u8),
    /// `15W`: the working day nearest to that day, within the month.
    NearestWorkday(u8),
    /// `LW`
    LastWorkday,
    OfWeek(Numbers),
    /// `6#3`: the third Friday.
    NthOfWeek {
        weekday: u8,
        nth: u8,
    },
    /// `6L`: the last Friday.
    LastOfWeek(u8),
}

impl Cron {
    /// Reads the six fields.
    pub(crate) fn parse(text: &str) -> Option<Cron> {
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let [minutes, hours, of_month, months, of_week, years] = fields.as_slice() else {
            return None;
        };
        Some(Cron {
            minutes: Numbers::parse(minutes, MINUTES)?,
            hours: Numbers::parse(hours, HOURS)?,
            days: match (*of_month, *of_week) {
                // One of both has to be left open.
                ("?", "?") => return None,
                (of_month, "?") => days_of_month(of_month)?,
                ("?", of_week) => days_of_week(of_week)?,
                _ => return None,
            },
            months: Numbers::parse(months, MONTHS_OF_YEAR)?,
            years: Numbers::parse(years, YEARS)?,
        })
    }

    /// The first time after `after` that it names.
    pub(crate) fn next_after(&self, after: Civil) -> Option<Civil> {
        // From the beginning of the next minute on.
        let start = Civil::from_seconds(after.to_seconds().div_euclid(60) * 60 + 60);
        let mut year = u16::try_from(start.year).unwrap_or(0);
        loop {
            year = self.years.from(year)?;
            for month in 1..=12_u8 {
                let same_year = i32::from(year) == start.year;
                if !self.months.contains(month) || (same_year && month < start.month) {
                    continue;
                }
                let same_month = same_year && month == start.month;
                if let Some(found) = self.in_month(i32::from(year), month, start, same_month) {
                    return Some(found);
                }
            }
            year = year.checked_add(1)?;
        }
    }

    fn in_month(&self, year: i32, month: u8, start: Civil, same_month: bool) -> Option<Civil> {
        let first = if same_month { start.day } else { 1 };
        for day in first..=days_in(year, month) {
            if !self.days.contains(year, month, day) {
                continue;
            }
            let at = |hour: u16, minute: u16| Civil {
                year,
                month,
                day,
                hour: u8::try_from(hour).unwrap_or(0),
                minute: u8::try_from(minute).unwrap_or(0),
                second: 0,
            };
            if !(same_month && day == start.day) {
                return Some(at(self.hours.first(), self.minutes.first()));
            }
            let (hour, minute) = (u16::from(start.hour), u16::from(start.minute));
            if let (true, Some(minute)) = (self.hours.contains(hour), self.minutes.from(minute)) {
                return Some(at(hour, minute));
            }
            if let Some(hour) = self.hours.from(hour.saturating_add(1)) {
                return Some(at(hour, self.minutes.first()));
            }
        }
        None
    }
}

impl Days {
    fn contains(&self, year: i32, month: u8, day: u8) -> bool {
        let last = days_in(year, month);
        let on = weekday(year, month, day);
        match self {
            Days::OfMonth(numbers) => numbers.contains(day),
            Days::FromLast(before) => last.checked_sub(*before) == Some(day),
            Days::NearestWorkday(wanted) => {
                nearest_workday(year, month, (*wanted).min(last)) == day
            }
            Days::LastWorkday => nearest_workday(year, month, last) == day,
            Days::OfWeek(numbers) => numbers.contains(on),
            Days::NthOfWeek { weekday, nth } => on == *weekday && day.div_ceil(7) == *nth,
            Days::LastOfWeek(weekday) => on == *weekday && day.saturating_add(7) > last,
        }
    }
}

fn days_of_month(text: &str) -> Option<Days> {
    let upper = text.to_ascii_uppercase();
    if upper == "L" {
        return Some(Days::FromLast(0));
    }
    if upper == "LW" {
        return Some(Days::LastWorkday);
    }
    if let Some(before) = upper.strip_prefix("L-") {
        let before = before.parse().ok().filter(|before| *before < 31)?;
        return Some(Days::FromLast(before));
    }
    if let Some(day) = upper.strip_suffix('W') {
        let day = u8::try_from(number(day, DAYS)?).ok()?;
        return Some(Days::NearestWorkday(day));
    }
    Some(Days::OfMonth(Numbers::parse(text, DAYS)?))
}

fn days_of_week(text: &str) -> Option<Days> {
    let upper = text.to_ascii_uppercase();
    let weekday = |text: &str| u8::try_from(number(text, DAYS_OF_WEEK)?).ok();
    if upper == "L" {
        // The last day of the week.
        return Some(Days::OfWeek(Numbers::parse("7", DAYS_OF_WEEK)?));
    }
    if let Some((on, nth)) = upper.split_once('#') {
        return Some(Days::NthOfWeek {
            weekday: weekday(on)?,
            nth: nth.parse().ok().filter(|nth| (1..=5).contains(nth))?,
        });
    }
    if let Some(on) = upper.strip_suffix('L').and_then(weekday) {
        return Some(Days::LastOfWeek(on));
    }
    Some(Days::OfWeek(Numbers::parse(text, DAYS_OF_WEEK)?))
}

/// Saturdays go to the Friday before, Sundays to the Monday after, but not into another month.
fn nearest_workday(year: i32, month: u8, day: u8) -> u8 {
    let last = days_in(year, month);
    match weekday(year, month, day) {
        7 if day == 1 => 3,
        7 => day.saturating_sub(1),
        1 if day == last => day.saturating_sub(2),
        1 => day.saturating_add(1),
        _ => day,
    }
}
