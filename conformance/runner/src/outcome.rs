//! What became of one case.

/// A case after its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The id of the case.
    pub id: String,
    /// The group that the table shows it in.
    pub area: String,
    /// How it went.
    pub verdict: Verdict,
}

/// How a case went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// As recorded.
    Passed,
    /// Otherwise; the text says what was expected and what came.
    Failed(String),
    /// It cannot be asked here, for this reason. It counts neither as passed nor as a case.
    Apart(String),
}

impl Outcome {
    /// Whether the case counts.
    pub fn counts(&self) -> bool {
        !matches!(self.verdict, Verdict::Apart(_))
    }

    /// Whether the case passed.
    pub fn passed(&self) -> bool {
        self.verdict == Verdict::Passed
    }
}
