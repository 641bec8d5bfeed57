//! Why an expression cannot be compiled, and why its evaluation failed.

use std::fmt;

use passo_json::{Json, Kind};
use passo_vocab::ErrorName;

/// A text is not a path, an intrinsic call or an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where in the text, in bytes from its start.
    pub offset: usize,
    /// Whether the text is malformed, or well-formed but not allowed.
    pub kind: SyntaxErrorKind,
    /// What is wrong there.
    pub message: String,
}

/// What AWS's validation distinguishes: `INVALID_…_EXPRESSION` and `UNSUPPORTED_…_EXPRESSION`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// The text does not follow the grammar.
    Invalid,
    /// The text follows the grammar but refers to something that does not exist in Step Functions.
    Unsupported,
}

/// An evaluation failed: the workflow's error, as a value.
///
/// The message is AWS's text without its leading "An error occurred while executing the state …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionFailure {
    /// `States.Runtime`, `States.QueryEvaluationError`, ….
    pub error: ErrorName,
    /// What happened, in AWS's words where they are known.
    pub message: String,
    /// The field at fault, for the event `EvaluationFailed`: `Output/result`. JSONata only.
    pub location: Option<String>,
}

impl SyntaxError {
    /// A malformed text.
    pub fn new(offset: usize, message: impl Into<String>) -> SyntaxError {
        SyntaxError {
            offset,
            kind: SyntaxErrorKind::Invalid,
            message: message.into(),
        }
    }
}

impl ExpressionFailure {
    /// The interpreter cannot go on: `States.Runtime`.
    pub fn runtime(message: impl Into<String>) -> ExpressionFailure {
        ExpressionFailure {
            error: ErrorName::RUNTIME,
            message: message.into(),
            location: None,
        }
    }

    /// A JSONata expression in `field` failed: `States.QueryEvaluationError`.
    pub fn query(field: &str, message: impl Into<String>) -> ExpressionFailure {
        ExpressionFailure {
            error: ErrorName::QUERY_EVALUATION_ERROR,
            message: message.into(),
            location: Some(field.to_owned()),
        }
    }

    /// A JSONata expression yielded a value of a kind that its field does not take.
    ///
    /// Source: recorded on AWS with `Items` of a Map state.
    pub fn unexpected_kind(
        source: &str,
        field: &str,
        expected: Kind,
        value: &Json,
    ) -> ExpressionFailure {
        let (wanted, found) = (expected.name(), value.kind().name());
        ExpressionFailure::query(
            field,
            format!(
                "The JSONata expression '{source}' specified for the field '{field}' returned an \
                 unexpected result type. Expected '{wanted}', but was '{found}' for value: {value}"
            ),
        )
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at offset {}", self.message, self.offset)
    }
}

impl std::error::Error for SyntaxError {}

impl fmt::Display for ExpressionFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.message)
    }
}

impl std::error::Error for ExpressionFailure {}
