//! How many items or children are where.

/// Items, or child executions, of a Map run by status.
///
/// Source: AWS Step Functions API Reference, `MapRunItemCounts` and `MapRunExecutionCounts`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not started.
    pub pending: u64,
    /// Under way.
    pub running: u64,
    /// Ended well.
    pub succeeded: u64,
    /// Failed.
    pub failed: u64,
    /// Took too long.
    pub timed_out: u64,
    /// Stopped, or never started because the run ended.
    pub aborted: u64,
    /// All.
    pub total: u64,
    /// Those whose result was written.
    pub results_written: u64,
}

impl Counts {
    /// Failed or timed out: what counts against the tolerance.
    pub fn unsuccessful(&self) -> u64 {
        self.failed.saturating_add(self.timed_out)
    }
}
