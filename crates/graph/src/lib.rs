//! The picture of a workflow: one layout for the console, the API and the command line.
//!
//! A definition is read leniently ([`Scope::read`]), so that a draft with mistakes still has a picture. No line ever crosses the
//! border of a branch or of an item processor: each of these scopes is laid out alone, from the inside out, and handed to the
//! one around it as a box of fixed size ([`Picture::of`]). Inside a scope the layout is layered (module `layered`).
//!
//! It knows nothing of servers, executions or files. The same definition gives the same picture, whatever its states are
//! called; work is bounded for every input, and nothing panics.

#![forbid(unsafe_code)]

mod definition;
mod draw;
mod layered;
mod layout;
mod picture;
mod rule;
mod shape;
mod standing;
mod subtitle;
mod way;

pub use definition::{Scope, State, StateType};
pub use draw::{OutlineLine, Theme, dot, mermaid, outline, svg};
pub use picture::{Edge, Node, NodeKind, Picture, Point};
pub use standing::{Standings, Status};
pub use way::WayKind;
