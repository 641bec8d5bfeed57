//! The order of an array's items.

use crate::code::{Code, Node};
use crate::error::Error;
use crate::eval::{Evaluator, Outcome, Walked, all_plain, merge_sort, walk};
use crate::function::Function;
use crate::functions::Arguments;
use crate::functions::callback::Callback;
use crate::syntax::BinaryOperator;
use crate::value::Value;
use std::sync::Arc;

pub(super) fn reverse(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if array.is_undefined() || array.len() <= 1 {
        return Ok(array);
    }
    evaluator.budget.spend_items(array.len())?;
    let mut items = array.into_items();
    items.reverse();
    evaluator.array(items)
}

/// A random order, from the environment's numbers: each item goes to a random place among those
/// before it.
pub(super) fn shuffle(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if array.is_undefined() || array.len() <= 1 {
        return Ok(array);
    }
    evaluator.budget.spend_items(array.len())?;
    let mut items = array.into_items();
    for last in (1..items.len()).rev() {
        let bound = u64::try_from(last).unwrap_or(u64::MAX).saturating_add(1);
        let place = (evaluator.environment.random)() % bound;
        items.swap(last, usize::try_from(place).unwrap_or(last));
    }
    evaluator.array(items)
}

pub(super) fn sort(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if array.is_undefined() || array.len() <= 1 {
        return Ok(array);
    }
    evaluator.budget.spend_items(array.len())?;
    let comparator = arguments.next();
    let mut items = array.into_items();
    let mut order: Vec<usize> = (0..items.len()).collect();
    if comparator.is_undefined() {
        let sorted = match all_plain(&items) {
            Some(keys) => evaluator.sort_alike(&keys, false, &mut order)?,
            None => false,
        };
        if !sorted {
            return Err(Box::new(not_alike()));
        }
    } else if !sort_by_field(evaluator, &comparator, &items, &mut order)? {
        let callback = Callback::new(comparator)?;
        let item = |index: usize| items.get(index).cloned().unwrap_or_default();
        merge_sort(&mut order, &mut |a, b| {
            let verdict = callback.call_with(evaluator, vec![item(a), item(b)])?;
            evaluator.truth(&verdict)
        })?;
    }
    evaluator.array(
        order
            .into_iter()
            .filter_map(|index| items.get_mut(index).map(std::mem::take))
            .collect(),
    )
}

fn not_alike() -> Error {
    let message = "the single argument form of the sort function can only be applied to an array of strings or an array of numbers. Use the second argument to specify a comparison function";
    Error::new("D3070", message)
}

/// Sorts without calling the comparator, where it only compares one field of its two arguments and
/// the field holds only numbers or only strings. Tells whether it did.
fn sort_by_field(
    evaluator: &mut Evaluator<'_>,
    comparator: &Value,
    items: &[Value],
    order: &mut [usize],
) -> Result<bool, Box<Error>> {
    let Value::Function(function) = comparator else {
        return Ok(false);
    };
    let Some((fields, descending)) = compared_field(function) else {
        return Ok(false);
    };
    evaluator
        .budget
        .spend_steps(items.len().saturating_mul(2))?;
    let mut keys = Vec::with_capacity(items.len());
    for item in items {
        let Value::Json(json) = item else {
            return Ok(false);
        };
        let Walked::Found(key) = walk(fields, json) else {
            return Ok(false);
        };
        keys.push(key);
    }
    evaluator.sort_alike(&keys, descending, order)
}

/// The field that `function($a, $b){$a.field > $b.field}` compares, and whether it asks for a
/// descending order.
fn compared_field(function: &Function) -> Option<(&[Arc<str>], bool)> {
    let Function::Lambda(closure) = function else {
        return None;
    };
    let lambda = &closure.code;
    let Code::Binary(operator, pair) = &lambda.body.code else {
        return None;
    };
    if lambda.signature.is_some() || lambda.repeats || lambda.body.after.is_some() {
        return None;
    }
    let (left, left_fields) = argument_field(&pair.0)?;
    let (right, right_fields) = argument_field(&pair.1)?;
    if left_fields != right_fields || lambda.parameters < 2 {
        return None;
    }
    let descending = match (operator, left, right) {
        (BinaryOperator::Greater, 0, 1) | (BinaryOperator::Less, 1, 0) => false,
        (BinaryOperator::Less, 0, 1) | (BinaryOperator::Greater, 1, 0) => true,
        _ => return None,
    };
    Some((left_fields, descending))
}

/// The place of the parameter and the field names, where the node is a parameter's field.
fn argument_field(node: &Node) -> Option<(usize, &[Arc<str>])> {
    let Code::Path(path) = &node.code else {
        return None;
    };
    let way = path.walk.as_ref()?;
    let slot = way.head.as_ref()?.slots.first()?;
    let is_plain = node.after.is_none() && !node.keep_array && slot.up == 0;
    is_plain.then_some((slot.index, way.fields.as_slice()))
}
