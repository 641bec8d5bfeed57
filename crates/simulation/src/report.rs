//! What a run has to tell: how much happened, or what went wrong.

use std::fmt;

/// What went wrong with one seed; the same seed does it again.
#[derive(Clone, Debug)]
pub struct Defect {
    /// The seed.
    pub seed: u64,
    /// The step in which it was noticed.
    pub step: u64,
    /// What is wrong, a sentence each.
    pub what: Vec<String>,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {} step {}", self.seed, self.step)?;
        self.what
            .iter()
            .try_for_each(|what| write!(f, "\n  {what}"))
    }
}

impl std::error::Error for Defect {}

/// How much happened in one run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Report {
    /// Steps taken.
    pub steps: u64,
    /// Times that the process died.
    pub crashes: u64,
    /// Commits that succeeded.
    pub commits: u64,
    /// Executions that ended, children of Map runs not counted.
    pub ended: u64,
}
