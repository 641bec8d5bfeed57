//! What standard output gets: rows as a table, JSON, JSON lines, YAML or text.
//!
//! Data is what AWS answers, with times as text. Enter at [`OutputArguments::rows`] and [`OutputArguments::one`].

mod arguments;
mod data;
mod fields;
mod filter;
mod table;
mod time;

pub use arguments::OutputArguments;
pub use data::{line, lines};
pub use table::{Cell, Column, status_style};
pub use time::{age, readable, timestamp};
