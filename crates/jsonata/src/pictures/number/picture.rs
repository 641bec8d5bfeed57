//! What a number picture says: its parts, their rules, and the sizes that follow from them.
//!
//! Entry point: [`SubPicture::parse`] for one half of a picture. The rules are those of XPath 3.1
//! section 4.7.3, the sizes those of 4.7.4.

use super::options::DecimalFormat;
use crate::error::{Error, ErrorCode};

/// How the number is scaled before it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// As it is.
    One,
    /// Times a hundred.
    Percent,
    /// Times a thousand.
    PerMille,
}

/// Where grouping separators stand in the integer part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Grouping {
    /// After every so many digits from the point, at least one.
    Every(usize),
    /// At these distances from the point only; possibly none.
    At(Vec<usize>),
}

/// One analysed half of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SubPicture {
    pub(super) prefix: String,
    pub(super) suffix: String,
    pub(super) scale: Scale,
    pub(super) integer_min: usize,
    /// How many integer digits a scaled mantissa has.
    pub(super) scaling: usize,
    pub(super) integer_grouping: Grouping,
    pub(super) fraction_min: usize,
    pub(super) fraction_max: usize,
    /// Distances from the point, ascending.
    pub(super) fraction_grouping: Vec<usize>,
    /// The fewest exponent digits; `None` without exponent.
    pub(super) exponent_min: Option<usize>,
}

/// The parts of a picture, as written.
struct Parts {
    prefix: Vec<char>,
    active: Vec<char>,
    suffix: Vec<char>,
    mantissa: Vec<char>,
    integer: Vec<char>,
    fraction: Vec<char>,
    exponent: Option<Vec<char>>,
}

impl SubPicture {
    /// Reads one half of a picture.
    ///
    /// # Errors
    /// `D3081` to `D3093`, the rule broken that comes last in the order of XPath's list.
    pub(super) fn parse(text: &str, format: &DecimalFormat) -> Result<SubPicture, Error> {
        let parts = split(text, format);
        if let Some(code) = broken_rule(text, &parts, format) {
            return Err(Error::new(code, message(code)).value(text));
        }
        Ok(analyse(text, &parts, format))
    }
}

fn split(text: &str, format: &DecimalFormat) -> Parts {
    let signs: Vec<char> = text.chars().collect();
    let edge = |sign: &char| format.is_active(*sign) && *sign != format.exponent_separator;
    let start = signs.iter().position(edge).unwrap_or(signs.len());
    let end = signs.iter().rposition(edge).map_or(start, |last| last + 1);
    let part = |from: usize, to: usize| signs.get(from..to).unwrap_or_default().to_vec();
    let active = part(start, end);
    let (mantissa, mut exponent) = split_at_sign(&active, format.exponent_separator);
    // A separator right after the digits opens an exponent too, which then lacks its digits.
    if exponent.is_none() && signs.get(end) == Some(&format.exponent_separator) {
        exponent = Some(Vec::new());
    }
    let (integer, fraction) = split_at_sign(&mantissa, format.decimal_separator);
    Parts {
        prefix: part(0, start),
        suffix: part(end, signs.len()),
        fraction: fraction.unwrap_or_default(),
        active,
        mantissa,
        integer,
        exponent,
    }
}

fn split_at_sign(signs: &[char], separator: char) -> (Vec<char>, Option<Vec<char>>) {
    let mut halves = signs.splitn(2, |sign| *sign == separator);
    let first = halves.next().unwrap_or_default().to_vec();
    (first, halves.next().map(<[char]>::to_vec))
}

/// The last rule that the picture breaks, as jsonata.js reports it.
fn broken_rule(text: &str, parts: &Parts, format: &DecimalFormat) -> Option<ErrorCode> {
    let has_percent = contains(text, &format.percent);
    let has_per_mille = contains(text, &format.per_mille);
    let decimals = text.matches(format.decimal_separator).count();
    let grouping = format.grouping_separator;
    let beside_decimal = [
        [grouping, format.decimal_separator],
        [format.decimal_separator, grouping],
    ];
    let exponent = parts.exponent.as_deref();
    let rules: [(ErrorCode, bool); 13] = [
        ("D3081", decimals > 1),
        ("D3082", occurs_twice(text, &format.percent)),
        ("D3083", occurs_twice(text, &format.per_mille)),
        ("D3084", has_percent && has_per_mille),
        (
            "D3085",
            !parts.mantissa.iter().any(|sign| format.is_any_digit(*sign)),
        ),
        (
            "D3086",
            !parts.active.iter().all(|sign| format.is_active(*sign)),
        ),
        (
            "D3087",
            decimals > 0 && beside_decimal.iter().any(|pair| contains_pair(text, *pair)),
        ),
        (
            "D3088",
            decimals == 0 && parts.integer.last() == Some(&grouping),
        ),
        ("D3089", contains_pair(text, [grouping, grouping])),
        ("D3090", member_before_optional(&parts.integer, format)),
        ("D3091", member_after_optionals(&parts.fraction, format)),
        (
            "D3092",
            exponent.is_some_and(|digits| !digits.is_empty()) && (has_percent || has_per_mille),
        ),
        (
            "D3093",
            exponent.is_some_and(|digits| {
                digits.is_empty() || !digits.iter().all(|sign| format.is_member_digit(*sign))
            }),
        ),
    ];
    rules
        .into_iter()
        .rev()
        .find(|(_, broken)| *broken)
        .map(|(code, _)| code)
}

fn contains(text: &str, sign: &str) -> bool {
    !sign.is_empty() && text.contains(sign)
}

fn occurs_twice(text: &str, sign: &str) -> bool {
    !sign.is_empty() && text.find(sign) != text.rfind(sign)
}

fn contains_pair(text: &str, pair: [char; 2]) -> bool {
    text.chars()
        .zip(text.chars().skip(1))
        .any(|(left, right)| [left, right] == pair)
}

/// Whether a mandatory digit precedes the first `#`.
fn member_before_optional(signs: &[char], format: &DecimalFormat) -> bool {
    let optional = signs.iter().position(|sign| *sign == format.digit);
    let before = signs.iter().take(optional.unwrap_or(0));
    before.into_iter().any(|sign| format.is_member_digit(*sign))
}

/// Whether a mandatory digit follows the last `#`. One between two of them passes, as in jsonata.js.
fn member_after_optionals(signs: &[char], format: &DecimalFormat) -> bool {
    let Some(optional) = signs.iter().rposition(|sign| *sign == format.digit) else {
        return false;
    };
    signs
        .iter()
        .skip(optional)
        .any(|sign| format.is_member_digit(*sign))
}

fn analyse(text: &str, parts: &Parts, format: &DecimalFormat) -> SubPicture {
    let members = |signs: &[char]| {
        signs
            .iter()
            .filter(|sign| format.is_member_digit(**sign))
            .count()
    };
    let scaling = members(&parts.integer);
    let mut integer_min = scaling;
    let mut fraction_min = members(&parts.fraction);
    let mut fraction_max = digits_in(&parts.fraction, format);
    let exponent_min = parts.exponent.as_deref().map(members);
    if integer_min == 0 && fraction_max == 0 {
        if exponent_min.is_some() {
            (fraction_min, fraction_max) = (1, 1);
        } else {
            integer_min = 1;
        }
    }
    if exponent_min.is_some() && integer_min == 0 && parts.integer.contains(&format.digit) {
        integer_min = 1;
    }
    if integer_min == 0 && fraction_min == 0 {
        fraction_min = 1;
    }
    SubPicture {
        prefix: parts.prefix.iter().collect(),
        suffix: parts.suffix.iter().collect(),
        scale: if contains(text, &format.percent) {
            Scale::Percent
        } else if contains(text, &format.per_mille) {
            Scale::PerMille
        } else {
            Scale::One
        },
        integer_min,
        scaling,
        integer_grouping: integer_grouping(&parts.integer, format),
        fraction_min,
        fraction_max: fraction_max.max(fraction_min),
        fraction_grouping: separator_distances(parts.fraction.iter(), format),
        exponent_min,
    }
}

fn digits_in(signs: &[char], format: &DecimalFormat) -> usize {
    signs
        .iter()
        .filter(|sign| format.is_any_digit(**sign))
        .count()
}

/// How many digits precede each separator, in the direction of `signs`.
fn separator_distances<'a>(
    signs: impl Iterator<Item = &'a char>,
    format: &DecimalFormat,
) -> Vec<usize> {
    let (mut digits, mut distances) = (0, Vec::new());
    for sign in signs {
        if *sign == format.grouping_separator {
            distances.push(digits);
        } else if format.is_any_digit(*sign) {
            digits += 1;
        }
    }
    distances
}

fn integer_grouping(integer: &[char], format: &DecimalFormat) -> Grouping {
    let distances = separator_distances(integer.iter().rev(), format);
    let every = distances.first().copied().unwrap_or(0);
    let mut ranked = distances.iter().zip(1_usize..);
    let regular = ranked.all(|(distance, rank)| every.checked_mul(rank) == Some(*distance));
    if every > 0 && regular {
        Grouping::Every(every)
    } else {
        Grouping::At(distances)
    }
}

fn message(code: ErrorCode) -> &'static str {
    match code {
        "D3081" => "the sub-picture has more than one decimal separator",
        "D3082" => "the sub-picture has more than one percent sign",
        "D3083" => "the sub-picture has more than one per-mille sign",
        "D3084" => "the sub-picture has both a percent and a per-mille sign",
        "D3085" => "the mantissa of the sub-picture has no digit",
        "D3086" => "the sub-picture has a character without meaning between its digits",
        "D3087" => "the sub-picture has a grouping separator beside the decimal separator",
        "D3088" => "the integer part of the sub-picture ends with a grouping separator",
        "D3089" => "the sub-picture has two grouping separators side by side",
        "D3090" => "the integer part has an optional digit after a mandatory one",
        "D3091" => "the fractional part has a mandatory digit after an optional one",
        "D3092" => "the sub-picture has an exponent and a percent or per-mille sign",
        _ => "the exponent of the sub-picture has something else than digits",
    }
}
