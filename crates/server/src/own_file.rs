//! Files with secrets: small, and nobody's but their owner's.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Bytes of such a file, at most.
const BYTES_MAX: u64 = 1 << 20;

/// Why a file with secrets is not taken. No variant quotes the file.
#[derive(Debug, thiserror::Error)]
pub enum OwnFileError {
    /// The file cannot be read.
    #[error("it cannot be read")]
    Read(#[source] io::Error),
    /// Others than its owner may read or write the file.
    #[error("others than its owner may read or write it (mode {0:03o})")]
    Readable(u32),
    /// The file is larger than a mebibyte.
    #[error("it is larger than a mebibyte")]
    Size,
}

/// The text of a file that only its owner may read or write.
///
/// # Errors
/// Where it cannot be read, others may, or it is larger than a mebibyte.
pub(crate) fn read(path: &Path) -> Result<String, OwnFileError> {
    let file = File::open(path).map_err(OwnFileError::Read)?;
    // Of the open file, so that nobody exchanges it in between.
    let metadata = file.metadata().map_err(OwnFileError::Read)?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(OwnFileError::Readable(mode));
    }
    let mut text = String::new();
    let mut bounded = file.take(BYTES_MAX + 1);
    let bytes = bounded.read_to_string(&mut text);
    match bytes.map_err(OwnFileError::Read)? {
        bytes if u64::try_from(bytes).is_ok_and(|bytes| bytes <= BYTES_MAX) => Ok(text),
        _ => Err(OwnFileError::Size),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;

    use super::*;

    #[test]
    fn a_file_is_for_its_owner_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        std::fs::write(&path, "hidden").unwrap();
        for (mode, taken) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            assert_eq!(read(&path).is_ok(), taken, "{mode:o}");
        }
        let none = read(&directory.path().join("none"));
        assert!(matches!(none, Err(OwnFileError::Read(_))));
    }

    #[test]
    fn a_file_is_small() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        for (bytes, taken) in [(1 << 20, true), ((1 << 20) + 1, false)] {
            std::fs::write(&path, "x".repeat(bytes)).unwrap();
            std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
            assert_eq!(read(&path).is_ok(), taken, "{bytes}");
        }
    }
}
