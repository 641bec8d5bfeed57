//! JSONata as Step Functions speaks it: the profile, the functions it adds, `$states` and variables.

mod expression;

pub use expression::{Expression, StatesMember, StatesUse};
