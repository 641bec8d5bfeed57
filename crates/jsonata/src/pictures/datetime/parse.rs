//! Text as a timestamp.
//!
//! Entry point: [`parse_datetime`].

use super::calendar::{MILLIS_MAX, MILLIS_PER_DAY, Moment, days_from_civil};
use super::iso::parse_iso;
use super::matcher::captures;
use super::picture::{Component, Marker, Presentation, parse};
use crate::error::Error;
use crate::pictures::integer::{Grouping, Primary, parse_text};

/// The largest absolute value of a component that is taken seriously.
const VALUE_MAX: f64 = 1e9;

/// `$toMillis`: the timestamp written after an XPath 3.1 picture, or in ISO 8601 without one.
///
/// Components more significant than the first given are taken from `now_millis` (in UTC), less
/// significant ones are the earliest possible. `None` when the text does not follow the picture or
/// no component is given. As in JavaScript, years 0 to 99 lie in the twentieth century, and a day or
/// an hour beyond the last runs on.
///
/// # Errors
/// `D3110` when the text is no ISO 8601 timestamp or its timestamp is out of range ([`MILLIS_MAX`]);
/// `D3136` when a component between two others is missing, or for week dates; `D3130` to `D3135`
/// when the picture breaks a rule; `U1001` when matching takes too long.
pub fn parse_datetime(
    text: &str,
    picture: Option<&str>,
    now_millis: i64,
) -> Result<Option<i64>, Error> {
    let Some(picture) = picture else {
        return parse_iso(text).map(Some);
    };
    let parts = parse(picture)?;
    let Some(captures) = captures(&parts, text)? else {
        return Ok(None);
    };
    let Some(given) = Given::read(&captures)? else {
        return Ok(None);
    };
    let now = Moment::from_millis(now_millis.clamp(-MILLIS_MAX, MILLIS_MAX));
    let millis = given.completed(&now)?.millis();
    if millis.unsigned_abs() > MILLIS_MAX.unsigned_abs() {
        return Err(out_of_range(text));
    }
    Ok(Some(millis))
}

fn out_of_range(text: &str) -> Error {
    let message = format!("the timestamp `{text}` is out of range");
    Error::new("D3110", message).value(text)
}

/// The components that a text gives; of several alike the last counts.
struct Given {
    values: Vec<(Component, i64)>,
    /// Minutes east of UTC.
    offset: i64,
}

impl Given {
    /// `None` when no component is given, or a number cannot be read.
    fn read(captures: &[(&Marker, String)]) -> Result<Option<Given>, Error> {
        let mut given = Given {
            values: Vec::new(),
            offset: 0,
        };
        let mut any = false;
        for (marker, text) in captures {
            let component = marker.component;
            match &marker.presentation {
                Presentation::Name(_) | Presentation::Plain => {
                    if let Some(value) = value_of_name(marker, text) {
                        given.values.push((component, value));
                        any = true;
                    }
                }
                Presentation::Integer(_)
                    if matches!(component, Component::Offset | Component::OffsetName) =>
                {
                    given.offset = offset_minutes(marker, text);
                    any = true;
                }
                Presentation::Integer(picture) => {
                    let text = match component {
                        Component::Fraction => {
                            text.char_indices()
                                .nth(3)
                                .map_or(text.as_str(), |(end, _)| {
                                    // Digits beyond the millisecond are cut.
                                    text.get(..end).unwrap_or(text)
                                })
                        }
                        _ => text,
                    };
                    let Some(value) = parse_text(text, picture)?.and_then(whole) else {
                        return Ok(None);
                    };
                    given.values.push((component, value));
                    any = true;
                }
            }
        }
        Ok(any.then_some(given))
    }

    fn get(&self, component: Component) -> Option<i64> {
        let mut found = self
            .values
            .iter()
            .rev()
            .filter(|(known, _)| *known == component);
        found.next().map(|(_, value)| *value)
    }

    /// Whether some of `own` is given and nothing else of `all`.
    fn only(&self, own: &[Component], all: &[Component]) -> bool {
        let mut relevant = all
            .iter()
            .filter(|component| self.get(**component).is_some())
            .peekable();
        relevant.peek().is_some() && relevant.all(|component| own.contains(component))
    }

    /// Chooses the way in which the date and the time are given, and fills what is missing.
    fn completed(&self, now: &Moment) -> Result<Given, Error> {
        let (date, halved) = (self.date_components()?, self.is_half_day());
        let time = if halved {
            &HALF_DAY_TIME[..]
        } else {
            &DAY_TIME[..]
        };
        let mut completed = Given {
            values: Vec::new(),
            offset: self.offset,
        };
        let (mut started, mut ended) = (false, false);
        for component in date.iter().chain(time) {
            let value = match self.get(*component) {
                Some(_) if ended => return Err(missing_components()),
                Some(value) => {
                    started = true;
                    value
                }
                None if started => {
                    ended = true;
                    let counted_from_one = matches!(
                        component,
                        Component::Month | Component::Day | Component::DayOfYear
                    );
                    i64::from(counted_from_one)
                }
                // The half of the day is never taken from now: morning is meant.
                None if *component == Component::HalfDay => 0,
                None => now.value(*component).unwrap_or(0),
            };
            completed.values.push((*component, value));
        }
        Ok(completed)
    }

    fn date_components(&self) -> Result<&'static [Component], Error> {
        let week_dates = [&WEEK_OF_MONTH_DATE[..], &WEEK_DATE[..]];
        if week_dates
            .iter()
            .any(|week_date| self.only(week_date, &DATE))
        {
            return Err(missing_components());
        }
        let in_months = self.only(&MONTH_DATE, &DATE);
        let in_days = !in_months && self.only(&DAY_OF_YEAR_DATE, &DATE);
        Ok(if in_days {
            &DAY_OF_YEAR_DATE
        } else {
            &MONTH_DATE
        })
    }

    fn is_half_day(&self) -> bool {
        !self.only(&DAY_TIME, &TIME) && self.only(&HALF_DAY_TIME, &TIME)
    }

    /// The timestamp of components that are all there. Values are at most [`VALUE_MAX`] each, so
    /// nothing overflows.
    fn millis(&self) -> i64 {
        let value = |component| self.get(component).unwrap_or(0);
        let year = match value(Component::Year) {
            short @ 0..=99 => short + 1900,
            year => year,
        };
        let days = match self.get(Component::DayOfYear) {
            Some(day) => days_from_civil(year, 1, day),
            None => days_from_civil(year, value(Component::Month).max(1), value(Component::Day)),
        };
        let hours = match self.get(Component::HalfDayHour) {
            Some(12) => value(Component::HalfDay) * 12,
            Some(hour) => hour + value(Component::HalfDay) * 12,
            None => value(Component::Hour),
        };
        let minutes = hours * 60 + value(Component::Minute) - self.offset;
        let seconds = minutes * 60 + value(Component::Second);
        days.saturating_mul(MILLIS_PER_DAY)
            .saturating_add(seconds * 1000)
            .saturating_add(value(Component::Fraction))
    }
}

const DATE: [Component; 8] = [
    Component::Year,
    Component::WeekYear,
    Component::Month,
    Component::WeekMonth,
    Component::WeekOfYear,
    Component::WeekOfMonth,
    Component::DayOfYear,
    Component::Day,
];
const MONTH_DATE: [Component; 3] = [Component::Year, Component::Month, Component::Day];
const DAY_OF_YEAR_DATE: [Component; 2] = [Component::Year, Component::DayOfYear];
const WEEK_OF_MONTH_DATE: [Component; 3] = [
    Component::WeekYear,
    Component::WeekMonth,
    Component::WeekOfMonth,
];
const WEEK_DATE: [Component; 2] = [Component::WeekYear, Component::WeekOfYear];

const TIME: [Component; 6] = [
    Component::HalfDay,
    Component::Hour,
    Component::HalfDayHour,
    Component::Minute,
    Component::Second,
    Component::Fraction,
];
const DAY_TIME: [Component; 4] = [
    Component::Hour,
    Component::Minute,
    Component::Second,
    Component::Fraction,
];
const HALF_DAY_TIME: [Component; 5] = [
    Component::HalfDay,
    Component::HalfDayHour,
    Component::Minute,
    Component::Second,
    Component::Fraction,
];

fn missing_components() -> Error {
    let message = "the date/time picture lacks components that the timestamp needs";
    Error::new("D3136", message)
}

fn whole(value: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float up to VALUE_MAX fits"
    )]
    (value.abs() <= VALUE_MAX).then_some(value as i64)
}

/// The number of a month or day name, cut to the marker's width, or the half of the day.
fn value_of_name(marker: &Marker, text: &str) -> Option<i64> {
    if marker.component == Component::HalfDay {
        return match text.to_ascii_lowercase().as_str() {
            "am" => Some(0),
            "pm" => Some(1),
            _ => None,
        };
    }
    let width = marker
        .width_max
        .filter(|width| *width > 0)
        .unwrap_or(usize::MAX);
    // Of several names that are cut to the same letters, the last counts.
    let index = marker.component.names()?.iter().rposition(|name| {
        let cut: String = name.chars().take(width).collect();
        cut.eq_ignore_ascii_case(text)
    })?;
    i64::try_from(index + 1).ok()
}

/// Minutes east of UTC of an offset that the marker's shape matched.
fn offset_minutes(marker: &Marker, text: &str) -> i64 {
    let digits = text.trim_start_matches(|sign: char| !matches!(sign, '-' | '+'));
    let west = digits.starts_with('-');
    let digits = digits.trim_start_matches(['-', '+']);
    let separator = match &marker.presentation {
        Presentation::Integer(picture) => match &picture.primary {
            Primary::Decimal(pattern) => match pattern.grouping {
                Grouping::Regular { sign, .. } => Some(sign),
                Grouping::Irregular(_) => None,
            },
            Primary::Letters | Primary::Roman | Primary::Words | Primary::Sequence(_) => None,
        },
        Presentation::Name(_) | Presentation::Plain => None,
    };
    let (hours, minutes) = match separator {
        Some(separator) => digits.split_once(separator).unwrap_or((digits, "0")),
        None if digits.len() <= 2 => (digits, "0"),
        None => digits
            .split_at_checked(digits.len() - 2)
            .unwrap_or((digits, "0")),
    };
    let number = |digits: &str| digits.parse::<i64>().unwrap_or(0);
    let offset = number(hours) * 60 + number(minutes);
    if west { -offset } else { offset }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2020-06-15T12:34:56.789Z.
    const NOW: i64 = 1_592_224_496_789;

    #[track_caller]
    fn check(text: &str, picture: &str, expected: &str) {
        let found = match parse_datetime(text, Some(picture), NOW) {
            Ok(Some(millis)) => super::super::format_datetime(millis, None, None).unwrap(),
            Ok(None) => "none".to_owned(),
            Err(error) => error.code.to_owned(),
        };
        assert_eq!(found, expected, "{text} with {picture}");
    }

    #[test]
    fn dates() {
        check("2018", "[Y1]", "2018-01-01T00:00:00.000Z");
        check("201802", "[Y0001][M01]", "2018-02-01T00:00:00.000Z");
        check("20180205", "[Y0001][M01][D01]", "2018-02-05T00:00:00.000Z");
        check(
            "27th 3 1976",
            "[D1o] [M#1] [Y0001]",
            "1976-03-27T00:00:00.000Z",
        );
        check(
            "21ST 12 1881",
            "[D1o] [M01] [Y0001]",
            "1881-12-21T00:00:00.000Z",
        );
        check(
            "27 iii MMXVIII",
            "[D1] [Mi] [YI]",
            "2018-03-27T00:00:00.000Z",
        );
        check("ae C mmxviii", "[Da] [MA] [Yi]", "2018-03-31T00:00:00.000Z");
        check("2018--180", "[Y]--[d]", "2018-06-29T00:00:00.000Z");
        check(
            "2018--180 10:30",
            "[Y]--[d] [H]:[m]",
            "2018-06-29T10:30:00.000Z",
        );
        check(
            "three hundred and sixty-fifth day of 2018",
            "[dwo] day of [Y]",
            "2018-12-31T00:00:00.000Z",
        );
        check("50", "[Y]", "1950-01-01T00:00:00.000Z");
        check("2018-02-31", "[Y]-[M]-[D]", "2018-03-03T00:00:00.000Z");
        check("2018-14-01", "[Y]-[M]-[D]", "2019-02-01T00:00:00.000Z");
        check("12", "[M]", "2020-12-01T00:00:00.000Z");
        check("2018-22", "[Y]-[D]", "D3136");
        check("2018-W22", "[X]-W[W]", "D3136");
        check("2018 3 2", "[X] [x] [w]", "D3136");
        check("999999-01-01", "[Y]-[M]-[D]", "D3110");
        check("99999999999999999999999999", "[Y]", "none");
    }

    #[test]
    fn names_and_words() {
        check(
            "27th April 2008",
            "[D1o] [MNn] [Y0001]",
            "2008-04-27T00:00:00.000Z",
        );
        check(
            "27th APRIL 2008",
            "[D1o] [MNn] [Y0001]",
            "2008-04-27T00:00:00.000Z",
        );
        check(
            "5 Sep 2008",
            "[D] [MNn,3-3] [Y]",
            "2008-09-05T00:00:00.000Z",
        );
        check(
            "twenty-seven April 2008",
            "[Dw] [MNn] [Y0001]",
            "2008-04-27T00:00:00.000Z",
        );
        check(
            "twenty-first August two thousand and seventeen",
            "[Dw] [MNn] [Yw]",
            "2017-08-21T00:00:00.000Z",
        );
        check(
            "Twentieth of August, two thousand and seventeen",
            "[DW] of [MNn], [Yw]",
            "2017-08-20T00:00:00.000Z",
        );
        check(
            "Mon, Twelfth November 2018",
            "[FNn,*-3], [DWwo] [MNn] [Y]",
            "2018-11-12T00:00:00.000Z",
        );
        check(
            "Wednesday, 14th November 2018",
            "[FNn], [D1o] [MNn] [Y]",
            "2018-11-14T00:00:00.000Z",
        );
        check("Foo", "[MNn]", "none");
        check("and and", "[Yw]", "none");
        check("2018", "[YN]", "D3133");
    }

    #[test]
    fn times() {
        check("13:45", "[H]:[m]", "2020-06-15T13:45:00.000Z");
        check("00:00:00", "[H01]:[m01]:[s01]", "2020-06-15T00:00:00.000Z");
        for (text, expected) in [
            ("12:06 am", "00:06"),
            ("06:30 AM", "06:30"),
            ("12:06 pm", "12:06"),
            ("11:30 pm", "23:30"),
        ] {
            let expected = format!("2018-04-04T{expected}:00.000Z");
            check(
                &format!("4/4/2018 {text}"),
                "[D1]/[M1]/[Y0001] [h]:[m] [P]",
                &expected,
            );
        }
        check("10:30", "[h]:[m]", "2020-06-15T10:30:00.000Z");
        check("4/4/2018 10:30", "[D1]/[M1]/[Y0001] [h]:[m]", "D3136");
        check("2018-01-01 10", "[Y]-[M]-[D] [m]", "D3136");
        check(
            "2018-03-27T14:03:00.123Z",
            "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001]Z",
            "2018-03-27T14:03:00.123Z",
        );
        check(
            "14:03:00.123999",
            "[H01]:[m01]:[s01].[f001]",
            "2020-06-15T14:03:00.123Z",
        );
    }

    #[test]
    fn offsets() {
        for (text, picture, expected) in [
            ("+02:00", "[Z]", "06:00"),
            ("+05:30", "[Z]", "02:30"),
            ("-05:30", "[Z]", "13:30"),
            ("GMT-05:00", "[z]", "13:00"),
            ("gmt-5", "[z01]", "13:00"),
            ("+0530", "[Z0001]", "02:30"),
            ("+0", "[Z0]", "08:00"),
        ] {
            let expected = format!("2020-09-09T{expected}:00.000Z");
            let picture = format!("[Y0001]-[M01]-[D01] [H01]:[m01] {picture}");
            check(&format!("2020-09-09 08:00 {text}"), &picture, &expected);
        }
        check("08:00 05:00", "[H]:[m] [Z]", "none");
        check("08:00 +05", "[H]:[m] [Z]", "none");
    }

    #[test]
    fn texts_that_do_not_match() {
        check("Hello", "Hello", "none");
        check("", "", "none");
        check("", "[Y]", "none");
        check("2018-05-22", "[Y]-[M]-[q]", "D3132");
        check("2018", "[Y", "D3135");
        check("2018", "[Y\u{3b1}]", "D3130");
        check("2018 ISO", "[Y] [C]", "D3133");
        check(&"1".repeat(2000), "[Y]", "none");
    }

    #[test]
    fn the_search_is_bounded() {
        for (text, picture) in [
            ("1".repeat(1000), "[D]".repeat(1000)),
            ("1".repeat(900), format!("{}x", "[D]".repeat(450))),
            ("one ".repeat(250), "[Dw]".repeat(30)),
            ("one".repeat(333), format!("{}x", "[Dw]".repeat(100))),
        ] {
            let found = parse_datetime(&text, Some(&picture), NOW);
            let found = found.map_err(|error| error.code);
            assert!(matches!(found, Ok(None) | Err("U1001")), "{found:?}");
        }
    }
}
