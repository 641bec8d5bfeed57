//! CloudWatch: metrics, math over them, alarms, dashboards.
//!
//! Points are kept for each resolution at once and for as long as at AWS; what other services count comes in through a
//! [`Tally`], a few rows in a minute. Alarms are evaluated by the server's clock, a virtual one too; what follows from a new
//! state becomes durable together with it. Entry points: [`CloudWatch::open`], [`Tally`].

#![forbid(unsafe_code)]

mod actions;
mod alarm;
mod api;
mod composite;
mod evaluation;
mod faults;
mod history;
mod judging;
mod math;
mod point;
mod points;
mod query;
mod quotas;
mod request;
mod search;
mod series;
mod service;
mod statistic;
mod tally;
mod unit;
mod watch;

pub use actions::EventTarget;
pub use service::{CloudWatch, Ports};
pub use tally::{Figure, Measure, Tally};
