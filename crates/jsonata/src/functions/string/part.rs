//! Parts of strings, and strings put together.

use crate::error::Error;
use crate::eval::{Evaluator, Outcome};
use crate::functions::Arguments;
use crate::value::Value;
use passo_json::Json;

pub(super) fn length(_: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    Ok(match arguments.text() {
        Some(text) => crate::functions::callback::index(text.chars().count()),
        None => Value::Undefined,
    })
}

pub(super) fn substring(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let (start, length) = match (arguments.number(), arguments.number()) {
        (Some(start), length) => (start, length),
        (None, None) => (0.0, None),
        (None, Some(_)) => return Ok(Value::from("")),
    };
    let count = characters(&text);
    let start = if count + start < 0.0 { 0.0 } else { start };
    let end = match length {
        Some(length) if length <= 0.0 => return Ok(Value::from("")),
        Some(length) if start >= 0.0 => start + length,
        Some(length) => count + start + length,
        None => count,
    };
    let first = place(start, count);
    let last = place(end, count);
    let part: String = text
        .chars()
        .skip(first)
        .take(last.saturating_sub(first))
        .collect();
    evaluator.text(part)
}

#[expect(clippy::cast_precision_loss, reason = "no string has 2^53 characters")]
fn characters(text: &str) -> f64 {
    text.chars().count() as f64
}

/// A place in a string of `count` characters: from the end where negative, and within the string.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=count"
)]
fn place(number: f64, count: f64) -> usize {
    let number = number.trunc();
    let number = if number < 0.0 { count + number } else { number };
    number.clamp(0.0, count) as usize
}

pub(super) fn substring_before(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    // Without a mark the text is as if it did not contain it.
    let Some(mark) = arguments.text() else {
        return Ok(Value::Json(Json::String(text)));
    };
    let before = text.split_once(&*mark).map_or(&*text, |(before, _)| before);
    evaluator.text(before.to_owned())
}

pub(super) fn substring_after(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    // Without a mark the text is as if it did not contain it.
    let Some(mark) = arguments.text() else {
        return Ok(Value::Json(Json::String(text)));
    };
    let after = text.split_once(&*mark).map_or(&*text, |(_, after)| after);
    evaluator.text(after.to_owned())
}

/// Pads to a width: on the right, or on the left where it is negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positive, and checked against the budget"
)]
pub(super) fn pad(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let width = arguments.number().unwrap_or(0.0);
    let filler = arguments.text().filter(|filler| !filler.is_empty());
    let filler = filler.as_deref().unwrap_or(" ");
    let missing = width.abs().trunc() - characters(&text);
    if missing < 1.0 {
        return Ok(Value::Json(Json::String(text)));
    }
    let missing = missing as usize;
    let bytes = missing
        .saturating_mul(filler.len())
        .saturating_add(text.len());
    evaluator.budget.spend_bytes(bytes)?;
    let padding: String = filler.chars().cycle().take(missing).collect();
    Ok(Value::from(if width > 0.0 {
        format!("{text}{padding}")
    } else {
        format!("{padding}{text}")
    }))
}

pub(super) fn join(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if array.is_undefined() {
        return Ok(array);
    }
    let separator = arguments.text();
    let separator = separator.as_deref().unwrap_or("");
    let mut joined = String::new();
    for (index, item) in array.members().enumerate() {
        let part = item.as_text().ok_or_else(|| {
            Box::new(Error::new(
                "T0412",
                "argument 1 must be an array of strings",
            ))
        })?;
        let between = if index > 0 { separator } else { "" };
        evaluator.budget.spend_bytes(between.len() + part.len())?;
        joined.push_str(between);
        joined.push_str(part);
    }
    Ok(Value::from(joined))
}
