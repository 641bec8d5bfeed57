//! The language from outside: source text in, JSON or an error code out.

#![expect(
    clippy::unwrap_used,
    reason = "what helpers are given by a table must be right"
)]

mod environment;
mod functions;
mod lambdas;
mod limits;
mod messages;
mod operators;
mod paths;
mod profile;
mod properties;
mod run;
mod syntax;
mod transforms;
mod tuples;
mod variables;
