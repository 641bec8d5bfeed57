//! Queries of Logs Insights at work: who asked for what, how far it is, and what came of it.
//!
//! A query runs on a thread of its own kind, after it was answered; a few run at the same time, the others wait. Queries and results
//! are kept in memory, within bounds, and go with the process. Enter at [`Queries`].

mod kept;
mod work;

pub(crate) use kept::{Asked, Queries, Status};
pub(crate) use work::{Group, Work};
