//! Talking to AWS's API, at AWS or at a server that speaks it.
//!
//! Commands use AWS operations only, so they work against both. Enter at [`ConnectionArguments::connect`] for an [`Api`],
//! and at [`names`] for what users call things.

mod api;
mod arguments;
mod call_error;
pub mod names;
mod pages;
mod shaped;
mod sign;
pub mod sts;

pub use api::Api;
pub use arguments::ConnectionArguments;
pub use call_error::CallError;
pub use pages::{all_pages, pages};
pub use shaped::shaped;
