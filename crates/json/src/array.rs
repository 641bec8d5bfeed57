//! Lists: shared, immutable, with their depth known.

use std::ops::Deref;
use std::sync::Arc;

use crate::Json;

/// Below this depth the compiler's own recursive drop is safe on any thread's stack.
pub(crate) const RECURSIVE_DROP_DEPTH_MAX: u32 = 100;

/// A JSON array. Reads like a slice; cloning costs one reference count.
#[derive(Clone, Debug, Default)]
pub struct Array(Arc<ArrayNode>);

#[derive(Debug, Default)]
struct ArrayNode {
    depth: u32,
    items: Vec<Json>,
}

impl Array {
    /// Levels of nesting, this array included.
    pub fn depth(&self) -> u32 {
        self.0.depth.max(1)
    }

    /// The array with `item` added at its end; copies the list unless this is its only owner.
    pub fn with(mut self, item: Json) -> Array {
        let depth = self.depth().max(item.depth().saturating_add(1));
        if let Some(node) = Arc::get_mut(&mut self.0) {
            node.items.push(item);
            node.depth = depth;
            return self;
        }
        self.iter().cloned().chain([item]).collect()
    }

    pub(crate) fn is_same(&self, other: &Array) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The items, where nobody else holds this array.
    pub(crate) fn into_unique_items(self) -> Option<Vec<Json>> {
        let mut node = Arc::try_unwrap(self.0).ok()?;
        Some(std::mem::take(&mut node.items))
    }
}

impl From<Vec<Json>> for Array {
    fn from(items: Vec<Json>) -> Array {
        let depth = items
            .iter()
            .map(Json::depth)
            .max()
            .unwrap_or(0)
            .saturating_add(1);
        Array(Arc::new(ArrayNode { depth, items }))
    }
}

impl FromIterator<Json> for Array {
    fn from_iter<I: IntoIterator<Item = Json>>(items: I) -> Array {
        Array::from(items.into_iter().collect::<Vec<Json>>())
    }
}

impl Deref for Array {
    type Target = [Json];

    fn deref(&self) -> &[Json] {
        &self.0.items
    }
}

impl<'a> IntoIterator for &'a Array {
    type Item = &'a Json;
    type IntoIter = std::slice::Iter<'a, Json>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Drop for ArrayNode {
    fn drop(&mut self) {
        if self.depth > RECURSIVE_DROP_DEPTH_MAX {
            drop_iteratively(std::mem::take(&mut self.items));
        }
    }
}

/// Drops `pending` and everything only it holds with a list of its own instead of the native stack.
pub(crate) fn drop_iteratively(mut pending: Vec<Json>) {
    while let Some(value) = pending.pop() {
        match value {
            Json::Array(array) => pending.extend(array.into_unique_items().unwrap_or_default()),
            Json::Object(object) => pending.extend(object.into_unique_values()),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
}
