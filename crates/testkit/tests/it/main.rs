//! The driver, with tasks that a test answers itself.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod harness;
mod map_runs;
mod mocks;
mod tasks;
mod time;
