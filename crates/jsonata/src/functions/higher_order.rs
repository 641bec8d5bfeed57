//! Functions that take functions.

use super::callback::Callback;
use super::{Arguments, Row};
use crate::error::Error;
use crate::eval::{Evaluator, Outcome};
use crate::value::{Origin, Value};

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "map",
        signature: "<af>",
        arity: 2,
        body: map,
    },
    Row {
        name: "filter",
        signature: "<af>",
        arity: 2,
        body: filter,
    },
    Row {
        name: "single",
        signature: "<af?>",
        arity: 2,
        body: single,
    },
    Row {
        name: "reduce",
        signature: "<afj?:j>",
        arity: 3,
        body: reduce,
    },
    Row {
        name: "sift",
        signature: "<o-f?:o>",
        arity: 2,
        body: sift,
    },
    Row {
        name: "each",
        signature: "<o-f:a>",
        arity: 2,
        body: each,
    },
];

fn map(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if array.is_undefined() {
        return Ok(array);
    }
    let callback = Callback::new(arguments.next())?;
    let mut results = Vec::with_capacity(array.len().min(4096));
    for (at, item) in array.elements().enumerate() {
        let value = callback.call_at(evaluator, [item], at, &array)?;
        if !value.is_undefined() {
            results.push(value);
        }
    }
    evaluator.list(results, Origin::SEQUENCE)
}

fn filter(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if array.is_undefined() {
        return Ok(array);
    }
    let callback = Callback::new(arguments.next())?;
    let mut results = Vec::new();
    for (at, item) in array.elements().enumerate() {
        let verdict = callback.call_at(evaluator, [item.clone()], at, &array)?;
        if evaluator.truth(&verdict)? {
            results.push(item);
        }
    }
    evaluator.list(results, Origin::SEQUENCE)
}

fn single(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if array.is_undefined() {
        return Ok(array);
    }
    let callback = match arguments.next() {
        Value::Undefined => None,
        value => Some(Callback::new(value)?),
    };
    let mut found = None;
    for (at, item) in array.elements().enumerate() {
        evaluator.budget.spend_step()?;
        let matches = match &callback {
            Some(callback) => {
                let verdict = callback.call_at(evaluator, [item.clone()], at, &array)?;
                evaluator.truth(&verdict)?
            }
            None => true,
        };
        if !matches {
            continue;
        }
        if found.is_some() {
            let message = "the $single() function expected exactly 1 matching result. Instead it matched more.";
            return Err(Box::new(Error::new("D3138", message).value(at.to_string())));
        }
        found = Some(item);
    }
    found.ok_or_else(|| {
        let message =
            "the $single() function expected exactly 1 matching result. Instead it matched 0.";
        Box::new(Error::new("D3139", message))
    })
}

fn reduce(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let array = arguments.next();
    if array.is_undefined() {
        return Ok(array);
    }
    let callback = Callback::new(arguments.next())?;
    if callback.arity() < 2 {
        let message =
            "the second argument of reduce function must be a function with at least two arguments";
        return Err(Box::new(Error::new("D3050", message)));
    }
    let mut items = array.elements().enumerate();
    let mut result = match arguments.next() {
        Value::Undefined => items.next().map(|(_, item)| item).unwrap_or_default(),
        initial => initial,
    };
    for (at, item) in items {
        result = callback.call_at(evaluator, [result, item], at, &array)?;
    }
    Ok(result)
}

fn sift(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let object = arguments.next();
    if object.is_undefined() {
        return Ok(object);
    }
    let callback = Callback::new(arguments.next())?;
    let mut kept = Vec::new();
    for (key, value) in object.entries() {
        let name = Value::Json(passo_json::Json::String(key.clone()));
        let verdict = callback.call(evaluator, [value.clone(), name, object.clone()])?;
        if evaluator.truth(&verdict)? {
            kept.push((key, value));
        }
    }
    if kept.is_empty() {
        return Ok(Value::Undefined);
    }
    evaluator.object_value(kept)
}

fn each(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let object = arguments.next();
    if object.is_undefined() {
        return Ok(object);
    }
    let callback = Callback::new(arguments.next())?;
    let mut results = Vec::new();
    for (key, value) in object.entries() {
        let name = Value::Json(passo_json::Json::String(key));
        let result = callback.call(evaluator, [value, name, object.clone()])?;
        if !result.is_undefined() {
            results.push(result);
        }
    }
    evaluator.list(results, Origin::SEQUENCE)
}
