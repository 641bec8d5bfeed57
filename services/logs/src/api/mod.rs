//! Operations, one module for each thing that the service names.

pub(crate) mod events;
pub(crate) mod filters;
pub(crate) mod groups;
pub(crate) mod queries;
pub(crate) mod streams;
pub(crate) mod tags;
