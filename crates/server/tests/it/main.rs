//! A whole server behind real sockets: what a client sees, before and after a restart.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod admin;
mod apis;
mod archive;
mod client;
mod cost;
mod events_of_functions;
mod functions;
mod graph;
mod metrics;
mod mocks;
mod nested;
#[cfg(feature = "otel")]
mod otel;
mod restart;
mod seeing;
mod signatures;
mod time;
mod wire;
mod world;
mod wrong_types;
