//! What is measured: executions in AWS's terms, requests, and the process itself.
//!
//! [`ExecutionMetrics`] hears what became durable and turns it into [`Observation`]s with AWS's names, for any number of
//! [`Sink`]s: [`Prometheus`] is one, a CloudWatch service can be another. Nothing here is global, and nothing knows HTTP.

#![forbid(unsafe_code)]

mod executions;
mod metric;
mod observation;
mod open_tasks;
mod prometheus;

pub use executions::ExecutionMetrics;
pub use metric::{Dimension, Metric, Unit};
pub use observation::{Observation, Sink};
pub use prometheus::{CONTENT_TYPE, Prometheus, Request};
