//! Letters and white space.

use crate::eval::{Evaluator, Outcome};
use crate::functions::Arguments;
use crate::value::Value;

pub(super) fn lowercase(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    match arguments.text() {
        Some(text) => evaluator.text(text.to_lowercase()),
        None => Ok(Value::Undefined),
    }
}

pub(super) fn uppercase(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    match arguments.text() {
        Some(text) => evaluator.text(text.to_uppercase()),
        None => Ok(Value::Undefined),
    }
}

/// White space within becomes one space; at the ends it goes.
pub(super) fn trim(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let words = text
        .split([' ', '\t', '\n', '\r'])
        .filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    evaluator.text(words.join(" "))
}
