//! JSONPath in the Jayway dialect, which is the one that Step Functions speaks.
//!
//! A path is compiled once. A definite path yields its value and fails where there is none; any other
//! path yields the list of what it finds. Start at [`Path`]; [`ReferencePath`] is the restricted form
//! that can also be written to. Nothing here knows fields or states.

mod eval;
pub(crate) mod filter;
pub(crate) mod functions;
mod parse;
mod parse_filter;
mod parse_literal;
mod path;
pub(crate) mod query;
mod reference_path;

pub(crate) use parse::{Parser, Place};
pub use path::{Path, PathError, PathErrorKind};
pub use reference_path::{ReferencePath, WriteError};
