//! What is wrong with a message that does not fit its model.

use std::fmt;

/// Levels of nesting that are read and written, at most: no AWS shape needs more, and what is deeper is refused rather
/// than followed without bound.
pub(crate) const DEPTH_MAX: usize = 100;

/// Why a message could not be read or written. The text quotes no values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(String);

impl Problem {
    pub(crate) fn new(text: impl Into<String>) -> Problem {
        Problem(text.into())
    }

    pub(crate) fn too_deep() -> Problem {
        Problem::new("The message is nested too deeply.")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Problem {}
