//! The web console as it was built: compressed files, embedded.
//!
//! It knows no HTTP library and nothing of the server. `assets` is made by `cargo xtask console` from `console/` and
//! committed, so that a build of the server needs neither Node nor a network. Start at [`file()`].

#![forbid(unsafe_code)]

mod asset;
mod gzip;

pub use asset::{Asset, file, index};
