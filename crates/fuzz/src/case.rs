//! One input of a target.

/// What a target runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    /// The expression, path or definition.
    pub(crate) code: String,
    /// The document it runs on, as JSON; for definitions, the format and the type.
    pub(crate) data: String,
}

/// How far a case came. Fuzzing that never gets past the parser proves little, so this is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The code was refused.
    Refused,
    /// The code was accepted.
    Accepted,
}
