//! The runtime over real threads and stores, on virtual time, with tasks that answer at once.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod crash;
mod executions;
mod forgetting;
mod full_disk;
mod map_runs;
mod partitions;
mod quarantine;
mod timers;
mod world;
