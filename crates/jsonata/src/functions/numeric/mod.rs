//! Numbers.

mod aggregate;
mod convert;
mod rounding;

use super::{Arguments, Row};
use crate::error::Error;
use crate::eval::{Evaluator, Outcome};
use crate::value::Value;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "number",
        signature: "<(nsb)-:n>",
        arity: 1,
        body: convert::number,
    },
    Row {
        name: "formatBase",
        signature: "<n-n?:s>",
        arity: 2,
        body: convert::format_base,
    },
    Row {
        name: "formatNumber",
        signature: "<n-so?:s>",
        arity: 3,
        body: convert::format_number,
    },
    Row {
        name: "formatInteger",
        signature: "<n-s:s>",
        arity: 2,
        body: convert::format_integer,
    },
    Row {
        name: "parseInteger",
        signature: "<s-s:n>",
        arity: 2,
        body: convert::parse_integer,
    },
    Row {
        name: "abs",
        signature: "<n-:n>",
        arity: 1,
        body: abs,
    },
    Row {
        name: "floor",
        signature: "<n-:n>",
        arity: 1,
        body: floor,
    },
    Row {
        name: "ceil",
        signature: "<n-:n>",
        arity: 1,
        body: ceil,
    },
    Row {
        name: "round",
        signature: "<n-n?:n>",
        arity: 2,
        body: rounding::round,
    },
    Row {
        name: "power",
        signature: "<n-n:n>",
        arity: 2,
        body: power,
    },
    Row {
        name: "sqrt",
        signature: "<n-:n>",
        arity: 1,
        body: sqrt,
    },
    Row {
        name: "random",
        signature: "<:n>",
        arity: 0,
        body: random,
    },
    Row {
        name: "sum",
        signature: "<a<n>:n>",
        arity: 1,
        body: aggregate::sum,
    },
    Row {
        name: "max",
        signature: "<a<n>:n>",
        arity: 1,
        body: aggregate::max,
    },
    Row {
        name: "min",
        signature: "<a<n>:n>",
        arity: 1,
        body: aggregate::min,
    },
    Row {
        name: "average",
        signature: "<a<n>:n>",
        arity: 1,
        body: aggregate::average,
    },
];

/// Applies a function to the first argument.
fn unary(
    evaluator: &Evaluator<'_>,
    mut arguments: Arguments,
    apply: impl Fn(f64) -> f64,
) -> Outcome {
    match arguments.number() {
        Some(number) => evaluator.number(apply(number)),
        None => Ok(Value::Undefined),
    }
}

fn abs(evaluator: &mut Evaluator<'_>, arguments: Arguments) -> Outcome {
    unary(evaluator, arguments, f64::abs)
}

fn floor(evaluator: &mut Evaluator<'_>, arguments: Arguments) -> Outcome {
    unary(evaluator, arguments, f64::floor)
}

fn ceil(evaluator: &mut Evaluator<'_>, arguments: Arguments) -> Outcome {
    unary(evaluator, arguments, f64::ceil)
}

fn power(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let (Some(base), Some(exponent)) = (arguments.number(), arguments.number()) else {
        return Ok(Value::Undefined);
    };
    let result = base.powf(exponent);
    if !result.is_finite() {
        let message = format!(
            "the power function has resulted in a value that cannot be represented as a JSON number: base={base}, exponent={exponent}"
        );
        return Err(Box::new(
            Error::new("D3061", message).value(base.to_string()),
        ));
    }
    evaluator.number(result)
}

fn sqrt(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(number) = arguments.number() else {
        return Ok(Value::Undefined);
    };
    if number < 0.0 {
        let message = format!("the sqrt function cannot be applied to a negative number: {number}");
        return Err(Box::new(
            Error::new("D3060", message).value(number.to_string()),
        ));
    }
    evaluator.number(number.sqrt())
}

/// A number from 0 to below 1, from the environment's numbers.
#[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
fn random(evaluator: &mut Evaluator<'_>, _: Arguments) -> Outcome {
    let bits = (evaluator.environment.random)() >> 11;
    evaluator.number(bits as f64 / (1_u64 << 53) as f64)
}
