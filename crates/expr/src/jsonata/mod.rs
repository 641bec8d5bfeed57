//! JSONata as Step Functions speaks it: the profile, the functions it adds, `$states` and variables.
//!
//! Entry point: [`Expression`]. The language itself is the crate below.

mod bindings;
mod expression;
mod functions;
mod numbers;

pub use expression::{Expression, StatesMember, StatesUse};
