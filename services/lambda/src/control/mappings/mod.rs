//! Event source mappings: what takes messages from a queue and invokes a function with them.
//!
//! Entry point: [`Mappings`], which keeps them and has a [`poller`] at work for each that is enabled, also after a restart.
//! It reaches queues and functions as any client does, through the service port.
//!
//! Source: Lambda Developer Guide, "Using Lambda with Amazon SQS".

mod filter;
mod mapping;
mod poller;
mod queue;
mod response;
mod table;

pub(super) use filter::Filters;
pub(super) use mapping::show;
pub(super) use queue::Source;
pub(super) use table::Mappings;
