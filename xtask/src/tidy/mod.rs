//! `cargo xtask tidy`: the rules of this repository that a compiler does not know, as a check.
//!
//! Every rule is a function from what it needs (the tree of files, or what cargo says of the crates) to findings, so
//! that it can be fed a bad tree in a test. Nothing here knows a particular crate: the walls are in `architecture.toml`.
//! Entry point: [`run()`].

mod bans;
mod edges;
mod finding;
mod links;
mod manifests;
mod modules;
mod run;
mod size;
mod source;
mod text;
mod tree;

pub use run::{Mode, run};
