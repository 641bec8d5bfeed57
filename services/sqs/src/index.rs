//! Which messages of a queue may be received, in memory: order, visibility, groups. The tables are the truth; this is made
//! of them when the process starts.
//!
//! A message that waits to be received for the first time is eight bytes and the share of a tree: a million is nothing to
//! worry about. Knows neither bodies nor the store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What changes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// When it may be received, in milliseconds since 1970.
    pub(crate) visible_at: i64,
    pub(crate) receive_count: u32,
    pub(crate) first_received_at: i64,
    /// Its message group; on a standard queue always none, since groups there do not order.
    pub(crate) group: Option<Arc<str>>,
}

/// How many messages there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) visible: usize,
    pub(crate) in_flight: usize,
    pub(crate) delayed: usize,
}

/// Messages that are free to be received within one group.
#[derive(Debug, Default)]
struct Group {
    ready: BTreeSet<u64>,
    /// Received and not yet deleted: while there is one, the group is shut.
    in_flight: usize,
}

/// The messages of one queue.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Those that were received before, or are delayed.
    entries: BTreeMap<u64, Entry>,
    /// Those that are not visible yet, by the time when they will be.
    later: BTreeSet<(i64, u64)>,
    delayed: usize,
    /// Visible ones without a group.
    ready: BTreeSet<u64>,
    /// Visible ones with a group.
    groups: BTreeMap<Arc<str>, Group>,
    /// The first visible message of each group that is not shut.
    open: BTreeMap<u64, Arc<str>>,
    grouped_ready: usize,
}

impl Index {
    /// Adds a message.
    pub(crate) fn insert(&mut self, sequence: u64, entry: Entry, now: i64) {
        if entry.visible_at > now {
            self.put_later(sequence, entry);
        } else {
            self.put_ready(sequence, entry);
        }
    }

    /// Messages whose time has come become visible.
    pub(crate) fn wake(&mut self, now: i64) {
        while let Some((at, sequence)) = self.later.first().copied() {
            if at > now {
                return;
            }
            if let Some(entry) = self.take_later(sequence) {
                self.put_ready(sequence, entry);
            }
        }
    }

    /// When the next message becomes visible by itself.
    pub(crate) fn next_wake(&self) -> Option<i64> {
        self.later.first().map(|(at, _)| *at)
    }

    /// The oldest message that may be received.
    pub(crate) fn peek(&self) -> Option<u64> {
        let grouped = self.open.first_key_value().map(|(sequence, _)| *sequence);
        match (self.ready.first().copied(), grouped) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// Takes a message out that [`Index::peek`] told of. Its group stays open until it is put back as received.
    pub(crate) fn take(&mut self, sequence: u64) -> Option<Entry> {
        if self.ready.remove(&sequence) {
            return Some(
                self.entries
                    .remove(&sequence)
                    .unwrap_or_else(|| fresh(None)),
            );
        }
        let name = self.open.remove(&sequence)?;
        if let Some(group) = self.groups.get_mut(&name)
            && group.ready.remove(&sequence)
        {
            self.grouped_ready -= 1;
        }
        self.reopen(&name);
        Some(
            self.entries
                .remove(&sequence)
                .unwrap_or_else(|| fresh(Some(name))),
        )
    }

    /// A message that was received so often, wherever it is now.
    pub(crate) fn find(&self, sequence: u64) -> Option<&Entry> {
        self.entries.get(&sequence)
    }

    /// Whether it is received and not visible yet.
    pub(crate) fn is_in_flight(&self, sequence: u64) -> bool {
        let entry = self.entries.get(&sequence);
        entry.is_some_and(|entry| self.later.contains(&(entry.visible_at, sequence)))
    }

    /// Takes a message out that was received before.
    pub(crate) fn remove(&mut self, sequence: u64) -> Option<Entry> {
        let entry = self.entries.get(&sequence)?;
        if self.later.contains(&(entry.visible_at, sequence)) {
            return self.take_later(sequence);
        }
        let group = entry.group.clone();
        match group {
            None => {
                self.ready.remove(&sequence);
            }
            Some(name) => {
                self.close(&name);
                if let Some(group) = self.groups.get_mut(&name)
                    && group.ready.remove(&sequence)
                {
                    self.grouped_ready -= 1;
                }
                self.reopen(&name);
            }
        }
        self.entries.remove(&sequence)
    }

    /// How many messages there are.
    pub(crate) fn counts(&self) -> Counts {
        Counts {
            visible: self.ready.len() + self.grouped_ready,
            in_flight: self.later.len() - self.delayed,
            delayed: self.delayed,
        }
    }

    fn put_later(&mut self, sequence: u64, entry: Entry) {
        self.later.insert((entry.visible_at, sequence));
        if entry.receive_count == 0 {
            self.delayed += 1;
        } else if let Some(name) = entry.group.clone() {
            self.close(&name);
            self.groups.entry(name).or_default().in_flight += 1;
        }
        self.entries.insert(sequence, entry);
    }

    fn take_later(&mut self, sequence: u64) -> Option<Entry> {
        let entry = self.entries.remove(&sequence)?;
        self.later.remove(&(entry.visible_at, sequence));
        if entry.receive_count == 0 {
            self.delayed -= 1;
        } else if let Some(name) = &entry.group {
            if let Some(group) = self.groups.get_mut(name) {
                group.in_flight = group.in_flight.saturating_sub(1);
            }
            self.reopen(name);
        }
        Some(entry)
    }

    fn put_ready(&mut self, sequence: u64, entry: Entry) {
        match entry.group.clone() {
            None => {
                self.ready.insert(sequence);
            }
            Some(name) => {
                self.close(&name);
                let group = self.groups.entry(Arc::clone(&name)).or_default();
                if group.ready.insert(sequence) {
                    self.grouped_ready += 1;
                }
                self.reopen(&name);
            }
        }
        if entry.receive_count > 0 {
            self.entries.insert(sequence, entry);
        }
    }

    /// Takes a group off the list of those that may be received from.
    fn close(&mut self, name: &str) {
        if let Some(first) = self.groups.get(name).and_then(|group| group.ready.first()) {
            self.open.remove(first);
        }
    }

    /// Puts a group on that list where it is not shut, or forgets it where it is empty.
    fn reopen(&mut self, name: &Arc<str>) {
        let Some(group) = self.groups.get(name) else {
            return;
        };
        match group.ready.first() {
            Some(first) if group.in_flight == 0 => {
                self.open.insert(*first, Arc::clone(name));
            }
            None if group.in_flight == 0 => {
                self.groups.remove(name);
            }
            Some(_) | None => {}
        }
    }
}

/// A message that was never received.
fn fresh(group: Option<Arc<str>>) -> Entry {
    Entry {
        visible_at: 0,
        receive_count: 0,
        first_received_at: 0,
        group,
    }
}

impl Entry {
    /// Version, time, count, time, and the group.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut row = vec![1];
        row.extend_from_slice(&self.visible_at.to_be_bytes());
        row.extend_from_slice(&self.receive_count.to_be_bytes());
        row.extend_from_slice(&self.first_received_at.to_be_bytes());
        if let Some(group) = &self.group {
            row.push(1);
            row.extend_from_slice(group.as_bytes());
        }
        row
    }

    /// The entry of a row; `None` where it is damaged or of another version.
    pub(crate) fn decode(row: &[u8]) -> Option<Entry> {
        let (head, group) = row.split_at_checked(21)?;
        let bytes = |from: usize, to: usize| head.get(from..to);
        if head.first() != Some(&1) {
            return None;
        }
        let group = match group.split_first() {
            None => None,
            Some((_, name)) => Some(Arc::from(std::str::from_utf8(name).ok()?)),
        };
        Some(Entry {
            visible_at: i64::from_be_bytes(bytes(1, 9)?.try_into().ok()?),
            receive_count: u32::from_be_bytes(bytes(9, 13)?.try_into().ok()?),
            first_received_at: i64::from_be_bytes(bytes(13, 21)?.try_into().ok()?),
            group,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(visible_at: i64, receive_count: u32, group: &str) -> Entry {
        Entry {
            visible_at,
            receive_count,
            first_received_at: 0,
            group: (!group.is_empty()).then(|| Arc::from(group)),
        }
    }

    /// Receives the next message until `visible_at`.
    fn receive(index: &mut Index, visible_at: i64, now: i64) -> Option<u64> {
        let sequence = index.peek()?;
        let mut entry = index.take(sequence).unwrap();
        entry.receive_count += 1;
        entry.visible_at = visible_at;
        index.insert(sequence, entry, now);
        Some(sequence)
    }

    #[test]
    fn messages_come_back_when_their_time_has_come() {
        let mut index = Index::default();
        for sequence in 1..=3 {
            index.insert(sequence, entry(0, 0, ""), 0);
        }
        index.insert(4, entry(50, 0, ""), 0);
        assert_eq!(receive(&mut index, 100, 0), Some(1));
        assert_eq!(receive(&mut index, 200, 0), Some(2));
        let counts = Counts {
            visible: 1,
            in_flight: 2,
            delayed: 1,
        };
        assert_eq!((index.counts(), index.next_wake()), (counts, Some(50)));
        index.wake(150);
        assert_eq!((index.peek(), index.counts().visible), (Some(1), 3));
        assert_eq!(index.find(1).unwrap().receive_count, 1);
        assert!(index.remove(2).is_some() && index.remove(1).is_some());
        assert!(index.remove(1).is_none());
        assert_eq!(index.counts().visible + index.counts().in_flight, 2);
    }

    #[test]
    fn a_group_is_shut_while_one_of_it_is_in_flight() {
        let mut index = Index::default();
        for (sequence, group) in [(1, "a"), (2, "a"), (3, "b"), (4, "a")] {
            index.insert(sequence, entry(0, 0, group), 0);
        }
        assert_eq!(receive(&mut index, 100, 0), Some(1));
        assert_eq!(receive(&mut index, 100, 0), Some(3));
        assert_eq!(index.peek(), None);
        // Gone without being deleted: it is the first again.
        index.wake(100);
        assert_eq!(receive(&mut index, 200, 100), Some(1));
        assert!(index.remove(1).is_some());
        assert_eq!(receive(&mut index, 200, 100), Some(2));
        assert_eq!(receive(&mut index, 200, 100), Some(3));
        assert_eq!(index.peek(), None);
        assert!(index.remove(2).is_some());
        assert_eq!(index.peek(), Some(4));
        for sequence in [3, 4] {
            if index.remove(sequence).is_none() {
                assert!(index.take(sequence).is_some());
            }
        }
        assert_eq!((index.counts(), index.groups.len()), (Counts::default(), 0));
    }

    #[test]
    fn a_delayed_message_does_not_shut_its_group() {
        let mut index = Index::default();
        index.insert(1, entry(50, 0, "a"), 0);
        index.insert(2, entry(0, 0, "a"), 0);
        assert_eq!(index.peek(), Some(2));
        index.wake(50);
        assert_eq!(index.peek(), Some(1));
    }

    #[test]
    fn rows_are_read_as_they_were_written() {
        for given in [entry(5, 2, ""), entry(i64::MAX, 0, "g/ü")] {
            assert_eq!(Entry::decode(&given.encode()), Some(given));
        }
        assert_eq!(Entry::decode(&[1, 2]), None);
    }
}
