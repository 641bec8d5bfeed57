//! Which schedules wait, and for when.

use std::collections::{BTreeMap, BTreeSet};

/// Schedules by the time they are fired at, in milliseconds since 1970.
#[derive(Debug, Default)]
pub(crate) struct Index {
    by_time: BTreeSet<(i64, String)>,
    by_key: BTreeMap<String, i64>,
}

impl Index {
    /// The schedule of `key` is fired then, or never again.
    pub(crate) fn set(&mut self, key: &str, fire_at: Option<i64>) {
        if let Some(old) = self.by_key.remove(key) {
            self.by_time.remove(&(old, key.to_owned()));
        }
        if let Some(at) = fire_at {
            self.by_key.insert(key.to_owned(), at);
            self.by_time.insert((at, key.to_owned()));
        }
    }

    /// The schedules whose keys begin so are fired never again.
    pub(crate) fn remove_below(&mut self, prefix: &str) {
        let below = self.by_key.range(prefix.to_owned()..);
        let keys: Vec<String> = below
            .map(|(key, _)| key.clone())
            .take_while(|key| key.starts_with(prefix))
            .collect();
        for key in keys {
            self.set(&key, None);
        }
    }

    /// When the next one is fired.
    pub(crate) fn next(&self) -> Option<i64> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// Those that are to be fired by `now`, at most `limit`.
    pub(crate) fn due(&self, now: i64, limit: usize) -> Vec<String> {
        let due = self.by_time.iter().take_while(|(at, _)| *at <= now);
        due.take(limit).map(|(_, key)| key.clone()).collect()
    }

    /// How many wait whose keys begin so.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.by_time.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_waits_once() {
        let mut index = Index::default();
        index.set("a\0b", Some(5));
        index.set("a\0b", Some(3));
        index.set("a\0c", Some(4));
        index.set("ab", Some(9));
        assert_eq!((index.len(), index.next()), (3, Some(3)));
        assert_eq!(index.due(4, 9), ["a\0b", "a\0c"]);
        assert_eq!(index.due(4, 1), ["a\0b"]);
        index.remove_below("a\0");
        assert_eq!((index.len(), index.next()), (1, Some(9)));
        index.set("ab", None);
        assert_eq!(index.next(), None);
    }
}
