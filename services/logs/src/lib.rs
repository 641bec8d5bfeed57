//! CloudWatch Logs: groups, streams and events, kept over the store port.
//!
//! What metric filters and subscriptions make of events becomes durable together with them. Entry points: [`Logs`], the API and the way in for events of other services, and [`ExecutionLog`], which writes the
//! history of executions as their state machine's logging configuration wants it.

#![forbid(unsafe_code)]

mod api;
mod event;
mod execution_log;
mod faults;
mod filters;
mod group;
mod gzip;
mod insights;
mod keys;
mod pattern;
mod place;
mod queries;
mod request;
mod retention;
mod service;
mod stream;
mod tables;

pub use event::LogEvent;
pub use execution_log::{ExecutionLog, stream_of};
pub use place::Place;
pub use service::{Logs, Ports};
