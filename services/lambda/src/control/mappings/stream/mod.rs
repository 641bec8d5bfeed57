//! Streams of DynamoDB as sources: shards are read in order, and what was worked on is remembered durably.
//!
//! Entry point: [`StreamPoller`], at work for one mapping. [`Checkpoints`] keeps how far each shard was read; what an
//! attempt's end means is in [`attempt`].
//!
//! Source: Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB", and "How Lambda processes records from stream and
//! queue-based event sources".

mod attempt;
mod checkpoint;
mod letter;
mod mapping;
mod poller;
mod reader;
mod source;
mod work;

pub(super) use checkpoint::Checkpoints;
pub(super) use mapping::StreamMapping;
pub(super) use poller::StreamPoller;
pub(in super::super) use source::Stream;
