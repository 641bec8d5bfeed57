//! The built-in functions, by family.
//!
//! Entry point: [`find`]. A family is a table of rows; a new function is one row and one item.
//! Functions spend from the evaluation's budget for every item and every byte they produce.

mod array;
mod callback;
mod date;
mod general;
mod higher_order;
mod matching;
mod numeric;
mod object;
mod string;

use crate::error::Error;
use crate::eval::{Evaluator, Outcome};
use crate::signature::Signature;
use crate::value::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// What runs: the checked arguments, one per parameter, and the context.
pub(crate) type Body = fn(&mut Evaluator<'_>, Arguments) -> Outcome;

/// A row of a family's table.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) signature: &'static str,
    /// How many arguments the function is given as a callback.
    pub(crate) arity: usize,
    pub(crate) body: Body,
}

/// A built-in function.
pub(crate) struct Native {
    pub(crate) name: &'static str,
    pub(crate) arity: usize,
    signature: Signature,
    body: Body,
}

impl fmt::Debug for Native {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "${}", self.name)
    }
}

impl Native {
    /// The arguments as the function wants them.
    pub(crate) fn check(
        &self,
        arguments: Vec<Value>,
        context: &Value,
    ) -> Result<Vec<Value>, Box<Error>> {
        self.signature.check(arguments, context).map_err(Box::new)
    }

    /// Runs the function on checked arguments.
    pub(crate) fn run(&self, evaluator: &mut Evaluator<'_>, arguments: Vec<Value>) -> Outcome {
        (self.body)(
            evaluator,
            Arguments {
                values: arguments.into_iter(),
            },
        )
    }
}

/// The arguments of a call, taken from the first to the last. An absent one is undefined.
pub(crate) struct Arguments {
    values: std::vec::IntoIter<Value>,
}

impl Arguments {
    /// The next argument.
    pub(crate) fn next(&mut self) -> Value {
        self.values.next().unwrap_or_default()
    }

    /// The next argument, where it is a number.
    pub(crate) fn number(&mut self) -> Option<f64> {
        self.next().as_number()
    }

    /// The next argument, where it is a string.
    pub(crate) fn text(&mut self) -> Option<std::sync::Arc<str>> {
        self.next().as_text().cloned()
    }

    /// All that are left.
    pub(crate) fn rest(self) -> Vec<Value> {
        self.values.collect()
    }
}

static NATIVES: LazyLock<BTreeMap<&'static str, Native>> = LazyLock::new(|| {
    let families = [
        array::ROWS,
        date::ROWS,
        general::ROWS,
        higher_order::ROWS,
        matching::ROWS,
        numeric::ROWS,
        object::ROWS,
        string::ROWS,
    ];
    let mut natives = BTreeMap::new();
    for row in families.into_iter().flatten() {
        // A row whose signature is wrong is missing, which its own test finds.
        if let Ok(signature) = Signature::parse(row.signature) {
            let native = Native {
                name: row.name,
                arity: row.arity,
                signature,
                body: row.body,
            };
            natives.insert(row.name, native);
        }
    }
    natives
});

/// The built-in function of this name, without the `$`.
pub(crate) fn find(name: &str) -> Option<&'static Native> {
    NATIVES.get(name)
}
