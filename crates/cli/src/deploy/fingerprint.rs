//! Fingerprints: what a resource's properties were when it was deployed.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// A digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint(String);

impl Fingerprint {
    /// That of these parts; where one ends and the next begins matters.
    pub(super) fn of(parts: &[&[u8]]) -> Fingerprint {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(part);
        }
        let mut text = String::new();
        for byte in digest.finalize() {
            let _ = write!(text, "{byte:02x}");
        }
        Fingerprint(text)
    }

    /// Its first 80 bits: enough to tell values of one property apart.
    pub(super) fn short(&self) -> &str {
        self.0.get(..20).unwrap_or(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart() {
        let one = Fingerprint::of(&[b"ab", b"c"]);
        assert_ne!(one, Fingerprint::of(&[b"a", b"bc"]));
        assert_eq!(one, Fingerprint::of(&[b"ab", b"c"]));
        assert_eq!(one.short().len(), 20);
    }
}
