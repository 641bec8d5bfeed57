//! Lambda's API: functions that are created, kept, and invoked by name.
//!
//! Entry points: [`Lambda`], the whole API over a store, and [`FixedFunctions`], which only invokes what it was given.
//! How a call travels is not known here.

mod api;
mod archive;
mod code;
mod configuration;
mod faults;
mod fixed;
mod record;
mod request;
mod service;
mod table;

pub use fixed::FixedFunctions;
pub use service::{Lambda, OpenError, Ports};
