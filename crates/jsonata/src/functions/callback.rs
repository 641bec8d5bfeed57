//! Calling what the caller gave: `$map`'s function, `$sort`'s comparator.

use crate::error::Error;
use crate::eval::{Evaluator, Outcome};
use crate::function::Function;
use crate::value::Value;
use std::rc::Rc;

/// A function argument.
pub(super) struct Callback {
    function: Rc<Function>,
    arity: usize,
}

impl Callback {
    /// The function, where the value is one.
    pub(super) fn new(value: Value) -> Result<Callback, Box<Error>> {
        match value {
            Value::Function(function) => {
                let arity = function.arity();
                Ok(Callback { function, arity })
            }
            _ => Err(Box::new(Error::new(
                "T1006",
                "attempted to invoke a non-function",
            ))),
        }
    }

    pub(super) fn arity(&self) -> usize {
        self.arity
    }

    /// Calls the function with as many of these arguments as it takes, but at least one.
    pub(super) fn call<const N: usize>(
        &self,
        evaluator: &mut Evaluator<'_>,
        arguments: [Value; N],
    ) -> Outcome {
        let count = self.arity.max(1);
        let mut given = evaluator.spare.list(count.min(N));
        given.extend(arguments.into_iter().take(count));
        self.call_with(evaluator, given)
    }

    /// Calls the function with as many as it takes of these arguments, the index and the array, but
    /// at least one.
    pub(super) fn call_at<const N: usize>(
        &self,
        evaluator: &mut Evaluator<'_>,
        first: [Value; N],
        at: usize,
        array: &Value,
    ) -> Outcome {
        let count = self.arity.max(1);
        let mut given = evaluator.spare.list(count.min(N + 2));
        given.extend(first.into_iter().take(count));
        if count > N {
            given.push(index(at));
        }
        if count > N + 1 {
            given.push(array.clone());
        }
        self.call_with(evaluator, given)
    }

    /// Calls the function with exactly these arguments.
    pub(super) fn call_with(
        &self,
        evaluator: &mut Evaluator<'_>,
        arguments: Vec<Value>,
    ) -> Outcome {
        evaluator.call(&self.function, arguments, &Value::Undefined)
    }
}

/// An index as a value.
pub(super) fn index(index: usize) -> Value {
    Value::Json(passo_json::Json::from(
        i64::try_from(index).unwrap_or(i64::MAX),
    ))
}
