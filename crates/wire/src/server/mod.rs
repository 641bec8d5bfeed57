//! The server's side: which service and operation a request is for, its parameters, and the answer.
//!
//! [`Router::route`] looks at a request's head alone, so that the size of bodies can be bounded by what they are for;
//! [`Router::read`] makes the call; [`Exchange::answer`] makes the response. Every way ends in a response: what cannot be
//! read is a fault, worded as the protocol at hand words it.

mod answer;
mod exchange;
mod packed;
mod read;
mod route;
mod routes;

pub use exchange::Exchange;
pub use route::{Destination, Router};

#[cfg(test)]
pub(crate) use read::Only;
