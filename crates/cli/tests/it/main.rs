//! The `passo` command as its users see it: exit code, standard output, standard error.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod command;
mod eval;
mod interrupt;
mod order_processing;
mod run;
mod secrecy;
mod serve;
