//! Numbers from and to text.

use super::rounding::round_to;
use crate::error::Error;
use crate::eval::{Evaluator, Outcome};
use crate::functions::Arguments;
use crate::pictures::{self, DecimalFormat};
use crate::value::Value;
use passo_json::Json;

pub(super) fn number(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let value = arguments.next();
    match &value {
        Value::Json(Json::Bool(boolean)) => evaluator.number(f64::from(u8::from(*boolean))),
        Value::Json(Json::String(text)) => match parse(text) {
            Some(number) => evaluator.number(number),
            None => {
                let message = format!("unable to cast value to a number: \"{text}\"");
                Err(Box::new(Error::new("D3030", message).value(&**text)))
            }
        },
        _ => Ok(value),
    }
}

/// A decimal number as JSON writes it but with leading zeros, or digits after `0x`, `0o` or `0b`.
fn parse(text: &str) -> Option<f64> {
    let (radix, digits) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, text.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, text.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, text.get(2..)?),
        _ => return parse_decimal(text),
    };
    if digits.is_empty() {
        return None;
    }
    let mut number = 0.0_f64;
    for digit in digits.chars() {
        number = number * f64::from(radix) + f64::from(digit.to_digit(radix)?);
    }
    number.is_finite().then_some(number)
}

fn parse_decimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let parts = [Some(whole), fraction, exponent];
    if !parts.into_iter().flatten().all(is_number) {
        return None;
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "2 to 36"
)]
pub(super) fn format_base(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(number) = arguments.number() else {
        return Ok(Value::Undefined);
    };
    let radix = round_to(arguments.number().unwrap_or(10.0), 0.0);
    if !(2.0..=36.0).contains(&radix) {
        let message = format!(
            "the radix of the formatBase function must be between 2 and 36. It was given {radix}"
        );
        return Err(Box::new(
            Error::new("D3100", message).value(radix.to_string()),
        ));
    }
    let number = round_to(number, 0.0);
    if radix == 10.0 {
        return evaluator.text(crate::number::to_text(number));
    }
    let text = in_base(number, radix as u32);
    // Each digit is a division.
    evaluator.budget.spend_steps(text.len())?;
    evaluator.text(text)
}

/// A whole number in a base. Digits that a double does not hold are zeros.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a digit of the base"
)]
fn in_base(number: f64, radix: u32) -> String {
    let mut digits = Vec::new();
    let mut rest = number.abs();
    while rest >= 1.0 {
        let digit = rest % f64::from(radix);
        digits.extend(char::from_digit(digit as u32, radix));
        rest = ((rest - digit) / f64::from(radix)).trunc();
    }
    if digits.is_empty() {
        digits.push('0');
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let digits: String = digits.into_iter().rev().collect();
    format!("{sign}{digits}")
}

/// A picture, with the steps that it takes to read it.
fn picture(
    evaluator: &mut Evaluator<'_>,
    arguments: &mut Arguments,
) -> Result<std::sync::Arc<str>, Box<Error>> {
    let picture = arguments.text().unwrap_or_default();
    evaluator
        .budget
        .spend_steps(picture.len().saturating_mul(2))?;
    Ok(picture)
}

pub(super) fn format_number(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(number) = arguments.number() else {
        return Ok(Value::Undefined);
    };
    let picture = picture(evaluator, &mut arguments)?;
    let mut format = DecimalFormat::default();
    for (name, value) in arguments.next().entries() {
        if let Some(text) = value.as_text() {
            format.set(&name, text)?;
        }
    }
    let text = pictures::format_number(number, &picture, &format)?;
    evaluator.text(text)
}

pub(super) fn format_integer(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(number) = arguments.number() else {
        return Ok(Value::Undefined);
    };
    let picture = picture(evaluator, &mut arguments)?;
    let text = pictures::format_integer(number, &picture)?;
    // Words of large numbers are far longer than their picture.
    evaluator.budget.spend_steps(text.len())?;
    evaluator.text(text)
}

pub(super) fn parse_integer(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let picture = picture(evaluator, &mut arguments)?;
    match pictures::parse_integer(&text, &picture)? {
        Some(number) => evaluator.number(number),
        None => Ok(Value::Undefined),
    }
}
