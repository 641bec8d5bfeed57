//! Converted states beside the original, on the engine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unreachable,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test fails by panicking, and reads the definitions that it takes"
)]

mod examples;
mod expressions;
mod properties;
mod recorded;
mod run;
mod states;
mod whole;
