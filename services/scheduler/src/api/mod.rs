//! The operations, by what they are about.

pub(crate) mod groups;
pub(crate) mod schedules;
pub(crate) mod tags;
