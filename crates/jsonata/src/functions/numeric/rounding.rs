//! `$round`: to a number of decimal places, halves to the even neighbour.

use crate::eval::{Evaluator, Outcome};
use crate::functions::Arguments;
use crate::value::Value;

pub(super) fn round(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(number) = arguments.number() else {
        return Ok(Value::Undefined);
    };
    let places = arguments.number().unwrap_or(0.0);
    evaluator.number(round_to(number, places))
}

/// Rounds on the decimal digits, so that what prints as a half is one.
pub(super) fn round_to(number: f64, places: f64) -> f64 {
    // Beyond these no double has a digit to round, or one to keep.
    let places = places.trunc().clamp(-400.0, 400.0);
    let rounded = shift(shift(number, places).round_ties_even(), -places);
    if rounded.is_finite() { rounded } else { number }
}

/// The number times ten to a power, by its decimal digits.
fn shift(number: f64, places: f64) -> f64 {
    if places == 0.0 {
        return number;
    }
    let text = format!("{number:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent = exponent.parse::<f64>().unwrap_or(0.0) + places;
    format!("{mantissa}e{exponent}").parse().unwrap_or(number)
}
