//! Simulation of the durable core: from one seed, on one thread, on virtual time.
//!
//! A seed makes workflows, callers, tasks, workers, a disk that fails and a process that dies. [`simulate`] drives the
//! [`passo_runtime::Partition`]s of each life of the process, another number of them each time, through all of it and
//! checks, at every durable point, that the tables say what the journals say; at the end, that everything acknowledged has
//! ended as it does undisturbed, and that nothing is left.
//! The crate knows nothing of how a partition works inside.

#![forbid(unsafe_code)]

mod checker;
mod client;
mod data;
mod partitions;
mod process;
mod random;
mod report;
mod simulation;
mod week;
mod workflow;
mod world;

pub use report::{Defect, Report};
pub use simulation::simulate;
pub use week::{Day, week};
