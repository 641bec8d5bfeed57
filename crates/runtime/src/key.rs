//! Short keys for things that AWS names with ARNs.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// Sixteen bytes that stand for an ARN, or for another long text, in the store: the first half of its SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; Key::BYTES]);

impl Key {
    /// Bytes of a key.
    pub const BYTES: usize = 16;

    /// The key of `text`.
    pub fn of(text: &str) -> Key {
        let digest = Sha256::digest(text.as_bytes());
        let mut bytes = [0; Key::BYTES];
        for (byte, hashed) in bytes.iter_mut().zip(digest) {
            *byte = hashed;
        }
        Key(bytes)
    }

    /// The key with these bytes; `None` where there are not sixteen.
    pub fn from_bytes(bytes: &[u8]) -> Option<Key> {
        bytes.try_into().ok().map(Key)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; Key::BYTES] {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}
