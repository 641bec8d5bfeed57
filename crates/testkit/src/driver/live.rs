//! An execution of a run, with what the driver keeps of it.

use std::collections::BTreeMap;

use passo_engine::{EventId, Execution, StartTask, TaskId};

use super::Origin;

/// An execution that is under way.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) execution: Execution,
    pub(super) origin: Origin,
    /// The last event that its users saw.
    pub(super) last_event: EventId,
    /// Tasks that it asked for and that have not begun.
    pub(super) wanted: BTreeMap<TaskId, StartTask>,
}

impl Live {
    pub(super) fn new(execution: Execution, origin: Origin) -> Live {
        Live {
            execution,
            origin,
            last_event: EventId::NONE,
            wanted: BTreeMap::new(),
        }
    }
}
