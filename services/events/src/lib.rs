//! EventBridge: buses, rules with event patterns or schedules, and targets.
//!
//! What `PutEvents` has accepted is delivered at least once, over a crash too: the deliveries of all rules that want an event
//! become durable before the call is answered. Targets are reached as services through
//! [`Peers`](passo_service::Peers). Entry points: [`EventBridge::open`], and [`Targets`], what deliveries that are more than one
//! call go through.

#![forbid(unsafe_code)]

mod api;
mod event;
mod faults;
mod input;
mod matching;
mod names;
mod plan;
mod records;
mod request;
mod schedules;
mod service;
mod targets;

pub use service::{EventBridge, Ports};
pub use targets::Targets;
