//! The one JSON value of Passo: an immutable, shared, insertion-ordered tree with exact integers,
//! and payloads that stay text until somebody looks inside.
//!
//! This crate knows nothing of ASL, executions, AWS services or the time of day.
//! Start at [`Json`] for the tree and at [`Payload`] for text that is parsed on first look.

#![forbid(unsafe_code)]

mod array;
mod decimal;
mod lexer;
mod macros;
mod number;
mod object;
mod parse;
mod payload;
mod pointer;
mod print;
mod scan;
mod tree;
mod value;

pub use array::Array;
pub use decimal::float_text;
pub use lexer::{Lexer, StringToken, Token, TokenKind};
pub use number::Number;
pub use object::{Object, ObjectBuilder};
pub use parse::{Limits, ParseError, ParseErrorKind, validate};
pub use payload::Payload;
pub use print::write_quoted;
pub use value::{Json, Kind};
