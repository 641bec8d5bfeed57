//! SQS: standard and FIFO queues, kept over the store port.
//!
//! Entry point: [`Sqs`]. What the service has acknowledged is durable. Messages are found by an index in memory, one per queue,
//! which is made of the tables at the start; many calls at a time share one commit. Knows neither how calls travel nor any
//! other service.

#![forbid(unsafe_code)]

mod address;
mod api;
mod attributes;
mod committer;
mod deduplication;
mod deleting;
mod faults;
mod index;
mod keys;
mod message;
mod message_attributes;
mod move_tasks;
mod queue;
mod quotas;
mod receipt;
mod receiving;
mod record;
mod recovery;
mod relocation;
mod request;
mod sending;
mod sequence;
mod sqs;

pub use sqs::{OpenError, Ports, Sqs};
