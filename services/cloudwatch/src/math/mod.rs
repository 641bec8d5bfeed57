//! Metric math: expressions over time series.
//!
//! Pure: which metrics there are comes in through [`Source`]. Source: CloudWatch User Guide, "Using math expressions with
//! CloudWatch metrics". Entry points: [`parse`], [`evaluate`].

mod evaluate;
mod functions;
mod lexer;
mod parser;
mod value;

pub(crate) use evaluate::{Named, Source, evaluate};
pub(crate) use parser::{Expression, parse};
pub(crate) use value::{Line, Slots, Value};

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MathError(pub(crate) String);

fn wrong(message: impl Into<String>) -> MathError {
    MathError(message.into())
}
