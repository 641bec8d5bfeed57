//! Putting a project on a server, through AWS's API only.
//!
//! A project becomes a list of [`resource::Resource`]s, each of one kind, in the order in which they can be made: [`mod@resources`] is
//! the table of kinds. [`apply()`] asks each what is there, and changes only what differs. A new kind is a file that
//! implements [`resource::Resource`], and a line in that table.

mod apply;
mod archive;
mod arguments;
mod command;
mod fingerprint;
mod function;
mod project;
mod resource;
mod resources;
mod state_machine;

pub use apply::{Known, Report, apply};
pub use arguments::DeployArguments;
pub use command::deploy;
pub use project::{TemplateArguments, deployment};
pub use resources::resources;
