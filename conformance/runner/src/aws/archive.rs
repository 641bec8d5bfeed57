//! Zip archives with one file, not compressed: what `CreateFunction` takes as code.

/// An archive that holds `content` under `name`.
pub fn zip(name: &str, content: &[u8]) -> Option<Vec<u8>> {
    let size = u32::try_from(content.len()).ok()?;
    let name_size = u16::try_from(name.len()).ok()?;
    // Version 1.0, no flags, stored, 1 January 1980.
    let mut common = vec![10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
    common.extend(checksum(content).to_le_bytes());
    common.extend(size.to_le_bytes());
    common.extend(size.to_le_bytes());
    common.extend(name_size.to_le_bytes());
    common.extend([0, 0]);

    let mut archive = b"PK\x03\x04".to_vec();
    archive.extend(&common);
    archive.extend(name.as_bytes());
    archive.extend(content);
    let directory_at = u32::try_from(archive.len()).ok()?;
    archive.extend(b"PK\x01\x02\x0a\x00");
    archive.extend(&common);
    archive.extend([0; 14]);
    archive.extend(name.as_bytes());
    let directory_size = u32::try_from(archive.len()).ok()? - directory_at;
    archive.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    archive.extend(directory_size.to_le_bytes());
    archive.extend(directory_at.to_le_bytes());
    archive.extend([0, 0]);
    Some(archive)
}

/// CRC-32 as in ISO 3309.
fn checksum(content: &[u8]) -> u32 {
    !content.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            let mask = (sum & 1).wrapping_neg();
            (sum >> 1) ^ (0xedb8_8320 & mask)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standard() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
        assert_eq!(checksum(b""), 0);
    }

    #[test]
    fn the_parts_of_an_archive_are_where_readers_look() {
        let archive = zip("a.py", b"pass").unwrap();
        assert_eq!(&archive[..4], b"PK\x03\x04");
        assert_eq!(&archive[30..38], b"a.pypass");
        assert_eq!(&archive[38..42], b"PK\x01\x02");
        assert_eq!(
            archive[archive.len() - 6..archive.len() - 2],
            38_u32.to_le_bytes()
        );
    }
}
