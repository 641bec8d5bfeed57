//! The one error type of the language, with the official JSONata codes.
//!
//! Entry point: [`Error`]. `S....` codes are raised while compiling, `T....` are wrong types,
//! `D....` are values out of a function's domain, `U....` are limits. This module does not know how
//! an expression is evaluated.

use std::fmt;

/// A JSONata error code, such as `S0201`, `T2001` or `D3030`.
pub type ErrorCode = &'static str;

/// The expression yields a function, which has no JSON form. This code is our own.
pub const FUNCTION_RESULT: ErrorCode = "U2001";
/// A built-in function that the profile refuses is referenced. This code is our own.
pub const REFUSED_FUNCTION: ErrorCode = "U2002";
/// The top-level context is referenced where the profile forbids it. This code is our own.
pub const REFUSED_CONTEXT: ErrorCode = "U2003";
/// A limit of [`crate::Limits`] is exceeded: time (steps) or stack (depth).
pub const LIMIT: ErrorCode = "U1001";

/// Why an expression could not be compiled or evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// The official code (jsonata.js 2.0.6), or one of this module's constants.
    pub code: ErrorCode,
    /// Where in the source, as an offset in bytes just after the token at fault, where known.
    pub position: Option<usize>,
    /// The token or the function name at fault, where known.
    pub token: Option<String>,
    /// The offending value as text, where known.
    pub value: Option<String>,
    /// A sentence for people.
    pub message: String,
}

impl Error {
    /// An error with its code and message and nothing else known yet.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Error {
        Error {
            code,
            position: None,
            token: None,
            value: None,
            message: message.into(),
        }
    }

    /// The same error with the place at fault, unless one is known already.
    #[must_use]
    pub fn at(mut self, position: usize) -> Error {
        self.position.get_or_insert(position);
        self
    }

    /// The same error with the token at fault, unless one is known already.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Error {
        self.token.get_or_insert_with(|| token.into());
        self
    }

    /// The same error with the offending value as text.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Error {
        self.value = Some(value.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Error {}
