//! A failed workflow step, as a value.

use std::sync::Arc;

use crate::ErrorName;

/// The workflow failed: what Retry and Catch look at and what history shows. Never a Rust error.
///
/// Both parts may be absent: a Fail state or `SendTaskFailure` may give neither.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// The error name, matched by Retry and Catch.
    pub error: Option<ErrorName>,
    /// The explanation for a reader.
    pub cause: Option<Arc<str>>,
}

impl Failure {
    /// A failure with both parts.
    pub fn new(error: ErrorName, cause: impl Into<Arc<str>>) -> Failure {
        Failure {
            error: Some(error),
            cause: Some(cause.into()),
        }
    }
}
