//! JSONata 2.0.6, bounded, on passo-json.
//!
//! An expression is compiled once ([`Expression::compile`]) and evaluated many times. The crate has
//! no clock and no randomness ([`Environment`] brings both), and every evaluation is bounded by
//! [`Limits`]. It knows nothing of workflows: a host adds functions through [`Profile`] and
//! [`HostFunctions`].

#![forbid(unsafe_code)]

mod code;
mod compile;
pub mod environment;
pub mod error;
mod eval;
pub mod expression;
mod frame;
mod function;
mod functions;
mod lexer;
pub mod limits;
mod members;
mod number;
mod parser;
pub mod pictures;
pub mod profile;
pub mod regex;
mod shape;
mod signature;
mod stack;
mod syntax;
mod value;

pub use environment::{Bindings, Environment, HostFunctions, NoBindings, NoHostFunctions};
pub use error::{Error, ErrorCode};
pub use expression::{Expression, VariableUse};
pub use limits::Limits;
pub use profile::Profile;
