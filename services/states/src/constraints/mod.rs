//! The rules that the service model gives for the members of requests, and how a broken one is told.
//!
//! [`check`] is the first thing that happens to a call. Rules that need more than the value itself belong
//! to the operations.

mod check;
mod shape;
mod table;

pub(crate) use check::check;
