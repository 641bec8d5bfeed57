//! Functions run as real processes: Python, Node and executables of their own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod harness;
mod java;
mod left_behind;
mod limits;
mod logs;
mod node;
mod pools;
mod provided;
mod python;
