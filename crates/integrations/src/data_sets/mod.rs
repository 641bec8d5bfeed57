//! Data sets of Distributed Maps: where items are read, and where results go. Both are objects of S3, whoever answers for
//! S3.
//!
//! Everything here waits for its calls, and is meant for threads that may wait. Nothing is ever whole in memory: items
//! come page by page, each with a [`Reader::cursor`] from which another reader goes on, and results leave as parts. This
//! module knows neither where S3 is nor what a Map run does with the items. Enter at [`Reader::open`] and [`write()`].

mod calls;
mod csv;
mod cursor;
mod files;
mod items;
mod json;
mod jsonl;
mod listing;
mod manifest;
mod object;
#[cfg(feature = "parquet")]
mod parquet;
mod plan;
mod reader;
#[cfg(test)]
mod tests;
mod writer;
mod zstd;

pub use calls::Calls;
pub use reader::{Page, Reader};
pub use writer::{Outcomes, write};
