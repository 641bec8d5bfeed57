//! Equal messages within five minutes are one. Source: SQS Developer Guide, "Exactly-once processing in Amazon SQS".

use std::collections::{BTreeMap, VecDeque};

use sha2::{Digest as _, Sha256};

use crate::quotas::DEDUPLICATION_MILLIS;

/// What stands for a deduplication id.
pub(crate) type Hash = [u8; 16];

/// The message that was sent first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Original {
    pub(crate) id: String,
    pub(crate) sequence_number: String,
    pub(crate) sent_at: i64,
}

/// The deduplication ids of one queue.
#[derive(Debug, Default)]
pub(crate) struct Deduplication {
    originals: BTreeMap<Hash, Original>,
    /// By the time when they were sent.
    ages: VecDeque<(i64, Hash)>,
}

/// What stands for `id`, within `group` where groups are told apart.
pub(crate) fn hash(group: Option<&str>, id: &str) -> Hash {
    let mut digest = Sha256::new();
    if let Some(group) = group {
        digest.update((group.len() as u64).to_be_bytes());
        digest.update(group.as_bytes());
    }
    digest.update(id.as_bytes());
    let mut hash = Hash::default();
    for (byte, hashed) in hash.iter_mut().zip(digest.finalize()) {
        *byte = hashed;
    }
    hash
}

/// The deduplication id of a message without one: the SHA-256 of its body.
pub(crate) fn of_content(body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Deduplication {
    /// Forgets what is older than five minutes, and tells what it was.
    pub(crate) fn expire(&mut self, now: i64) -> Vec<Hash> {
        let mut gone = Vec::new();
        while let Some((sent_at, hash)) = self.ages.front().copied() {
            if now.saturating_sub(sent_at) < DEDUPLICATION_MILLIS {
                break;
            }
            self.ages.pop_front();
            // It may have been sent again meanwhile.
            if self
                .originals
                .get(&hash)
                .is_some_and(|original| original.sent_at == sent_at)
            {
                self.originals.remove(&hash);
                gone.push(hash);
            }
        }
        gone
    }

    pub(crate) fn find(&self, hash: &Hash) -> Option<&Original> {
        self.originals.get(hash)
    }

    pub(crate) fn insert(&mut self, hash: Hash, original: Original) {
        self.ages.push_back((original.sent_at, hash));
        self.originals.insert(hash, original);
    }

    /// It was not sent after all.
    pub(crate) fn remove(&mut self, hash: &Hash) {
        self.originals.remove(hash);
    }

    pub(crate) fn clear(&mut self) {
        *self = Deduplication::default();
    }
}

impl Original {
    pub(crate) fn encode(&self) -> Vec<u8> {
        format!("1 {} {} {}", self.sent_at, self.sequence_number, self.id).into_bytes()
    }

    pub(crate) fn decode(row: &[u8]) -> Option<Original> {
        let mut parts = std::str::from_utf8(row).ok()?.splitn(4, ' ');
        if parts.next() != Some("1") {
            return None;
        }
        Some(Original {
            sent_at: parts.next()?.parse().ok()?,
            sequence_number: parts.next()?.to_owned(),
            id: parts.next()?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_remembered_for_five_minutes() {
        let mut deduplication = Deduplication::default();
        let original = |sent_at| Original {
            id: "id".to_owned(),
            sequence_number: "1".to_owned(),
            sent_at,
        };
        let (a, b) = (hash(None, "a"), hash(Some("g"), "a"));
        assert_ne!(a, b);
        deduplication.insert(a, original(0));
        deduplication.insert(b, original(10));
        assert!(deduplication.expire(DEDUPLICATION_MILLIS - 1).is_empty());
        assert_eq!(deduplication.expire(DEDUPLICATION_MILLIS), [a]);
        assert!(deduplication.find(&a).is_none() && deduplication.find(&b).is_some());
        assert_eq!(Original::decode(&original(5).encode()), Some(original(5)));
    }
}
