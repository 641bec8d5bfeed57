//! Signatures against those of others.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod botocore;
mod published;
mod refusals;
