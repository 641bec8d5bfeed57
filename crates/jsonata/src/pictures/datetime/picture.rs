//! What a timestamp picture says.
//!
//! Entry point: [`parse`]. Knows nothing of moments.

use crate::error::Error;
use crate::pictures::integer::{Case, IntegerPicture};

/// The largest width a marker may ask for: more would only waste memory.
const WIDTH_MAX: usize = 1000;

/// The letter of a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Component {
    /// `Y`.
    Year,
    /// `M`.
    Month,
    /// `D`, in the month.
    Day,
    /// `d`.
    DayOfYear,
    /// `F`.
    DayOfWeek,
    /// `W`, ISO 8601.
    WeekOfYear,
    /// `w`.
    WeekOfMonth,
    /// `X`: the year that the ISO week belongs to.
    WeekYear,
    /// `x`: the month that the week belongs to.
    WeekMonth,
    /// `H`, 0 to 23.
    Hour,
    /// `h`, 1 to 12.
    HalfDayHour,
    /// `P`, am or pm.
    HalfDay,
    /// `m`.
    Minute,
    /// `s`.
    Second,
    /// `f`, in milliseconds.
    Fraction,
    /// `Z`.
    Offset,
    /// `z`: the offset after `GMT`.
    OffsetName,
    /// `C`.
    Calendar,
    /// `E`.
    Era,
}

impl Component {
    /// The component of a letter, and its default presentation.
    fn from_letter(letter: char) -> Option<(Component, &'static str)> {
        Some(match letter {
            'Y' => (Component::Year, "1"),
            'M' => (Component::Month, "1"),
            'D' => (Component::Day, "1"),
            'd' => (Component::DayOfYear, "1"),
            'F' => (Component::DayOfWeek, "n"),
            'W' => (Component::WeekOfYear, "1"),
            'w' => (Component::WeekOfMonth, "1"),
            'X' => (Component::WeekYear, "1"),
            'x' => (Component::WeekMonth, "1"),
            'H' => (Component::Hour, "1"),
            'h' => (Component::HalfDayHour, "1"),
            'P' => (Component::HalfDay, "n"),
            'm' => (Component::Minute, "01"),
            's' => (Component::Second, "01"),
            'f' => (Component::Fraction, "1"),
            'Z' => (Component::Offset, "01:01"),
            'z' => (Component::OffsetName, "01:01"),
            'C' => (Component::Calendar, "n"),
            'E' => (Component::Era, "n"),
            _ => return None,
        })
    }

    /// Whether the component is shown as a number unless a name is asked for.
    fn is_integer(self) -> bool {
        match self {
            Component::Year
            | Component::Month
            | Component::Day
            | Component::DayOfYear
            | Component::DayOfWeek
            | Component::WeekOfYear
            | Component::WeekOfMonth
            | Component::WeekYear
            | Component::WeekMonth
            | Component::Hour
            | Component::HalfDayHour
            | Component::Minute
            | Component::Second
            | Component::Fraction => true,
            Component::HalfDay
            | Component::Offset
            | Component::OffsetName
            | Component::Calendar
            | Component::Era => false,
        }
    }

    /// The names of a component's values, the first value being 1; none for most components.
    pub(super) fn names(self) -> Option<&'static [&'static str]> {
        match self {
            Component::Month | Component::WeekMonth => Some(&MONTHS),
            Component::DayOfWeek => Some(&DAYS),
            _ => None,
        }
    }
}

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// How a marker shows its component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Presentation {
    /// As a name in this case.
    Name(Case),
    /// As a number.
    Integer(IntegerPicture),
    /// As the component always is.
    Plain,
}

/// A variable part of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) component: Component,
    pub(super) presentation: Presentation,
    /// Whether a zero offset is shown as `Z`.
    pub(super) zulu: bool,
    /// The largest width of a name.
    pub(super) width_max: Option<usize>,
    /// The digits of a year (shown), or of a year, month or day (parsed).
    pub(super) digits: Option<usize>,
}

/// A part of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Text as it is; never empty.
    Literal(String),
    /// A marker in brackets.
    Marker(Marker),
}

/// Reads a picture.
///
/// # Errors
/// `D3135` for a bracket without end, `D3132` for an unknown component, `D3131` for digits of two
/// families, `D1001` for a width above 1000.
pub(super) fn parse(picture: &str) -> Result<Vec<Part>, Error> {
    let mut parts = Vec::new();
    let mut rest = picture;
    while let Some((literal, after)) = rest.split_once('[') {
        push_literal(&mut parts, literal);
        if let Some(after) = after.strip_prefix('[') {
            parts.push(Part::Literal("[".to_owned()));
            rest = after;
            continue;
        }
        let Some((marker, after)) = after.split_once(']') else {
            let message = "no matching closing bracket in a date/time picture";
            return Err(Error::new("D3135", message).value(picture));
        };
        parts.push(Part::Marker(parse_marker(marker)?));
        rest = after;
    }
    push_literal(&mut parts, rest);
    Ok(parts)
}

fn push_literal(parts: &mut Vec<Part>, literal: &str) {
    if !literal.is_empty() {
        parts.push(Part::Literal(literal.replace("]]", "]")));
    }
}

fn parse_marker(text: &str) -> Result<Marker, Error> {
    let mut signs = text.chars().filter(|sign| !sign.is_whitespace());
    let letter = signs.next();
    let Some((component, default)) = letter.and_then(Component::from_letter) else {
        let letter = letter.map(String::from).unwrap_or_default();
        let message = format!("unknown component `{letter}` in a date/time picture");
        return Err(Error::new("D3132", message).value(letter));
    };
    let rest: String = signs.collect();
    let (presentation, width) = match rest.rsplit_once(',') {
        Some((presentation, width)) => (presentation, Some(width)),
        None => (rest.as_str(), None),
    };
    let (width_min, width_max) = match width {
        Some(width) => parse_width(width)?,
        None => (None, None),
    };
    let (first, second) = split_modifiers(presentation, default);
    let (presentation, digits) = present(component, first, second, (width_min, width_max))?;
    Ok(Marker {
        component,
        presentation,
        zulu: second == Some('t'),
        width_max,
        digits,
    })
}

/// The first presentation modifier and the second, which is a single letter after the first.
fn split_modifiers<'a>(text: &'a str, default: &'a str) -> (&'a str, Option<char>) {
    if text.is_empty() {
        return (default, None);
    }
    for second in ['a', 't', 'c', 'o'] {
        if let Some(first) = text.strip_suffix(second).filter(|first| !first.is_empty()) {
            return (first, Some(second));
        }
    }
    (text, None)
}

fn parse_width(text: &str) -> Result<(Option<usize>, Option<usize>), Error> {
    let (min, max) = text.split_once('-').unwrap_or((text, ""));
    Ok((parse_bound(min)?, parse_bound(max)?))
}

/// The leading digits as a number; `None` for `*` and for anything else.
fn parse_bound(text: &str) -> Result<Option<usize>, Error> {
    let end = text
        .find(|sign: char| !sign.is_ascii_digit())
        .unwrap_or(text.len());
    let digits = text.get(..end).unwrap_or_default();
    if digits.is_empty() {
        return Ok(None);
    }
    match digits.parse() {
        Ok(width) if width <= WIDTH_MAX => Ok(Some(width)),
        _ => {
            let message = format!("a width in a date/time picture is at most {WIDTH_MAX}");
            Err(Error::new("D1001", message).value(digits))
        }
    }
}

type Widths = (Option<usize>, Option<usize>);

fn present(
    component: Component,
    first: &str,
    second: Option<char>,
    (width_min, width_max): Widths,
) -> Result<(Presentation, Option<usize>), Error> {
    if matches!(component, Component::Offset | Component::OffsetName) {
        return Ok((Presentation::Integer(IntegerPicture::parse(first)?), None));
    }
    if first.starts_with('n') {
        return Ok((Presentation::Name(Case::Lower), None));
    }
    if let Some(rest) = first.strip_prefix('N') {
        let case = if rest.starts_with('n') {
            Case::Title
        } else {
            Case::Upper
        };
        return Ok((Presentation::Name(case), None));
    }
    if !component.is_integer() {
        return Ok((Presentation::Plain, None));
    }
    let mut integer = match second {
        Some(second) => IntegerPicture::from_parts(first, second == 'o')?,
        None => IntegerPicture::parse(first)?,
    };
    let mut digits = None;
    let dated = matches!(
        component,
        Component::Year | Component::Month | Component::Day
    );
    if let Some(pattern) = integer.digits_mut() {
        pattern.mandatory = pattern.mandatory.max(width_min.unwrap_or(0));
        let natural = pattern.mandatory + pattern.optional;
        if dated {
            digits = Some(natural).filter(|digits| *digits >= 2);
            pattern.mandatory = width_max.unwrap_or(pattern.mandatory);
        }
    }
    if dated {
        digits = width_max.or(digits);
    }
    Ok((Presentation::Integer(integer), digits))
}
