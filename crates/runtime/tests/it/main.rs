//! The runtime over real threads and stores, on virtual time, with tasks that answer at once.

mod crash;
mod executions;
mod world;
