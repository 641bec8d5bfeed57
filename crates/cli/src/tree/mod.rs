//! The live tree: which states ran, run, and how each ended.
//!
//! [`Model`] listens to an execution, as it runs here or as a server's history tells of it; [`Screen`] shows it, repainting on a terminal and appending lines elsewhere.

mod change;
mod events;
mod history;
mod layout;
mod line;
mod model;
mod node;
mod screen;
mod thread;

pub use model::Model;
pub use node::Progress;
pub use screen::{Screen, Show, Stream};
