//! What one evaluation may cost.
//!
//! Entry point: [`Limits`]. Every limit is enforced inside the built-in functions too.

/// The bounds of one evaluation. Exceeding one is an [`crate::Error`], never a panic or an abort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Units of work: about one per evaluated node, copied item, or 64 bytes of text produced.
    pub steps: u64,
    /// Nested evaluations (about three per call that is not a tail call).
    pub depth: u32,
    /// Items in one sequence or array.
    pub sequence_length: usize,
    /// Bytes of text and items that the evaluation allocates altogether.
    pub bytes: usize,
    /// Native stack that the evaluation may use. The thread must have this much left, and some.
    pub stack_bytes: usize,
}

impl Default for Limits {
    /// What keeps any evaluation under a second of processor time and under 256 MiB, lists that double as they grow included.
    fn default() -> Limits {
        Limits {
            steps: 5_000_000,
            depth: 2_000,
            sequence_length: 10_000_000,
            bytes: 96 << 20,
            stack_bytes: 1 << 20,
        }
    }
}
