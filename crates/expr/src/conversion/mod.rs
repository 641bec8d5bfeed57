//! From JSONPath and intrinsic functions to JSONata that yields the same.
//!
//! What a path found, the JSONata finds. Where the path failed, the JSONata fails as well, with
//! `States.QueryEvaluationError`, or finds nothing; that is not told for each expression. Everything else that may
//! differ is kept as a [`Difference`], and what JSONata cannot say is an [`Obstacle`]. Knows no states. Start at
//! [`Conversion`].

mod difference;
mod filter;
mod function;
mod jsonata;
mod path;
mod written;

pub use difference::{Difference, Obstacle};
pub use jsonata::Jsonata;
pub use path::Conversion;
pub use written::Written;
