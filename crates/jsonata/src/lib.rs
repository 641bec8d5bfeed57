//! JSONata 2.0.6, bounded, on passo-json.
//!
//! An expression is compiled once and evaluated many times. The crate has no clock and no
//! randomness, and every evaluation is bounded by [`Limits`]. It knows nothing of workflows.

#![forbid(unsafe_code)]

pub mod error;
pub mod limits;
pub mod profile;

pub use error::{Error, ErrorCode};
pub use limits::Limits;
pub use profile::Profile;
