//! What a path on the command line stands for: a project with a template, or a definition by itself.
//!
//! Entry point: [`load()`]. It reads files and runs nothing.

mod compile;
mod definition;
mod functions;
mod load;
mod target;

pub use compile::compile;
pub use definition::{Definition, format_of};
pub use functions::lambda_functions;
pub use load::{
    definitions_in, directory_of, load, nothing_at, place, template_in, wrong_template,
};
pub use target::{LoadedProject, StateMachine};
