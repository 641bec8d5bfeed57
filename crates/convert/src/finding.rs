//! What is to be known of a conversion.

use passo_expr::Difference;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The state stays in JSONPath.
    Error,
    /// The converted state behaves differently in a case that is named.
    Warning,
    /// For values of a kind that is named, the results differ.
    Note,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// JSONata cannot say it exactly.
    NotConvertible,
    /// The state is not as a state must be.
    Invalid,
    /// A name in `ErrorEquals` that JSONata states do not fail with.
    ErrorName,
    /// Times in texts are compared by other rules where a text is none.
    Timestamp,
    /// A presence test looks into lists.
    Presence,
    /// A difference between expressions.
    Expression(Difference),
}

/// One thing to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What it is about.
    pub code: Code,
    /// Where, as a JSON Pointer into the definition that was given.
    pub location: String,
    /// A sentence for people.
    pub message: String,
}

impl Severity {
    /// A name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Note => "NOTE",
        }
    }
}

impl Code {
    /// A name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Code::NotConvertible => "NOT_CONVERTIBLE",
            Code::Invalid => "INVALID",
            Code::ErrorName => "ERROR_NAME",
            Code::Timestamp => "TIMESTAMP",
            Code::Presence => "PRESENCE",
            Code::Expression(difference) => difference.name(),
        }
    }
}
