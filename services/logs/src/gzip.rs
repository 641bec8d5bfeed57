//! Packing as `gzip` does. Source: RFC 1952.

/// `content`, packed.
pub(crate) fn packed(content: &[u8]) -> Vec<u8> {
    // Deflate, no flags, no time, unknown system.
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    packed.extend(miniz_oxide::deflate::compress_to_vec(content, 6));
    packed.extend(checksum(content).to_le_bytes());
    let length = u32::try_from(content.len() & 0xffff_ffff).unwrap_or(u32::MAX);
    packed.extend(length.to_le_bytes());
    packed
}

/// CRC-32.
fn checksum(content: &[u8]) -> u32 {
    let sum = content.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    });
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standard() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
        let packed = packed(b"hello");
        assert_eq!(packed.get(..3), Some(&[0x1f, 0x8b, 8][..]));
        assert_eq!(packed.last_chunk(), Some(&5_u32.to_le_bytes()));
    }
}
