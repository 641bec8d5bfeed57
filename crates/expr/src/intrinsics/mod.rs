//! The intrinsic functions of JSONPath states: `States.Format(…)` and seventeen others.
//!
//! Entry point: [`Intrinsic`]. A new function is a new file and one line in [`table`].

mod arguments;
mod array;
mod array_contains;
mod array_get_item;
mod array_length;
mod array_partition;
mod array_range;
mod array_unique;
mod base64_decode;
mod base64_encode;
mod call;
mod format;
mod hash;
mod json_merge;
mod json_to_string;
mod math_add;
mod math_random;
mod parse;
mod string_split;
mod string_to_json;
mod table;
mod uuid;

pub use call::Intrinsic;
pub(crate) use call::{Argument, Call};
