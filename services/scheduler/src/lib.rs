//! EventBridge Scheduler: schedules in time zones, groups of them, and what they call.
//!
//! A schedule that is due becomes a delivery in the batch that writes down when it is due next: it is fired once for each
//! due time, over restarts too, and the delivery then arrives at least once. What was due while nothing ran is fired once,
//! where its retry policy still allows it. Targets are reached as services through [`Peers`](passo_service::Peers).
//! Entry point: [`Scheduler::open`].

#![forbid(unsafe_code)]

mod api;
mod check;
mod faults;
mod firing;
mod group;
mod index;
mod quotas;
mod request;
mod rhythm;
mod schedule;
mod service;
mod target;
mod universal;
mod zone;

pub use service::{Ports, Scheduler};
