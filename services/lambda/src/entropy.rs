//! Names that must differ from all others: request ids, log streams, trace ids. Not for secrets.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// 64 bits from the randomly keyed hasher of the standard library.
pub(crate) fn random_u64() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// 32 hexadecimal digits.
pub(crate) fn random_hex() -> String {
    format!("{:016x}{:016x}", random_u64(), random_u64())
}

/// A number from 0 to 1, without 1.
pub(crate) fn random_part() -> f64 {
    let bits = u32::try_from(random_u64() >> 32).unwrap_or_default();
    f64::from(bits) / 4_294_967_296.0
}

/// A random (version 4) UUID.
pub(crate) fn random_uuid() -> String {
    let (high, low) = (random_u64(), random_u64());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48) & 0x3fff,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_have_the_form_of_version_4_and_differ() {
        let (one, other) = (random_uuid(), random_uuid());
        assert_ne!(one, other);
        assert_eq!(one.len(), 36);
        assert_eq!(
            one.split('-').map(str::len).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        assert_eq!(one.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&one.as_bytes()[19]));
    }
}
