//! The client's side: a call as a request, and the answer to it.
//!
//! [`write()`] makes a request of canonical parameters, [`read()`] makes the canonical answer, or the fault, of a response.
//! Where requests go is in [`Place::of_aws`]; signing and sending are the caller's.

mod place;
mod read;
mod write;

pub use place::Place;
pub use read::read;
pub use write::{Outgoing, write};
