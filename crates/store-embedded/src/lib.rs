//! The embedded store: [fjall](https://docs.rs/fjall), a log-structured engine in pure Rust, behind the store port.
//!
//! Start at [`EmbeddedStore::open`].

#![forbid(unsafe_code)]

mod embedded;
mod format;
mod reclaim;

pub use embedded::{EmbeddedStore, Options};
