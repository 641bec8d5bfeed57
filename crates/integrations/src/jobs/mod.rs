//! Optimised integrations of services that run jobs: one call, and with `.sync` questions until the job has ended.
//!
//! A service and what it can be asked for is a line in `services`, a job that `.sync` waits for one in `table`. Enter at
//! `call`.
//!
//! Source: Developer Guide, "Integrating optimized services"; the states of jobs are those of the services' API
//! references. How long AWS waits between two questions is published for EMR and Kubernetes only (a minute, and later five);
//! here all jobs are asked for more often.

mod emr;
mod job;
mod lookup;
mod origin;
mod services;
mod table;

pub use job::Job;
pub(crate) use job::{PAUSE_MAX, PAUSE_MIN};
pub use lookup::Lookup;
pub(crate) use lookup::PAGES_MAX;
pub use origin::Origin;
pub(crate) use origin::{Members, picked};
pub(crate) use services::call;

#[cfg(test)]
mod tests;
