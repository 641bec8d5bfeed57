//! One number from many.

use crate::eval::{Evaluator, Outcome};
use crate::functions::Arguments;
use crate::value::Value;

/// The numbers of the first argument; nothing where it is undefined.
fn numbers(
    evaluator: &mut Evaluator<'_>,
    arguments: &mut Arguments,
) -> Result<Option<Value>, Box<crate::error::Error>> {
    let array = arguments.next();
    if array.is_undefined() {
        return Ok(None);
    }
    evaluator.budget.spend_steps(array.len())?;
    Ok(Some(array))
}

fn each(array: &Value) -> impl Iterator<Item = f64> + '_ {
    array.members().filter_map(|item| item.as_number())
}

pub(super) fn sum(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    match numbers(evaluator, &mut arguments)? {
        Some(array) => {
            let total = each(&array).sum::<f64>();
            evaluator.number(total)
        }
        None => Ok(Value::Undefined),
    }
}

pub(super) fn max(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = numbers(evaluator, &mut arguments)?;
    match array.and_then(|array| each(&array).reduce(f64::max)) {
        Some(number) => evaluator.number(number),
        None => Ok(Value::Undefined),
    }
}

pub(super) fn min(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = numbers(evaluator, &mut arguments)?;
    match array.and_then(|array| each(&array).reduce(f64::min)) {
        Some(number) => evaluator.number(number),
        None => Ok(Value::Undefined),
    }
}

#[expect(clippy::cast_precision_loss, reason = "no array has 2^53 items")]
pub(super) fn average(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(array) = numbers(evaluator, &mut arguments)?.filter(|array| array.len() > 0) else {
        return Ok(Value::Undefined);
    };
    let total = each(&array).sum::<f64>();
    evaluator.number(total / array.len() as f64)
}
