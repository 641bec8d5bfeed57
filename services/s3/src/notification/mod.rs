//! Who is told of what happens to objects: queues, topics and functions that a bucket's configuration names, and
//! EventBridge.
//!
//! News becomes durable with the row that it tells of, and is delivered at least once. Knows nothing of those who are told
//! but the operation that reaches them. Source: "Amazon S3 Event Notifications" of the S3 user guide. Entry points:
//! [`announce`], [`configuration`].

pub(crate) mod configuration;
mod destination;
mod happening;
mod news;
mod rule;

pub(crate) use destination::announce;
pub(crate) use happening::Happening;
pub(crate) use news::News;
