//! Arrays.

mod order;

use super::{Arguments, Row};
use crate::eval::{Evaluator, Outcome};
use crate::value::{Origin, Value};
use std::collections::BTreeSet;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "count",
        signature: "<a:n>",
        arity: 1,
        body: count,
    },
    Row {
        name: "append",
        signature: "<xx:a>",
        arity: 2,
        body: append,
    },
    Row {
        name: "zip",
        signature: "<a+>",
        arity: 0,
        body: zip,
    },
    Row {
        name: "distinct",
        signature: "<x:x>",
        arity: 1,
        body: distinct,
    },
    Row {
        name: "reverse",
        signature: "<a:a>",
        arity: 1,
        body: order::reverse,
    },
    Row {
        name: "shuffle",
        signature: "<a:a>",
        arity: 1,
        body: order::shuffle,
    },
    Row {
        name: "sort",
        signature: "<af?:a>",
        arity: 2,
        body: order::sort,
    },
];

fn count(_: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    let count = if array.is_undefined() { 0 } else { array.len() };
    Ok(super::callback::index(count))
}

fn append(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let (first, second) = (arguments.next(), arguments.next());
    if first.is_undefined() {
        return Ok(second);
    }
    if second.is_undefined() {
        return Ok(first);
    }
    evaluator
        .budget
        .spend_items(first.len().saturating_add(second.len()))?;
    let mut items = first.into_items();
    items.extend(second.elements());
    evaluator.array(items)
}

fn zip(evaluator: &mut Evaluator<'_>, arguments: Arguments) -> Outcome {
    let arrays = arguments.rest();
    let length_of = |array: &Value| if array.is_undefined() { 0 } else { array.len() };
    let length = arrays.iter().map(length_of).min().unwrap_or(0);
    let mut rows = Vec::new();
    for index in 0..length {
        let row = arrays
            .iter()
            .filter_map(|array| array.item(index))
            .collect();
        rows.push(evaluator.array(row)?);
    }
    evaluator.array(rows)
}

fn distinct(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if !array.is_array() || array.len() <= 1 {
        return Ok(array);
    }
    let origin = Origin {
        sequence: array.origin().sequence,
        ..Origin::default()
    };
    let mut texts: BTreeSet<(u64, &str)> = BTreeSet::new();
    let mut numbers: BTreeSet<u64> = BTreeSet::new();
    let mut others: Vec<Value> = Vec::new();
    let mut results = Vec::new();
    for item in array.members() {
        let is_new = if let Some(text) = item.as_text() {
            texts.insert((fingerprint(text), text))
        } else if let Some(number) = item.as_number() {
            // Adding zero makes the two zeros one.
            numbers.insert((number + 0.0).to_bits())
        } else {
            evaluator.budget.spend_steps(others.len())?;
            let other = item.to_value();
            let mut is_new = true;
            for earlier in &others {
                if evaluator.is_equal(earlier, &other)? {
                    is_new = false;
                    break;
                }
            }
            if is_new {
                others.push(other);
            }
            is_new
        };
        if is_new {
            results.push(item.to_value());
        }
    }
    if origin.sequence {
        return evaluator.list(results, origin);
    }
    evaluator.array(results)
}

/// A number that tells most texts apart, so that few are compared in full. Where many share it, the
/// set only becomes slower by their comparison.
fn fingerprint(text: &str) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let fold = |sum: u64, word: u64| (sum.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let sum = words
        .iter()
        .fold(0, |sum, word| fold(sum, u64::from_le_bytes(*word)));
    rest.iter()
        .fold(sum, |sum, byte| fold(sum, u64::from(*byte)))
}
