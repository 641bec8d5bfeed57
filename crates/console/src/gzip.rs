//! From brotli to gzip, for browsers that take no brotli: most do not where the connection is not encrypted.

use std::io::Read as _;

/// Bytes that are read at once.
const BUFFER: usize = 1 << 14;

/// What `brotli` holds. It comes from this build, so that what cannot be read is just empty.
pub(crate) fn of_brotli(brotli: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut reader = brotli_decompressor::Decompressor::new(brotli, BUFFER);
    match reader.read_to_end(&mut plain) {
        Ok(_) => plain,
        Err(_) => Vec::new(),
    }
}

/// A gzip file, as RFC 1952 describes it, without name and time.
pub(crate) fn compress(plain: &[u8]) -> Vec<u8> {
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    const LEVEL: u8 = 6;
    let mut file = HEADER.to_vec();
    file.extend(miniz_oxide::deflate::compress_to_vec(plain, LEVEL));
    file.extend(crc32(plain).to_le_bytes());
    // The format says: modulo 2^32.
    let length = u32::try_from(plain.len() & 0xffff_ffff).unwrap_or(u32::MAX);
    file.extend(length.to_le_bytes());
    file
}

/// Done once for each file, so without a table.
fn crc32(bytes: &[u8]) -> u32 {
    let fold = |crc: u32| {
        (0..8).fold(crc, |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    };
    !bytes
        .iter()
        .fold(u32::MAX, |crc, byte| fold(crc ^ u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_the_known_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_file_holds_what_was_put_in() {
        let plain = b"step by step by step".repeat(9);
        let file = compress(&plain);
        let body = &file[10..file.len() - 8];
        let unpacked = miniz_oxide::inflate::decompress_to_vec(body);
        assert_eq!(unpacked.ok().as_deref(), Some(&*plain));
        assert_eq!(file[file.len() - 4..], 180_u32.to_le_bytes());
    }

    #[test]
    fn what_is_no_brotli_is_empty() {
        assert!(of_brotli(b"\xff\xff\xff").is_empty());
    }
}
