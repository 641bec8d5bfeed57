//! Which characters of a text each part of a picture takes.
//!
//! Entry point: [`captures`]. The longest possible run is tried first for each part in turn, and
//! shorter ones when the rest of the text does not fit, as a regular expression would. Knows nothing
//! of what the runs mean.

use super::format::unnamed;
use super::picture::{Component, Marker, Part, Presentation};
use crate::error::{Error, LIMIT};
use crate::pictures::integer::{Grouping, Primary, unsupported_sequence, words};

/// The longest text that is read, in characters. Longer ones match no picture.
const TEXT_MAX: usize = 1000;

/// How much work a match may take: runs tried.
const STEPS_MAX: usize = 2_000_000;

/// What a part takes.
enum Shape {
    Literal(Vec<char>),
    Name,
    Digits {
        zero: u32,
        min: usize,
        max: usize,
        ordinal: bool,
    },
    Letters,
    Roman,
    Words,
    Offset {
        named: bool,
        separator: Option<char>,
    },
}

/// The run of characters that each marker takes when the parts take the whole text; `None` when
/// they cannot.
///
/// # Errors
/// `D3130` for a numbering sequence, `D3133` for a name that the component does not have, `U1001`
/// when the search is too long.
pub(super) fn captures<'a>(
    parts: &'a [Part],
    text: &str,
) -> Result<Option<Vec<(&'a Marker, String)>>, Error> {
    let shapes = parts.iter().map(shape).collect::<Result<Vec<_>, Error>>()?;
    let text: Vec<char> = text.chars().collect();
    // Every part takes at least one character.
    if text.len() > TEXT_MAX || shapes.len() > text.len() {
        return Ok(None);
    }
    let Some(ends) = search(&shapes, &text)? else {
        return Ok(None);
    };
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let runs = starts
        .zip(&ends)
        .map(|(start, end)| text.get(start..*end).unwrap_or_default());
    let captures = parts.iter().zip(runs).filter_map(|(part, run)| match part {
        Part::Literal(_) => None,
        Part::Marker(marker) => Some((marker, run.iter().collect())),
    });
    Ok(Some(captures.collect()))
}

fn shape(part: &Part) -> Result<Shape, Error> {
    let marker = match part {
        Part::Literal(literal) => return Ok(Shape::Literal(literal.chars().collect())),
        Part::Marker(marker) => marker,
    };
    let component = marker.component;
    let picture = match &marker.presentation {
        Presentation::Integer(picture) => picture,
        Presentation::Name(_) | Presentation::Plain => {
            let named = component.names().is_some() || component == Component::HalfDay;
            return if named {
                Ok(Shape::Name)
            } else {
                Err(unnamed(component))
            };
        }
    };
    if matches!(component, Component::Offset | Component::OffsetName) {
        let separator = match &picture.primary {
            Primary::Decimal(pattern) => match pattern.grouping {
                Grouping::Regular { sign, .. } => Some(sign),
                Grouping::Irregular(_) => None,
            },
            Primary::Letters | Primary::Roman | Primary::Words | Primary::Sequence(_) => None,
        };
        return Ok(Shape::Offset {
            named: component == Component::OffsetName,
            separator,
        });
    }
    match &picture.primary {
        Primary::Letters => Ok(Shape::Letters),
        Primary::Roman => Ok(Shape::Roman),
        Primary::Words => Ok(Shape::Words),
        Primary::Decimal(pattern) => {
            let (min, max) = match marker.digits.filter(|digits| *digits > 0) {
                Some(digits) => (digits.saturating_sub(pattern.optional).max(1), digits),
                None => (1, usize::MAX),
            };
            Ok(Shape::Digits {
                zero: pattern.zero,
                min,
                max,
                ordinal: picture.ordinal,
            })
        }
        Primary::Sequence(token) => Err(unsupported_sequence(token)),
    }
}

/// Where each shape ends. A place (shape and start) is tried once: when it comes up again it has
/// failed before.
fn search(shapes: &[Shape], text: &[char]) -> Result<Option<Vec<usize>>, Error> {
    let mut steps = STEPS_MAX;
    let width = text.len() + 1;
    let mut tried = vec![false; shapes.len() * width];
    // For each shape so far, the ends not yet tried (best last) and the one chosen.
    let mut open: Vec<Vec<usize>> = Vec::new();
    let mut ends: Vec<usize> = Vec::new();
    loop {
        let rank = ends.len();
        let start = ends.last().copied().unwrap_or(0);
        if rank == shapes.len() && start == text.len() {
            return Ok(Some(ends));
        }
        if let Some(shape) = shapes.get(rank)
            && let Some(tried) = tried.get_mut(rank * width + start)
            && !std::mem::replace(tried, true)
        {
            let mut runs = run_ends(shape, text, start, &mut steps);
            runs.reverse();
            steps = steps.saturating_sub(runs.len() + 1);
            open.push(runs);
            ends.push(start);
        }
        if steps == 0 {
            return Err(Error::new(
                LIMIT,
                "reading the timestamp takes too many steps",
            ));
        }
        loop {
            let (Some(runs), Some(chosen)) = (open.last_mut(), ends.last_mut()) else {
                return Ok(None);
            };
            if let Some(end) = runs.pop() {
                *chosen = end;
                break;
            }
            open.pop();
            ends.pop();
        }
    }
}

/// Where a shape that starts at `start` may end, the longest run first.
fn run_ends(shape: &Shape, text: &[char], start: usize, steps: &mut usize) -> Vec<usize> {
    match shape {
        Shape::Literal(literal) => {
            let found = text.get(start..start + literal.len());
            let same = found.is_some_and(|found| {
                found
                    .iter()
                    .zip(literal)
                    .all(|(found, sign)| same_letter(*found, *sign))
            });
            if same {
                vec![start + literal.len()]
            } else {
                Vec::new()
            }
        }
        Shape::Name | Shape::Letters => ends_of(text, start, 1, usize::MAX, |sign| {
            sign.is_ascii_alphabetic()
        }),
        Shape::Roman => ends_of(text, start, 1, usize::MAX, |sign| {
            matches!(
                sign.to_ascii_uppercase(),
                'M' | 'D' | 'C' | 'L' | 'X' | 'V' | 'I'
            )
        }),
        Shape::Words => words::word_ends(text, start, steps),
        Shape::Digits {
            zero,
            min,
            max,
            ordinal,
        } => {
            let is_digit = |sign: char| {
                u32::from(sign)
                    .checked_sub(*zero)
                    .is_some_and(|digit| digit < 10)
            };
            let ends = ends_of(text, start, *min, *max, is_digit);
            if !ordinal {
                return ends;
            }
            let suffixed = ends
                .into_iter()
                .filter(|end| has_ordinal_suffix(text, *end));
            suffixed.map(|end| end + 2).collect()
        }
        Shape::Offset { named, separator } => offset_ends(text, start, *named, *separator),
    }
}

fn ends_of(
    text: &[char],
    start: usize,
    min: usize,
    max: usize,
    accepts: impl Fn(char) -> bool,
) -> Vec<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let length = rest
        .iter()
        .take(max)
        .take_while(|sign| accepts(**sign))
        .count();
    (min..=length).rev().map(|length| start + length).collect()
}

fn has_ordinal_suffix(text: &[char], start: usize) -> bool {
    let suffix = text.get(start..start + 2).unwrap_or_default();
    let suffix: String = suffix.iter().map(char::to_ascii_lowercase).collect();
    matches!(suffix.as_str(), "st" | "nd" | "rd" | "th")
}

fn offset_ends(text: &[char], start: usize, named: bool, separator: Option<char>) -> Vec<usize> {
    let mut at = start;
    if named {
        let name = text.get(at..at + 3).unwrap_or_default();
        if !name.iter().collect::<String>().eq_ignore_ascii_case("GMT") {
            return Vec::new();
        }
        at += 3;
    }
    if !matches!(text.get(at), Some('-' | '+')) {
        return Vec::new();
    }
    let hours = ends_of(text, at + 1, 1, 4, |sign| sign.is_ascii_digit());
    let Some(separator) = separator else {
        return hours;
    };
    let separated = hours
        .into_iter()
        .filter(|end| text.get(*end) == Some(&separator));
    separated
        .flat_map(|end| ends_of(text, end + 1, 1, 4, |sign| sign.is_ascii_digit()))
        .collect()
}

fn same_letter(left: char, right: char) -> bool {
    left == right || left.to_lowercase().eq(right.to_lowercase())
}
