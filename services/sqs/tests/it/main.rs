//! The service as its callers see it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "tests fail by panicking, and read better with literals as arguments"
)]

mod crash;
mod dead_letters;
mod fifo;
mod messages;
mod polling;
mod queues;
mod stage;
