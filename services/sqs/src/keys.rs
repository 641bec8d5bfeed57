//! Tables and keys.
//!
//! The messages of a queue stand under a number, not under its name: purging or deleting a queue gives it another number and
//! leaves what stood under the old one to be swept away.

use passo_store::Space;

use crate::address::Address;

/// `account/region/name` to a queue's record.
pub(crate) const QUEUES: Space = Space::new("sqs-queue");
/// Number and sequence to what changes of a message: when it is visible, how often it was received.
pub(crate) const INDEX: Space = Space::new("sqs-index");
/// Number and sequence to what does not change of a message.
pub(crate) const BODIES: Space = Space::new("sqs-body");
/// Number and hashed deduplication id to the message that has it.
pub(crate) const DEDUPLICATIONS: Space = Space::new("sqs-deduplication");
/// Numbers under which nothing is wanted any more.
pub(crate) const GARBAGE: Space = Space::new("sqs-garbage");
/// Task handle to a task that moves messages.
pub(crate) const MOVE_TASKS: Space = Space::new("sqs-move-task");

pub(crate) fn queue(address: &Address) -> Vec<u8> {
    address.to_string().into_bytes()
}

/// The key of a message.
pub(crate) fn message(store_id: u64, sequence: u64) -> Vec<u8> {
    let mut key = store_id.to_be_bytes().to_vec();
    key.extend_from_slice(&sequence.to_be_bytes());
    key
}

/// Number and sequence of a key.
pub(crate) fn message_parts(key: &[u8]) -> Option<(u64, u64)> {
    let (store_id, sequence) = key.split_at_checked(8)?;
    Some((
        u64::from_be_bytes(store_id.try_into().ok()?),
        u64::from_be_bytes(sequence.try_into().ok()?),
    ))
}

pub(crate) fn deduplication(store_id: u64, hash: &[u8; 16]) -> Vec<u8> {
    let mut key = store_id.to_be_bytes().to_vec();
    key.extend_from_slice(hash);
    key
}
