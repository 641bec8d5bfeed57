//! ZIP archives with one stored file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// An archive with one file, in base64.
pub fn of_file(name: &str, content: &str) -> String {
    let mut sizes = Vec::new();
    sizes.extend(checksum(content.as_bytes()).to_le_bytes());
    for _ in 0..2 {
        sizes.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
    }
    sizes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
    let mut archive = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0".to_vec();
    archive.extend(&sizes);
    archive.extend([0; 2]);
    archive.extend(name.as_bytes());
    archive.extend(content.as_bytes());
    let start = archive.len();
    archive.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0");
    archive.extend(&sizes);
    archive.extend([0; 16]);
    archive.extend(name.as_bytes());
    let bytes = archive.len() - start;
    archive.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    archive.extend(u32::try_from(bytes).unwrap().to_le_bytes());
    archive.extend(u32::try_from(start).unwrap().to_le_bytes());
    archive.extend([0; 2]);
    STANDARD.encode(archive)
}

/// CRC-32, bit by bit.
fn checksum(content: &[u8]) -> u32 {
    let mut sum = !0_u32;
    for byte in content {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 {
                0xedb8_8320 ^ (sum >> 1)
            } else {
                sum >> 1
            };
        }
    }
    !sum
}
