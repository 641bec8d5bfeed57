//! Operations, one module for each thing that the service names.

pub(crate) mod alarms;
pub(crate) mod dashboards;
pub(crate) mod metrics;
pub(crate) mod tags;
