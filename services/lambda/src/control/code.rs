//! Code on this machine: one directory for each archive, named by its SHA-256.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use passo_service::Fault;
use sha2::{Digest, Sha256};

use super::archive::{self, ArchiveError};
use super::faults;
use super::layers::LayerUse;

/// Source: Lambda Developer Guide, "Lambda quotas": 250 MB unzipped.
pub(super) const UNPACKED_BYTES_MAX: usize = 262_144_000;

/// Where code is kept.
pub(super) struct CodeStore {
    directory: PathBuf,
}

/// Code that is in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// The SHA-256 of the archive in base64, as AWS shows it.
    pub(super) sha256: String,
    /// Bytes of the archive.
    pub(super) bytes: usize,
}

impl CodeStore {
    /// The store in `directory`, which is made.
    pub(super) fn open(directory: &Path) -> io::Result<CodeStore> {
        fs::create_dir_all(directory)?;
        Ok(CodeStore {
            directory: directory.to_owned(),
        })
    }

    /// Puts an archive in place.
    pub(super) fn put(&self, archive: &[u8]) -> Result<Code, Fault> {
        let code = Code {
            sha256: STANDARD.encode(Sha256::digest(archive)),
            bytes: archive.len(),
        };
        let place = self.path(&code.sha256);
        if place.is_dir() {
            return Ok(code);
        }
        let files = archive::files(archive, UNPACKED_BYTES_MAX).map_err(|error| match error {
            ArchiveError::Broken(why) => {
                faults::invalid(format!("{} ({why})", faults::unzip().message))
            }
            ArchiveError::TooLarge => faults::too_large("Unzipped", UNPACKED_BYTES_MAX),
        })?;
        self.write(&place, &files).map_err(|error| {
            Fault::service(format!("failed to write the code of a function: {error}"))
        })?;
        Ok(code)
    }

    /// The directory of an archive.
    pub(super) fn path(&self, sha256: &str) -> PathBuf {
        let digest = STANDARD.decode(sha256).unwrap_or_default();
        self.directory.join(hex(&digest))
    }

    /// The directory with the files of these layers, later ones over earlier ones. It is made when it is needed first.
    pub(super) fn merged(&self, layers: &[LayerUse]) -> io::Result<PathBuf> {
        let mut digest = Sha256::new();
        for layer in layers {
            digest.update(layer.sha256.as_bytes());
        }
        let place = self
            .directory
            .join(format!("opt-{}", hex(&digest.finalize())));
        if place.is_dir() {
            return Ok(place);
        }
        let unfinished = self.unfinished()?;
        for layer in layers {
            copy(&self.path(&layer.sha256), &unfinished)?;
        }
        finish(&unfinished, &place)?;
        Ok(place)
    }

    /// Removes what no function refers to, and merged layers: they are made again.
    pub(super) fn sweep(&self, used: &BTreeSet<String>) -> io::Result<()> {
        let used: BTreeSet<PathBuf> = used.iter().map(|sha256| self.path(sha256)).collect();
        for entry in fs::read_dir(&self.directory)? {
            let path = entry?.path();
            if !used.contains(&path) {
                fs::remove_dir_all(&path)?;
            }
        }
        Ok(())
    }

    /// A directory under its name is whole: it is made under another one.
    fn write(&self, place: &Path, files: &[archive::File]) -> io::Result<()> {
        let unfinished = self.unfinished()?;
        for file in files {
            let path = unfinished.join(&file.path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            let mode = if file.executable { 0o755 } else { 0o644 };
            let mut out = fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(mode)
                .open(&path)?;
            io::Write::write_all(&mut out, &file.content)?;
            out.sync_all()?;
        }
        finish(&unfinished, place)
    }

    fn unfinished(&self) -> io::Result<PathBuf> {
        let name = format!("unfinished-{}", crate::entropy::random_hex());
        let unfinished = self.directory.join(name);
        fs::create_dir(&unfinished)?;
        Ok(unfinished)
    }
}

/// Gives a whole directory its name.
fn finish(unfinished: &Path, place: &Path) -> io::Result<()> {
    match fs::rename(unfinished, place) {
        // Somebody else put the same in place.
        Err(_) if place.is_dir() => fs::remove_dir_all(unfinished),
        renamed => renamed,
    }
}

/// Puts all files below `from` into `into`, over those that are there.
fn copy(from: &Path, into: &Path) -> io::Result<()> {
    let mut left = vec![(from.to_owned(), into.to_owned())];
    while let Some((from, into)) = left.pop() {
        fs::create_dir_all(&into)?;
        for entry in fs::read_dir(&from)? {
            let entry = entry?;
            let target = into.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                left.push((entry.path(), target));
            } else {
                fs::copy(entry.path(), target)?;
            }
        }
    }
    Ok(())
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::archive::tests::archive;

    #[test]
    fn code_is_kept_by_its_content() {
        let directory = tempfile::tempdir().unwrap();
        let store = CodeStore::open(directory.path()).unwrap();
        let packed = archive(&[("app.py", b"x", 0)], true);
        let code = store.put(&packed).unwrap();
        assert_eq!(code.bytes, packed.len());
        let path = store.path(&code.sha256);
        assert_eq!(fs::read(path.join("app.py")).unwrap(), b"x");
        assert_eq!(store.put(&packed).unwrap(), code);
        store.sweep(&BTreeSet::from([code.sha256])).unwrap();
        assert!(path.is_dir());
        store.sweep(&BTreeSet::new()).unwrap();
        assert!(!path.exists());
        assert!(store.put(b"!").is_err());
        assert!(store.put(b"").is_err());
    }
}
