//! Numbers as text after a picture (XPath 3.1 `format-number`).
//!
//! Entry points: [`format_number`] and [`DecimalFormat`].

mod format;
mod options;
mod picture;

pub use format::format_number;
pub use options::DecimalFormat;
