//! State machines in memory, so that a start reads nothing from the store.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::model::{Owned, Revision, StateMachine};

/// State machines kept; beyond that all are forgotten, which costs one read each.
const MACHINES_MAX: usize = 10_000;

/// A state machine as it is now.
#[derive(Clone, Debug)]
pub(crate) struct Current {
    pub(crate) machine: Arc<StateMachine>,
    pub(crate) revision: Arc<Revision>,
}

/// State machines that were read, until they are changed.
#[derive(Default)]
pub(crate) struct Cache {
    contents: RwLock<Contents>,
}

#[derive(Default)]
struct Contents {
    machines: HashMap<Owned, Current>,
    /// Counts changes: what was read before one must not be kept after it.
    generation: u64,
}

impl Cache {
    pub(crate) fn get(&self, owned: &Owned) -> Option<Current> {
        let contents = self.contents.read().unwrap_or_else(PoisonError::into_inner);
        contents.machines.get(owned).cloned()
    }

    /// To be asked before something is read that is then kept.
    pub(crate) fn generation(&self) -> u64 {
        self.contents
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .generation
    }

    /// Keeps what was read, unless something changed since `generation`.
    pub(crate) fn insert(&self, owned: Owned, current: Current, generation: u64) {
        let mut contents = self
            .contents
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if contents.generation != generation {
            return;
        }
        if contents.machines.len() >= MACHINES_MAX {
            contents.machines.clear();
        }
        contents.machines.insert(owned, current);
    }

    /// Forgets what was changed.
    pub(crate) fn forget(&self, changed: &[Owned]) {
        let mut contents = self
            .contents
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        contents.generation += 1;
        for owned in changed {
            contents.machines.remove(owned);
        }
    }
}
