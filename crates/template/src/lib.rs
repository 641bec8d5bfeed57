//! SAM and CloudFormation templates: what a project deploys.
//!
//! Reads the resources that a workflow needs (Lambda functions and state machines) with their
//! references resolved, and reports every other resource. It creates nothing, opens no file and
//! knows nothing of how a function or a workflow runs: paths are returned as the template has them.
//! Entry point: [`read`].

#![forbid(unsafe_code)]

mod condition;
mod deployment;
mod error;
mod function;
mod intrinsic;
mod project;
mod read;
mod resources;
mod state_machine;
mod substitution;
mod value;

pub use deployment::Deployment;
pub use error::TemplateError;
pub use project::{Code, DefinitionSource, Function, Project, StateMachine, UnsupportedResource};
pub use read::{is_template, read};
pub use substitution::substitute;
