//! The live tree: which states ran, run, and how each ended.
//!
//! [`Model`] listens to an execution; [`Screen`] shows it, repainting on a terminal and appending lines elsewhere.

mod events;
mod layout;
mod line;
mod model;
mod node;
mod screen;
mod thread;

pub use model::Model;
pub use screen::{Screen, Show};
