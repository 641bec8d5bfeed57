//! EventBridge: buses, rules with event patterns or schedules, and targets.
//!
//! What `PutEvents` has accepted is delivered at least once, over a crash too: the deliveries of all rules that want an event
//! become durable before the call is answered. Targets are reached as services through
//! [`Peers`](passo_service::Peers). Entry points: [`EventBridge::open`], [`Targets`], what deliveries that are more than one
//! call go through, and [`Connections`], what HTTP tasks go through.

#![forbid(unsafe_code)]

mod api;
mod archive;
mod connected;
mod connection;
mod destination;
mod event;
mod faults;
mod form;
mod input;
mod matching;
mod names;
mod outgoing;
mod plan;
mod records;
mod replay;
mod request;
mod schedules;
mod service;
mod targets;
mod token;

pub use connected::Connections;
pub use service::{EventBridge, Ports};
pub use targets::Targets;
