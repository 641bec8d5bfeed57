//! `passo dev`: a server with a project on it that follows the project's files.
//!
//! The project gets onto the server as it would get onto any other one: through [`crate::deploy`].

mod arguments;
mod executions;
mod follow;
mod say;
mod session;
mod snapshot;

pub use arguments::DevArguments;
pub use session::dev;
