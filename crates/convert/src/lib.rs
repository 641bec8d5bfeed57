//! States written in JSONPath as states in JSONata that do the same.
//!
//! [`convert`] takes a definition and answers with another one and with [`Finding`]s: what could not be converted, which
//! stays as it was, and where the two may differ. A state that succeeded gives the same output, the same variables and the
//! same next state. A state that failed because a path found nothing fails as well, or finds nothing, under the error name
//! `States.QueryEvaluationError`. Pure; knows no files and no engine.
#![forbid(unsafe_code)]

mod catch;
mod choice;
mod choice_pattern;
mod choice_timestamp;
mod definition;
mod expression;
mod fields;
mod finding;
mod flow;
mod state;
mod template;

pub use definition::{Converted, Which, convert};
pub use expression::{ConvertedExpression, convert_expression};
pub use finding::{Code, Finding, Severity};
