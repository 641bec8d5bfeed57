//! Objects: keys and values in insertion order, found by scan while small and by binary search when large.

use std::sync::Arc;

use crate::Json;
use crate::array::{RECURSIVE_DROP_DEPTH_MAX, drop_iteratively};

/// Up to this many keys a scan beats an index.
const SCAN_KEYS_MAX: usize = 12;

/// A JSON object. Cloning costs one reference count; iteration is in insertion order.
#[derive(Clone, Debug, Default)]
pub struct Object(Arc<ObjectNode>);

#[derive(Debug, Default)]
struct ObjectNode {
    depth: u32,
    entries: Vec<(Arc<str>, Json)>,
    /// Positions of the entries in the order of their keys; empty while the object is small.
    by_key: Box<[usize]>,
}

/// Collects the entries of an [`Object`].
#[derive(Debug, Default)]
pub struct ObjectBuilder {
    entries: Vec<(Arc<str>, Json)>,
}

impl ObjectBuilder {
    /// No entries yet.
    pub fn new() -> ObjectBuilder {
        ObjectBuilder::default()
    }

    /// Adds an entry. Where `key` occurs again, its last value stays, at its first place.
    pub fn insert(
        &mut self,
        key: impl Into<Arc<str>>,
        value: impl Into<Json>,
    ) -> &mut ObjectBuilder {
        self.entries.push((key.into(), value.into()));
        self
    }

    /// Adds an entry where there is a value.
    pub fn insert_some<T: Into<Json>>(
        &mut self,
        key: impl Into<Arc<str>>,
        value: Option<T>,
    ) -> &mut ObjectBuilder {
        if let Some(value) = value {
            self.insert(key, value);
        }
        self
    }

    /// The object of what was added so far; the builder is empty afterwards.
    pub fn build(&mut self) -> Object {
        Object::from_entries(std::mem::take(&mut self.entries))
    }
}

impl Object {
    /// An object of `entries`; where a key occurs again, its last value stays, at its first place.
    pub(crate) fn from_entries(mut entries: Vec<(Arc<str>, Json)>) -> Object {
        let mut by_key = Vec::new();
        if entries.len() <= SCAN_KEYS_MAX {
            merge_repeated_by_scan(&mut entries);
        } else {
            by_key = sorted_positions(&entries);
            if merge_repeated_by_index(&mut entries, &by_key) {
                by_key = sorted_positions(&entries);
            }
        }
        let deepest = entries
            .iter()
            .map(|(_, value)| value.depth())
            .max()
            .unwrap_or(0);
        let depth = deepest.saturating_add(1);
        Object(Arc::new(ObjectNode {
            depth,
            entries,
            by_key: by_key.into_boxed_slice(),
        }))
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// Levels of nesting, this object included.
    pub fn depth(&self) -> u32 {
        self.0.depth.max(1)
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Json> {
        let (_, value) = self.0.entries.get(self.position(key)?)?;
        Some(value)
    }

    /// Whether `key` is there.
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Entries in insertion order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Arc<str>, &Json)> + ExactSizeIterator {
        self.0.entries.iter().map(|(key, value)| (key, value))
    }

    /// Entries in insertion order, as stored.
    pub fn entries(&self) -> &[(Arc<str>, Json)] {
        &self.0.entries
    }

    /// Keys in insertion order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Arc<str>> + ExactSizeIterator {
        self.0.entries.iter().map(|(key, _)| key)
    }

    /// Values in insertion order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Json> + ExactSizeIterator {
        self.0.entries.iter().map(|(_, value)| value)
    }

    /// The object with `key` set to `value`, in place where `key` was there, else at the end.
    /// Copies the list of entries unless this is its only owner.
    pub fn with(mut self, key: impl Into<Arc<str>>, value: impl Into<Json>) -> Object {
        let (key, value) = (key.into(), value.into());
        let mut entries = match Arc::get_mut(&mut self.0) {
            Some(node) => std::mem::take(&mut node.entries),
            None => self.0.entries.clone(),
        };
        match entries.iter_mut().find(|(other, _)| *other == key) {
            Some((_, slot)) => *slot = value,
            None => entries.push((key, value)),
        }
        Object::from_entries(entries)
    }

    /// The object without `key`.
    pub fn without(&self, key: &str) -> Object {
        if !self.contains_key(key) {
            return self.clone();
        }
        let kept = self.0.entries.iter().filter(|(other, _)| &**other != key);
        Object::from_entries(kept.cloned().collect())
    }

    pub(crate) fn is_same(&self, other: &Object) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The values, where nobody else holds this object; nothing otherwise.
    pub(crate) fn into_unique_values(self) -> Vec<Json> {
        match Arc::try_unwrap(self.0) {
            Ok(mut node) => std::mem::take(&mut node.entries)
                .into_iter()
                .map(|(_, value)| value)
                .collect(),
            Err(_) => Vec::new(),
        }
    }

    fn position(&self, key: &str) -> Option<usize> {
        let node = &*self.0;
        if node.by_key.is_empty() {
            return node.entries.iter().position(|(other, _)| &**other == key);
        }
        let found = node
            .by_key
            .binary_search_by(|position| key_at(&node.entries, *position).cmp(key));
        found.ok().and_then(|at| node.by_key.get(at).copied())
    }
}

impl<K: Into<Arc<str>>> FromIterator<(K, Json)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, Json)>>(entries: I) -> Object {
        Object::from_entries(
            entries
                .into_iter()
                .map(|(key, value)| (key.into(), value))
                .collect(),
        )
    }
}

impl Drop for ObjectNode {
    fn drop(&mut self) {
        if self.depth > RECURSIVE_DROP_DEPTH_MAX {
            let entries = std::mem::take(&mut self.entries);
            drop_iteratively(entries.into_iter().map(|(_, value)| value).collect());
        }
    }
}

fn key_at(entries: &[(Arc<str>, Json)], position: usize) -> &str {
    entries.get(position).map_or("", |(key, _)| key)
}

/// Stable, so that among equal keys the first one comes first.
fn sorted_positions(entries: &[(Arc<str>, Json)]) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..entries.len()).collect();
    positions.sort_by(|a, b| key_at(entries, *a).cmp(key_at(entries, *b)));
    positions
}

fn merge_repeated_by_scan(entries: &mut Vec<(Arc<str>, Json)>) {
    let mut at = 1;
    while at < entries.len() {
        let (before, rest) = entries.split_at_mut(at);
        let repeated = rest.first_mut().and_then(|(key, value)| {
            let (_, first) = before.iter_mut().find(|(other, _)| other == key)?;
            std::mem::swap(first, value);
            Some(())
        });
        if repeated.is_some() {
            entries.remove(at);
        } else {
            at += 1;
        }
    }
}

/// Moves the last value of each repeated key to its first place; tells whether any key was repeated.
fn merge_repeated_by_index(entries: &mut Vec<(Arc<str>, Json)>, by_key: &[usize]) -> bool {
    let mut repeated = vec![false; entries.len()];
    let mut first = 0;
    for (at, position) in by_key.iter().enumerate().skip(1) {
        let Some(first_position) = by_key.get(first).copied() else {
            break;
        };
        if key_at(entries, first_position) != key_at(entries, *position) {
            first = at;
            continue;
        }
        let value = entries
            .get(*position)
            .map(|(_, value)| value.clone())
            .unwrap_or_default();
        if let (Some((_, slot)), Some(flag)) =
            (entries.get_mut(first_position), repeated.get_mut(*position))
        {
            *slot = value;
            *flag = true;
        }
    }
    if !repeated.contains(&true) {
        return false;
    }
    let mut flags = repeated.into_iter();
    entries.retain(|_| flags.next() != Some(true));
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn the_last_value_stays_at_the_first_place() {
        for filler in [0, 40] {
            let mut builder = ObjectBuilder::new();
            builder
                .insert("a", 1)
                .insert("b", 2)
                .insert("a", 3)
                .insert("c", 4)
                .insert("a", 5);
            for index in 0..filler {
                builder.insert(format!("f{index}"), index);
            }
            let object = builder.build();
            let keys: Vec<&str> = object.keys().take(3).map(|key| &**key).collect();
            assert_eq!(keys, ["a", "b", "c"]);
            assert_eq!(object.get("a"), Some(&json!(5)));
            assert_eq!(object.len(), 3 + usize::try_from(filler).unwrap());
        }
    }

    #[test]
    fn every_key_of_a_large_object_is_found() {
        let object: Object = (0..1000)
            .map(|n| (format!("key{n}"), Json::from(n)))
            .collect();
        for n in 0..1000 {
            assert_eq!(object.get(&format!("key{n}")), Some(&Json::from(n)));
        }
        assert_eq!(object.get("key1000"), None);
        assert_eq!(object.without("key7").len(), 999);
    }

    #[test]
    fn with_replaces_in_place_or_appends() {
        let object: Object = [("a", json!(1)), ("b", json!(2))].into_iter().collect();
        let shared = object.clone();
        assert_eq!(
            Json::from(object.with("a", 9).with("z", true)).to_text(),
            r#"{"a":9,"b":2,"z":true}"#
        );
        assert_eq!(shared.get("a"), Some(&json!(1)));
    }
}
