//! What services that keep things as records share: a table of JSON rows, a call's parameters and what is wrong with
//! them, and pages.
//!
//! It knows no service. A service with many rows or hot paths has tables of its own; this is for the control planes,
//! where a row is read, changed and written. Entry points: [`Records`], [`Parameters`], [`Findings`], [`page`].

#![forbid(unsafe_code)]

mod constraints;
mod page;
mod parameters;
mod records;

pub use constraints::Findings;
pub use page::page;
pub use parameters::{Missing, Parameters};
pub use records::{Changing, Records};
