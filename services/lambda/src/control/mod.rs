//! Lambda's API: functions that are created, kept, and invoked by name.
//!
//! Entry points: [`Lambda`], the whole API over a store, with asynchronous invocations and event source mappings, and
//! [`FixedFunctions`], which only invokes what it was given.
//! How a call travels is not known here.

mod api;
mod archive;
mod asynchronous;
mod code;
mod configuration;
mod faults;
mod fixed;
mod function_url;
mod layers;
mod mappings;
mod record;
mod request;
mod service;
mod source;
mod table;
mod times;

pub use asynchronous::Events;
pub use fixed::FixedFunctions;
pub use function_url::{FunctionUrls, UrlAnswer, UrlRequest};
pub use service::{Lambda, OpenError, Ports};
