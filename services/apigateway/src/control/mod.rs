//! What both generations of the API share: records that are created, read, changed and deleted by one set of rules.
//!
//! A [`Noun`] says what a record is called, whose it is and what its id is; which members it has is what the public model
//! says of the operation's answer. Rules that only one noun has are its own module's.

mod noun;
mod patch;
mod request;
mod tags;

pub(crate) use noun::{Named, Noun, Style, Verb, nothing, paged, parts, with_defaults};
pub(crate) use patch::patch;
pub(crate) use request::{Answer, Request};
pub(crate) use tags::tags;
