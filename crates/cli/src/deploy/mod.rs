//! Putting a project on a server, through AWS's API only.
//!
//! A template becomes a [`passo_template::Stack`]: resources in the order in which they can be made. [`Deploying::prepare`] sets it
//! beside the [`record`]s that an earlier deployment left on the server, which gives the steps; [`Deploying::apply`] takes
//! them. What a type of resource takes is in [`kinds`]: a line in a table of [`described`] types, or a file that implements
//! [`kind::Kind`].

mod address;
mod apply;
mod archive;
mod arguments;
mod command;
mod deployment;
mod described;
mod dynamic;
mod files;
mod fingerprint;
mod kind;
mod kinds;
mod plan;
mod record;
mod source;

pub use address::here;
pub use apply::Report;
pub use arguments::DeployArguments;
pub use command::deploy;
pub use deployment::{Deploying, TemplateArguments};
pub use plan::{Change, Step};
