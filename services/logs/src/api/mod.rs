//! Operations, one module for each thing that the service names.

pub(crate) mod events;
pub(crate) mod groups;
pub(crate) mod streams;
pub(crate) mod tags;
