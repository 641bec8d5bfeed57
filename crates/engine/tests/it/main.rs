//! The engine from outside: definitions in, histories out, on virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "tests fail by panicking, and read better with literals as arguments"
)]

mod crash;
mod definitions;
mod driver;
mod histories;
mod journal;
mod limits;
mod map_run;
mod random;
mod redrive;
mod stop;
