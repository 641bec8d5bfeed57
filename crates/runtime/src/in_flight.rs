//! What is under way in a process: virtual time may only jump when nothing is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A counter of messages, commits and tasks under way. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct InFlight(Arc<AtomicUsize>);

/// One thing under way; dropping it says that it is done.
#[derive(Debug)]
pub struct UnderWay(Arc<AtomicUsize>);

impl InFlight {
    /// Nothing is under way yet.
    pub fn new() -> InFlight {
        InFlight::default()
    }

    /// Counts one more thing until the answer is dropped.
    pub fn begin(&self) -> UnderWay {
        self.0.fetch_add(1, Ordering::SeqCst);
        UnderWay(self.0.clone())
    }

    /// How many things are under way.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
