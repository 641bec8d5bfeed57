//! Scripts of calls, played against the service with a store in memory and a clock that jumps.

mod activities;
mod aliases;
mod executions;
mod separation;
mod stage;
mod state_machines;
mod tasks;
mod versions;
