//! Which deliveries wait, and for when.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use passo_vocab::Timestamp;

/// Numbers of deliveries by the time they are due. Of a group, only the first one is due at all.
#[derive(Debug, Default)]
pub(crate) struct Index {
    due: BTreeSet<(Timestamp, u64)>,
    groups: BTreeMap<Arc<str>, VecDeque<(u64, Timestamp)>>,
}

impl Index {
    /// A delivery waits from now on.
    pub(crate) fn add(&mut self, number: u64, due_at: Timestamp, group: Option<&Arc<str>>) {
        if let Some(group) = group {
            let members = self.groups.entry(group.clone()).or_default();
            members.push_back((number, due_at));
            if members.len() > 1 {
                return;
            }
        }
        self.due.insert((due_at, number));
    }

    /// The one that is due first.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Takes one that is due; its group waits for it until [`Index::again`] or [`Index::done`].
    pub(crate) fn take(&mut self, now: Timestamp) -> Option<u64> {
        let first = self.due.first().copied().filter(|(at, _)| *at <= now)?;
        self.due.remove(&first);
        Some(first.1)
    }

    /// One that was taken waits again.
    pub(crate) fn again(&mut self, number: u64, due_at: Timestamp) {
        self.due.insert((due_at, number));
    }

    /// One that was taken is done; the next of its group is due.
    pub(crate) fn done(&mut self, group: Option<&Arc<str>>) {
        let Some(group) = group else { return };
        let Some(members) = self.groups.get_mut(group) else {
            return;
        };
        members.pop_front();
        match members.front() {
            Some(&(number, due_at)) => {
                self.due.insert((due_at, number));
            }
            None => {
                self.groups.remove(group);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_go_one_after_another_and_others_at_once() {
        let at = Timestamp::from_epoch_millis;
        let group: Arc<str> = "g".into();
        let mut index = Index::default();
        index.add(1, at(1), Some(&group));
        index.add(2, at(1), Some(&group));
        index.add(3, at(2), None);
        assert_eq!(
            [index.take(at(5)), index.take(at(5)), index.take(at(5))],
            [Some(1), Some(3), None]
        );
        index.again(1, at(9));
        assert_eq!((index.take(at(8)), index.next()), (None, Some(at(9))));
        assert_eq!(index.take(at(9)), Some(1));
        index.done(Some(&group));
        assert_eq!(index.take(at(9)), Some(2));
        index.done(Some(&group));
        index.done(None);
        assert_eq!(index.next(), None);
    }
}
