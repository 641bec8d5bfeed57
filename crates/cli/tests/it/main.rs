//! The `passo` command as its users see it: exit code, standard output, standard error.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod command;
mod convert;
mod deploy;
mod dev;
mod eval;
mod fmt;
mod graph;
mod interrupt;
mod order_processing;
mod remote;
mod run;
mod secrecy;
mod serve;
mod server;
mod stopping;
