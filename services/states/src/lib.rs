//! The Step Functions API: operations by name, JSON in, JSON or a fault out.
//!
//! State machines, versions, aliases, activities and tags are kept here, in tables over the store port; executions are
//! the runtime's. The crate does not know how a call travels, nor how a state runs. Start at [`StepFunctions`].

#![forbid(unsafe_code)]

mod aliases;
mod api;
mod cache;
mod configuration;
mod constraints;
mod definitions;
mod deletion;
mod executions;
mod faults;
mod lists;
mod map_runs;
mod model;
mod names;
mod page;
mod payloads;
mod quotas;
mod records;
mod redrive;
mod redrive_tokens;
mod request;
mod resource;
mod roles;
mod runtime_bridge;
mod service;
mod shapes;
mod starts;
mod tables;
mod tags;
mod targets;
mod test_cases;
mod times;
mod versions;

pub use definitions::Definitions;
pub use service::{Ports, StepFunctions};
pub use test_cases::TestCases;
