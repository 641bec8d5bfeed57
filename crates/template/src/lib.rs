//! SAM and CloudFormation templates: what a project deploys.
//!
//! [`Stack`] is a whole template: SAM's types expanded, conditions decided, resources in an order in which they can be made,
//! properties resolved with what making gave. [`read`] is what a workflow needs to run by itself (functions and state
//! machines), with imagined names for everything else. The crate creates nothing, opens no file and knows nothing of how a
//! resource is made: paths are returned as the template has them.

#![forbid(unsafe_code)]

mod computed;
mod condition;
mod deployment;
mod error;
mod function;
mod intrinsic;
mod needs;
mod parameter;
mod project;
mod read;
mod references;
mod resources;
mod sam;
mod stack;
mod state_machine;
mod substitution;
mod tree;
mod value;

pub use deployment::Deployment;
pub use error::TemplateError;
pub use project::{Code, DefinitionSource, Function, Project, StateMachine, UnsupportedResource};
pub use read::{is_template, read};
pub use references::{Made, Values};
pub use stack::{Output, Stack, StackResource, stored_parameters};
pub use substitution::substitute;
