//! Lifecycle rules: what has an end by a bucket's configuration goes, when the clock says so.
//!
//! A keeper sleeps until something may be due, then looks through every bucket that has rules. Only ends are carried out,
//! no transitions. Source: "Managing the lifecycle of objects" of the S3 user guide. Entry points: [`configuration`],
//! [`Keeper`].

pub(crate) mod configuration;
mod keeper;
mod rule;
mod sweep;

pub(crate) use keeper::{Agenda, Keeper};
pub(crate) use rule::expiration;
