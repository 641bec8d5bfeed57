//! Fingerprints: what a resource was when it was put on the server, kept there as a tag.

use std::fmt::Write as _;

use passo_json::Json;
use sha2::{Digest as _, Sha256};

use super::resource::Deployed;

/// The tag that holds a resource's fingerprint.
pub(super) const TAG: &str = "passo:fingerprint";

/// A digest of everything about a resource that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// That of these parts; where one ends and the next begins matters.
    pub fn of(parts: &[&[u8]]) -> Fingerprint {
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

    /// Its text, as the tag has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deployed {
    /// What the value of the tag says, where there is one.
    pub(super) fn of_tag(value: Option<&Json>) -> Deployed {
        match value.and_then(Json::as_str) {
            Some(text) => Deployed::As(Fingerprint(text.to_owned())),
            None => Deployed::Unknown,
        }
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
        assert_eq!(one.as_str().len(), 64);
    }
}
