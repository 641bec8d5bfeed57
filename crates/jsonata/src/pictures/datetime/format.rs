//! A timestamp as text.
//!
//! Entry point: [`format_datetime`].

use super::calendar::{MILLIS_MAX, Moment};
use super::picture::{Component, Marker, Part, Presentation, parse};
use crate::error::Error;
use crate::pictures::integer::{Case, Grouping, IntegerPicture, Primary, format_digits};

/// The picture of ISO 8601 in UTC or with an offset, to the millisecond.
const ISO_8601: &str = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";

/// `$fromMillis`: a timestamp after an XPath 3.1 picture, ISO 8601 without one, in the zone given
/// as an offset from UTC (`+hhmm`, `-hh:mm` or `Z`).
///
/// # Errors
/// `D1001` when the timestamp is farther from 1970 than [`MILLIS_MAX`] or a width is above 1000,
/// `D3134` for a zone that is no offset, `D3130` to `D3135` when the picture breaks a rule.
pub fn format_datetime(
    millis: i64,
    picture: Option<&str>,
    timezone: Option<&str>,
) -> Result<String, Error> {
    if millis.unsigned_abs() > MILLIS_MAX.unsigned_abs() {
        let message = format!("the timestamp `{millis}` is out of range");
        return Err(Error::new("D1001", message).value(millis.to_string()));
    }
    let offset = match timezone {
        Some(text) => parse_offset(text)?,
        None => Offset {
            west: false,
            hours: 0,
            minutes: 0,
        },
    };
    let moment = Moment::from_millis(millis.saturating_add(offset.millis()));
    let mut text = String::new();
    for part in parse(picture.unwrap_or(ISO_8601))? {
        match part {
            Part::Literal(literal) => text.push_str(&literal),
            Part::Marker(marker) => text.push_str(&format_marker(&moment, offset, &marker)?),
        }
    }
    Ok(text)
}

/// A distance from UTC: at most 99 hours and 99 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Offset {
    west: bool,
    hours: u8,
    minutes: u8,
}

impl Offset {
    fn millis(self) -> i64 {
        let minutes = i64::from(self.hours) * 60 + i64::from(self.minutes);
        if self.west {
            -minutes * 60_000
        } else {
            minutes * 60_000
        }
    }
}

/// `hhmm` with or without sign, fewer digits being minutes first, as jsonata.js reads them; or
/// `hh:mm`, or `Z`.
fn parse_offset(text: &str) -> Result<Offset, Error> {
    let trimmed = text.trim();
    let (west, rest) = match trimmed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let digits = match rest.split_once(':') {
        Some((hours, minutes)) if hours.len() <= 2 && minutes.len() == 2 => {
            format!("{hours}{minutes}")
        }
        Some(_) => String::new(),
        None if trimmed == "Z" => "0".to_owned(),
        None => rest.to_owned(),
    };
    let valid = digits.len() <= 4 && digits.bytes().all(|digit| digit.is_ascii_digit());
    match digits.parse::<u16>() {
        Ok(number) if valid => Ok(Offset {
            west,
            hours: u8::try_from(number / 100).unwrap_or(0),
            minutes: u8::try_from(number % 100).unwrap_or(0),
        }),
        _ => {
            let message = format!("the zone `{text}` is not an offset such as `-0500`");
            Err(Error::new("D3134", message).value(text))
        }
    }
}

fn format_marker(moment: &Moment, offset: Offset, marker: &Marker) -> Result<String, Error> {
    let component = marker.component;
    match component {
        Component::Offset | Component::OffsetName => return format_offset(offset, marker),
        Component::Calendar | Component::Era => return Ok("ISO".to_owned()),
        _ => {}
    }
    let value = moment.value(component).unwrap_or(0);
    if component == Component::HalfDay {
        let text = if value == 0 { "am" } else { "pm" };
        let upper = marker.presentation == Presentation::Name(Case::Upper);
        return Ok(if upper {
            text.to_uppercase()
        } else {
            text.to_owned()
        });
    }
    match &marker.presentation {
        Presentation::Integer(picture) => {
            let value = match (component, marker.digits) {
                (Component::Year, Some(digits)) => last_digits(value, digits),
                _ => value,
            };
            let digits = format_digits(&value.unsigned_abs().to_string(), picture)?;
            Ok(if value < 0 {
                format!("-{digits}")
            } else {
                digits
            })
        }
        Presentation::Name(case) => {
            let index = usize::try_from(value - 1).ok();
            let name = component
                .names()
                .zip(index)
                .and_then(|(names, index)| names.get(index));
            let name = case.apply(name.ok_or_else(|| unnamed(component))?);
            let width = marker.width_max.unwrap_or(name.len());
            Ok(name.chars().take(width).collect())
        }
        Presentation::Plain => Ok(value.to_string()),
    }
}

/// The error for a name that a component does not have.
pub(super) fn unnamed(component: Component) -> Error {
    let message = format!(
        "the name modifier can only be applied to months and days in a date/time picture, not {component:?}"
    );
    Error::new("D3133", message).value(format!("{component:?}"))
}

fn last_digits(value: i64, digits: usize) -> i64 {
    let power = u32::try_from(digits)
        .ok()
        .and_then(|digits| 10_i64.checked_pow(digits));
    power.map_or(value, |power| value % power)
}

fn format_offset(offset: Offset, marker: &Marker) -> Result<String, Error> {
    let Presentation::Integer(picture) = &marker.presentation else {
        return Err(bad_offset_picture());
    };
    let zero = offset.hours == 0 && offset.minutes == 0;
    if zero && marker.zulu {
        // The picture is checked all the same, so that it fails in every zone or in none.
        offset_digits(offset, picture)?;
        return Ok("Z".to_owned());
    }
    let name = if marker.component == Component::OffsetName {
        "GMT"
    } else {
        ""
    };
    let sign = if offset.west && !zero { '-' } else { '+' };
    Ok(format!("{name}{sign}{}", offset_digits(offset, picture)?))
}

fn offset_digits(offset: Offset, picture: &IntegerPicture) -> Result<String, Error> {
    let Primary::Decimal(pattern) = &picture.primary else {
        return Err(bad_offset_picture());
    };
    let whole = (u32::from(offset.hours) * 100 + u32::from(offset.minutes)).to_string();
    match (&pattern.grouping, pattern.mandatory) {
        (Grouping::Regular { .. }, _) | (Grouping::Irregular(_), 3 | 4) => {
            format_digits(&whole, picture)
        }
        (Grouping::Irregular(_), 1 | 2) => {
            let hours = format_digits(&offset.hours.to_string(), picture)?;
            Ok(match offset.minutes {
                0 => hours,
                minutes => format!("{hours}:{minutes:02}"),
            })
        }
        (Grouping::Irregular(_), _) => Err(bad_offset_picture()),
    }
}

fn bad_offset_picture() -> Error {
    Error::new(
        "D3134",
        "an offset in a date/time picture has one to four digits",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(millis: i64, picture: &str, timezone: Option<&str>, expected: &str) {
        let found = format_datetime(millis, Some(picture), timezone);
        let found = found.unwrap_or_else(|error| error.code.to_owned());
        assert_eq!(found, expected, "{millis} with {picture} in {timezone:?}");
    }

    const MARCH: i64 = 1_521_801_216_617;
    const JULY: i64 = 1_531_310_400_000;

    #[test]
    fn iso_without_a_picture() {
        for (millis, zone, expected) in [
            (1, None, "1970-01-01T00:00:00.001Z"),
            (MARCH, None, "2018-03-23T10:33:36.617Z"),
            (MARCH, Some("-0500"), "2018-03-23T05:33:36.617-05:00"),
            (MARCH, Some("0000"), "2018-03-23T10:33:36.617Z"),
            (MILLIS_MAX, None, "275760-09-13T00:00:00.000Z"),
            (-MILLIS_MAX, None, "-271821-04-20T00:00:00.000Z"),
            (-62_198_755_200_001, None, "-0002-12-31T23:59:59.999Z"),
        ] {
            let found = format_datetime(millis, None, zone);
            // Years of more than four digits lose the rest, as the picture `[Y0001]` says.
            let expected = expected.replace("275760", "5760").replace("271821", "1821");
            assert_eq!(found, Ok(expected));
        }
        assert_eq!(
            format_datetime(MILLIS_MAX + 1, None, None)
                .unwrap_err()
                .code,
            "D1001"
        );
        assert_eq!(
            format_datetime(i64::MIN, None, Some("-9999"))
                .unwrap_err()
                .code,
            "D1001"
        );
        assert!(format_datetime(-MILLIS_MAX, None, Some("-9999")).is_ok());
    }

    #[test]
    fn literals() {
        check(MARCH, "Hello", None, "Hello");
        check(MARCH, "", None, "");
        check(MARCH, "[[Year: <[Y0001]>", None, "[Year: <2018>");
        check(MARCH, "Year]]: [Y]]", None, "Year]: 2018]");
        check(MARCH, "[[[Y]]]", None, "[2018]");
        check(MARCH, "[Y", None, "D3135");
        check(MARCH, "[]", None, "D3132");
        check(MARCH, "[q1]", None, "D3132");
        check(MARCH, "[ ]", None, "D3132");
        check(MARCH, "[,]", None, "D3132");
    }

    #[test]
    fn numbers() {
        check(
            MARCH,
            "[Y]-[ M01]-[D 01]T[H01 ]:[ m   ]:[s].[f0  01]",
            None,
            "2018-03-23T10:33:36.617",
        );
        check(MARCH, "[D#1,2]/[M1,2]/[Y,2]", None, "23/03/18");
        check(MARCH, "[Y0001,2-2]", None, "18");
        check(MARCH, "[Y,*-4]", None, "2018");
        check(MARCH, "[YI,*-2]", None, "XVIII");
        check(MARCH, "[Y9,999,*]", None, "2,018");
        check(MARCH, "[Y,99999999999]", None, "D1001");
        check(MARCH, "[Y,x-y]", None, "2018");
        check(MARCH, "[Da] [MA] [Yi]", None, "w C mmxviii");
        check(
            MARCH,
            "[D1o] [Dwo] [Yw] [DWwo]",
            None,
            "23rd twenty-third two thousand and eighteen Twenty-Third",
        );
        check(MARCH, "[D\u{0661}]", None, "\u{0662}\u{0663}");
        check(MARCH, "[D0\u{0661}]", None, "D3131");
        check(MARCH, "[D\u{3b1}]", None, "D3130");
        check(
            MARCH,
            "[d] [W] [w] [F0] [H] [h] [m] [s] [f]",
            None,
            "82 12 4 5 10 10 33 36 617",
        );
        check(-1, "[Y0001]-[M01] [h] [P]", None, "1969-12 11 pm");
    }

    #[test]
    fn names() {
        check(
            MARCH,
            "[MNn] [MN] [Mn] [MNn,3-3] [FNn,*-3] [F]",
            None,
            "March MARCH march Mar Fri friday",
        );
        check(
            MARCH,
            "[h] [P] [PN] [Pn] [P1] [C] [E]",
            None,
            "10 am AM am am ISO ISO",
        );
        check(MARCH, "[YN]", None, "D3133");
        check(MARCH, "[fN]", None, "D3133");
        check(1_359_720_000_000, "[w] of [xNn]", None, "5 of January");
    }

    #[test]
    fn offsets() {
        for (picture, zone, expected) in [
            ("[Z]", "-0500", "-05:00"),
            ("[Z0]", "-0500", "-5"),
            ("[Z0]", "+1000", "+10"),
            ("[Z0]", "+0530", "+5:30"),
            ("[Z00]", "-0530", "-05:30"),
            ("[Z0101]", "-0530", "-0530"),
            ("[Z01:01]", "-0030", "-00:30"),
            ("[Z01:01]", "0", "+00:00"),
            ("[Z01:01t]", "-0", "Z"),
            ("[Z0101t]", "+0100", "+0100"),
            ("[z]", "-05:00", "GMT-05:00"),
            ("[zt]", "Z", "D3134"),
            ("[z1t]", "Z", "Z"),
            ("[Z010101t]", "+0530", "D3134"),
            ("[ZA]", "+0530", "D3134"),
            ("[ZN]", "+0530", "D3134"),
            ("[Z]", "Europe/Lisbon", "D3134"),
            ("[Z]", "+12345", "D3134"),
            ("[Z]", "", "D3134"),
            ("[Z]", "--5", "D3134"),
            ("[Z]", "+5:3", "D3134"),
        ] {
            check(JULY, picture, Some(zone), expected);
        }
        check(JULY, "[H01]:[m01]", Some("-0530"), "06:30");
        check(JULY, "[H01]:[m01]", Some("+0530"), "17:30");
    }
}
