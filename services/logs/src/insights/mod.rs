//! Logs Insights: queries over log events.
//!
//! A query is a list of commands, each of which makes rows of rows. Pure: events in, rows out; the time comes in as a value. Source: CloudWatch
//! Logs User Guide, "CloudWatch Logs Insights language query syntax". Entry points: [`Query::parse`], [`Query::run`].

mod aggregate;
mod evaluate;
mod lexer;
mod parser;
mod row;
mod run;
mod syntax;
mod value;

pub(crate) use row::Record;
pub(crate) use run::{Limits, Results};
pub(crate) use syntax::Query;

/// Why a text is no query: what is wrong, and where, in bytes from its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) message: String,
    pub(crate) at: usize,
}
