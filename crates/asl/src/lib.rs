//! The Amazon States Language: what a definition says, what is wrong with it, and what runs.
//!
//! Knows the language only: no execution, no API, no files. Start at [`source::read`] for text with positions.
#![forbid(unsafe_code)]

pub mod source;
