//! Scripts of calls, played against the service with a store in memory and a clock that jumps.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "tests fail by panicking, and read better with literals as arguments"
)]

mod activities;
mod aliases;
mod executions;
mod map_runs;
mod separation;
mod stage;
mod state_machines;
mod tasks;
mod test_state;
mod versions;
