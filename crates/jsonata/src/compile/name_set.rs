//! Names in order of first appearance, each once, found without a scan.

use std::collections::BTreeMap;
use std::sync::Arc;

/// An ordered set of names. A name's place is its index in that order.
#[derive(Clone, Debug, Default)]
pub(super) struct NameSet {
    places: BTreeMap<Arc<str>, usize>,
}

impl NameSet {
    /// Adds a name, unless it is there; tells whether it was added.
    pub(super) fn add(&mut self, name: &Arc<str>) -> bool {
        let next = self.places.len();
        let place = self.places.entry(Arc::clone(name)).or_insert(next);
        *place == next
    }

    /// The place of a name.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The names in their order.
    pub(super) fn in_order(&self) -> Vec<&Arc<str>> {
        let mut names: Vec<_> = self.places.iter().collect();
        names.sort_by_key(|(_, place)| **place);
        names.into_iter().map(|(name, _)| name).collect()
    }
}
