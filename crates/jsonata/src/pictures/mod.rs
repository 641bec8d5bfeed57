//! Picture strings: numbers, integers and timestamps as text, and back.
//!
//! The functions here are those behind `$formatNumber`, `$formatInteger`, `$parseInteger`,
//! `$fromMillis` and `$toMillis`, after the XPath 3.1 pictures that JSONata 2.0.6 takes. They work on
//! plain Rust values: they know no expression, no JSON tree and no clock (the current time is an
//! argument), and whatever the picture says they end, without a panic, with a bounded text.
//!
//! Where jsonata.js 2.0.6 recurses for ever, loops for ever, or prints `NaN` or `undefined` inside a
//! text, these functions give an error. Where its arithmetic on signs or separators contradicts
//! XPath, they follow XPath: a separator stands only between digits, `-0530` is five and a half
//! hours west, and a scaled mantissa has exactly the integer digits of the picture.

pub mod datetime;
mod decimal;
pub mod integer;
pub mod number;

pub use datetime::{format_datetime, parse_datetime};
pub use integer::{format_integer, parse_integer};
pub use number::{DecimalFormat, format_number};
