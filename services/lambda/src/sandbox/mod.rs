//! A sandbox: one process of a function with its Runtime API and its log, and the task that owns them.
//!
//! Knows one process and its protocol; which invocation comes to which sandbox is the pool's business. Entry
//! point: [`start`].

mod finish;
mod job;
mod launch;
mod output;
mod owner;
mod process;
mod turns;

pub(crate) use job::{Job, Reply};
pub(crate) use launch::{InitBudget, Started, start};
