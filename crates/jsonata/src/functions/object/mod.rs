//! Objects.

use super::{Arguments, Row};
use crate::error::Error;
use crate::eval::{Evaluator, Outcome};
use crate::value::{Origin, Value};
use passo_json::Json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "keys",
        signature: "<x-:a<s>>",
        arity: 1,
        body: keys,
    },
    Row {
        name: "lookup",
        signature: "<x-s:x>",
        arity: 2,
        body: lookup,
    },
    Row {
        name: "spread",
        signature: "<x-:a<o>>",
        arity: 1,
        body: spread,
    },
    Row {
        name: "merge",
        signature: "<a<o>:o>",
        arity: 1,
        body: merge,
    },
    Row {
        name: "clone",
        signature: "<(oa)-:o>",
        arity: 1,
        body: clone,
    },
];

fn keys(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    collect_keys(evaluator, &arguments.next(), &mut seen, &mut names)?;
    let names = names
        .into_iter()
        .map(|name| Value::Json(Json::String(name)))
        .collect();
    evaluator.list(names, Origin::SEQUENCE)
}

/// Adds the keys of an object, or of the objects in an array, each once.
fn collect_keys(
    evaluator: &mut Evaluator<'_>,
    value: &Value,
    seen: &mut BTreeSet<Arc<str>>,
    names: &mut Vec<Arc<str>>,
) -> Result<(), Box<Error>> {
    evaluator.budget.spend_step()?;
    evaluator.budget.check_stack()?;
    if value.is_array() {
        for item in value.elements() {
            collect_keys(evaluator, &item, seen, names)?;
        }
        return Ok(());
    }
    let entries = value.entries();
    evaluator
        .budget
        .spend_steps(entries.len().saturating_mul(8))?;
    for (key, _) in entries {
        if seen.insert(Arc::clone(&key)) {
            names.push(key);
        }
    }
    Ok(())
}

fn lookup(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let object = arguments.next();
    match arguments.text() {
        Some(key) => evaluator.field(&key, &object),
        None => Ok(Value::Undefined),
    }
}

fn spread(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let value = arguments.next();
    if !value.is_array() && !value.is_object() {
        return Ok(value);
    }
    let mut parts = Vec::new();
    collect_parts(evaluator, &value, &mut parts)?;
    evaluator.list(parts, Origin::SEQUENCE)
}

/// Adds an object of one entry for each entry; what is no object is added as it is.
fn collect_parts(
    evaluator: &mut Evaluator<'_>,
    value: &Value,
    parts: &mut Vec<Value>,
) -> Result<(), Box<Error>> {
    evaluator.budget.spend_step()?;
    evaluator.budget.check_stack()?;
    if value.is_array() {
        for item in value.elements() {
            collect_parts(evaluator, &item, parts)?;
        }
    } else if value.is_object() {
        for entry in value.entries() {
            parts.push(evaluator.object_value(vec![entry])?);
        }
    } else {
        parts.push(value.clone());
    }
    Ok(())
}

fn merge(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if array.is_undefined() {
        return Ok(array);
    }
    let mut merged: Vec<(Arc<str>, Value)> = Vec::new();
    let mut places: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    for item in array.elements() {
        for (key, value) in item.entries() {
            evaluator.budget.spend_steps(8)?;
            match places.get(&key).and_then(|place| merged.get_mut(*place)) {
                Some((_, slot)) => *slot = value,
                None => {
                    places.insert(Arc::clone(&key), merged.len());
                    merged.push((key, value));
                }
            }
        }
    }
    evaluator.object_value(merged)
}

/// Values never change, so that a copy is the value itself.
fn clone(_: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    Ok(arguments.next())
}
