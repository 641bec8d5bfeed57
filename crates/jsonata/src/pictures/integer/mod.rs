//! Integers as text after a picture, and back (XPath 3.1 `format-integer`).
//!
//! Entry points: [`format_integer`] and [`parse_integer`]. Knows nothing of dates, which use the
//! pictures of this module for their parts.

mod format;
mod letters;
mod parse;
mod picture;
mod roman;
pub(super) mod words;

pub(super) use format::format_digits;
pub use format::format_integer;
pub use parse::parse_integer;
pub(super) use parse::parse_text;
pub(super) use picture::{Case, Grouping, IntegerPicture, Primary, unsupported_sequence};
