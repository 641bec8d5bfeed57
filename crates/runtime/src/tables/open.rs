//! Executions that are under way, and whether a restart must load them at once.

use passo_store::{Batch, Space};

use crate::Key;

/// The table: the execution's key to [`Resume`].
pub(crate) const SPACE: Space = Space::new("open");

/// What a restart does with an open execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resume {
    /// Load it: a task is under way, or it can move by itself.
    AtOnce,
    /// Leave it: only a timer or a caller can move it.
    WhenWoken,
}

pub(crate) fn put(batch: &mut Batch, execution: Key, resume: Resume) {
    let byte = match resume {
        Resume::AtOnce => 1,
        Resume::WhenWoken => 0,
    };
    batch.put(SPACE, execution.as_bytes(), vec![byte]);
}

pub(crate) fn delete(batch: &mut Batch, execution: Key) {
    batch.delete(SPACE, execution.as_bytes());
}

/// Anything unknown is loaded: that is never wrong, only slower.
pub(crate) fn from_value(value: &[u8]) -> Resume {
    match value.first() {
        Some(0) => Resume::WhenWoken,
        _ => Resume::AtOnce,
    }
}
