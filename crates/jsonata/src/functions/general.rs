//! Truth, types, existence, and errors on purpose.

use super::{Arguments, Row};
use crate::error::Error;
use crate::eval::{Evaluator, Outcome};
use crate::value::Value;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "boolean",
        signature: "<x-:b>",
        arity: 1,
        body: boolean,
    },
    Row {
        name: "not",
        signature: "<x-:b>",
        arity: 1,
        body: not,
    },
    Row {
        name: "exists",
        signature: "<x:b>",
        arity: 1,
        body: exists,
    },
    Row {
        name: "type",
        signature: "<x:s>",
        arity: 1,
        body: kind,
    },
    Row {
        name: "error",
        signature: "<s?:x>",
        arity: 1,
        body: error,
    },
    Row {
        name: "assert",
        signature: "<bs?:x>",
        arity: 2,
        body: assert,
    },
];

fn boolean(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let value = arguments.next();
    if value.is_undefined() {
        return Ok(value);
    }
    evaluator.truth(&value).map(Value::from)
}

fn not(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let value = arguments.next();
    if value.is_undefined() {
        return Ok(value);
    }
    evaluator.truth(&value).map(|truth| Value::from(!truth))
}

fn exists(_: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    Ok(Value::from(!arguments.next().is_undefined()))
}

fn kind(_: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let value = arguments.next();
    if value.is_undefined() {
        return Ok(value);
    }
    Ok(Value::from(value.kind_name()))
}

fn error(_: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let message = arguments.text();
    let message = message.as_deref().unwrap_or("$error() function evaluated");
    Err(Box::new(Error::new("D3137", message)))
}

fn assert(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    if evaluator.truth(&arguments.next())? {
        return Ok(Value::Undefined);
    }
    let message = arguments.text();
    let message = message.as_deref().unwrap_or("$assert() statement failed");
    Err(Box::new(Error::new("D3141", message)))
}
