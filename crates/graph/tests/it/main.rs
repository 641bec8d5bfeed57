//! What every picture keeps to, whatever is drawn.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod draft;
mod draw;
mod layout;
mod standing;
