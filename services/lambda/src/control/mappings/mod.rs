//! Event source mappings: what takes records from a queue or a stream and invokes a function with them.
//!
//! Entry point: [`Mappings`], which keeps them and has a [`poller`] or a [`stream`]'s at work for each that is enabled, also
//! after a restart. It reaches queues, streams and functions as any client does, through the service port.
//!
//! Source: Lambda Developer Guide, "Using Lambda with Amazon SQS" and "Using AWS Lambda with Amazon DynamoDB".

mod event;
mod filter;
mod mapping;
mod poller;
mod queue;
mod response;
mod stream;
mod table;

pub(super) use filter::Filters;
pub(super) use mapping::show;
pub(super) use queue::Queue;
pub(super) use stream::Stream;
pub(super) use table::{Mappings, Parts};
