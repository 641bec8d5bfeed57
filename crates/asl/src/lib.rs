//! The Amazon States Language: what the user wrote, whether it is right, and what runs.
//!
//! This crate does not know how a state runs, where definitions are stored, or which services exist beyond
//! the syntax of a `Resource`. Start at [`compile`], which gives the [`program::Program`] that runs, or at
//! [`validate`], which gives every [`Diagnostic`]; [`source`] reads text with positions.
#![forbid(unsafe_code)]

mod canonical;
mod compile;
mod definition;
mod diagnostic;
pub mod program;
pub mod source;
mod validate;

pub use canonical::{canonical, formatted};
pub use compile::{
    CompileOptions, Compiled, LabelledMap, SINGLE_STATE, compile, compile_node, compile_state,
    validate, validate_node,
};
pub use diagnostic::{Code, Diagnostic, Severity, invalid_definition_message};
pub use passo_vocab::WorkflowType;
pub use source::Format;
