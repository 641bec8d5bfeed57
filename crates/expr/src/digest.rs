//! Message digests by the names that Step Functions gives them.

use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha384, Sha512};

/// The digest of the UTF-8 text, in lower-case hexadecimal; nothing for an unknown algorithm.
pub(crate) fn hex_digest(algorithm: &str, text: &str) -> Option<String> {
    let bytes = match algorithm {
        "MD5" => Md5::digest(text).to_vec(),
        "SHA-1" => Sha1::digest(text).to_vec(),
        "SHA-256" => Sha256::digest(text).to_vec(),
        "SHA-384" => Sha384::digest(text).to_vec(),
        "SHA-512" => Sha512::digest(text).to_vec(),
        _ => return None,
    };
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(algorithm: &str, expect: &str) {
        assert_eq!(
            hex_digest(algorithm, "input data").as_deref(),
            Some(expect),
            "{algorithm}"
        );
    }

    #[test]
    fn yields_the_recorded_digests() {
        check("MD5", "812f45842bc6d66ee14572ce20db8e86");
        check("SHA-1", "aaff4a450a104cd177d28d18d74485e8cae074b7");
        check(
            "SHA-256",
            "b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3",
        );
        check(
            "SHA-384",
            "d28a7d5cf25a74f11a50a18452b75e04bb3d70c9dd0510d6123aa008c756511b87525bdc835ebb27e1fb9e9374a15562",
        );
        check(
            "SHA-512",
            "6ce4adb348546d4f449c4d25aad9a7c9cb711d9e91982d3f0b29ca2f3f47d4ce2deba23bf2954f0f1d593fc50283731a533d30d425402d4f91316d871303aac4",
        );
        assert_eq!(hex_digest("sha-1", ""), None);
    }
}
