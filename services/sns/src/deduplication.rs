//! Equal messages to a FIFO topic within five minutes are one.

use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;

use passo_store::{Batch, Direction, KeyRange, Space, Store, StoreError};
use sha2::{Digest as _, Sha256};

use crate::quotas::DEDUPLICATION_MILLIS;

/// Hashed topic and deduplication id to time, message id and sequence number.
const SPACE: Space = Space::new("sns-deduplication");

type Hash = [u8; 16];

/// The message that was published first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Original {
    pub(crate) id: String,
    pub(crate) sequence_number: String,
    pub(crate) at: i64,
}

/// Deduplication ids of every topic, and the numbers of their messages.
#[derive(Debug, Default)]
pub(crate) struct Deduplication {
    originals: BTreeMap<Hash, Original>,
    ages: VecDeque<(i64, Hash)>,
    last_number: u128,
}

/// What stands for an id.
pub(crate) fn hash(topic_arn: &str, group: Option<&str>, id: &str) -> Hash {
    let mut digest = Sha256::new();
    for part in [topic_arn, group.unwrap_or_default(), id] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    let mut hash = Hash::default();
    for (byte, hashed) in hash.iter_mut().zip(digest.finalize()) {
        *byte = hashed;
    }
    hash
}

/// The deduplication id of a message without one.
pub(crate) fn of_content(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Deduplication {
    /// What is kept.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub(crate) fn read(store: &dyn Store) -> Result<Deduplication, StoreError> {
        let mut found = Vec::new();
        let all = KeyRange::all();
        let snapshot = store.snapshot()?;
        snapshot.scan(SPACE, &all, Direction::Forward, &mut |key, row| {
            if let (Ok(hash), Some(original)) = (key.try_into(), decode(row)) {
                found.push((hash, original));
            }
            ControlFlow::Continue(())
        })?;
        found.sort_by_key(|(_, original): &(Hash, Original)| original.at);
        let mut read = Deduplication::default();
        for (hash, original) in found {
            read.insert(hash, original);
        }
        Ok(read)
    }

    /// The message that `hash` stands for, if it was published within the last five minutes. What is older goes.
    pub(crate) fn find(&mut self, hash: &Hash, now: i64, batch: &mut Batch) -> Option<Original> {
        while let Some((at, old)) = self.ages.front().copied() {
            if now.saturating_sub(at) < DEDUPLICATION_MILLIS {
                break;
            }
            self.ages.pop_front();
            if self
                .originals
                .get(&old)
                .is_some_and(|original| original.at == at)
            {
                self.originals.remove(&old);
                batch.delete(SPACE, old);
            }
        }
        self.originals.get(hash).cloned()
    }

    /// Twenty digits, greater than those of every message before.
    pub(crate) fn number(&mut self, now: i64) -> String {
        let least = u128::from(now.max(0).cast_unsigned()) << 20;
        self.last_number = self.last_number.saturating_add(1).max(least);
        format!("{:020}", self.last_number)
    }

    /// Keeps a message, which is remembered once `batch` is durable.
    pub(crate) fn put(batch: &mut Batch, hash: &Hash, original: &Original) {
        let Original {
            id,
            sequence_number,
            at,
        } = original;
        batch.put(SPACE, *hash, format!("1 {at} {sequence_number} {id}"));
    }

    /// It is durable now.
    pub(crate) fn insert(&mut self, hash: Hash, original: Original) {
        let number = original.sequence_number.parse().unwrap_or(0);
        self.last_number = self.last_number.max(number);
        self.ages.push_back((original.at, hash));
        self.originals.insert(hash, original);
    }
}

fn decode(row: &[u8]) -> Option<Original> {
    let mut parts = std::str::from_utf8(row).ok()?.splitn(4, ' ');
    if parts.next() != Some("1") {
        return None;
    }
    Some(Original {
        at: parts.next()?.parse().ok()?,
        sequence_number: parts.next()?.to_owned(),
        id: parts.next()?.to_owned(),
    })
}
