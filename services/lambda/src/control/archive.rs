//! ZIP archives: files out of bytes that nobody has checked.
//!
//! Stored and deflated entries, no encryption, no archives beyond 4 GiB, as Lambda takes them. Source: PKWARE's
//! APPNOTE.TXT, sections 4.3 and 4.4.

use std::path::{Component, Path, PathBuf};

/// Files of an archive, at most.
const FILES_MAX: usize = 100_000;
const END_RECORD_BYTES: usize = 22;
const END_SIGNATURE: [u8; 4] = *b"PK\x05\x06";
const CENTRAL_SIGNATURE: [u8; 4] = *b"PK\x01\x02";
const LOCAL_SIGNATURE: [u8; 4] = *b"PK\x03\x04";
const ENCRYPTED: u16 = 1;
/// The kind of a Unix file, in the upper half of its external attributes.
const KIND_MASK: u32 = 0o170_000;
const KIND_LINK: u32 = 0o120_000;

/// One file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    /// Where it belongs, inside the code directory.
    pub(super) path: PathBuf,
    pub(super) content: Vec<u8>,
    /// Whether its owner may execute it; `true` where the archive does not say.
    pub(super) executable: bool,
}

/// Why an archive cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ArchiveError {
    /// It is no archive, or a broken one.
    Broken(&'static str),
    /// Its files are larger than allowed.
    TooLarge,
}

/// The files of an archive, all together at most `bytes_max`.
pub(super) fn files(archive: &[u8], bytes_max: usize) -> Result<Vec<File>, ArchiveError> {
    let end = end_record(archive).ok_or(ArchiveError::Broken("it has no directory"))?;
    let count = usize::from(number16(end, 10)?);
    if count > FILES_MAX {
        return Err(ArchiveError::Broken("it has too many files"));
    }
    let mut place = offset(number32(end, 16)?)?;
    let mut budget = bytes_max;
    let mut files = Vec::new();
    for _ in 0..count {
        let entry = Entry::read(archive, place)?;
        place = entry.next;
        if let Some(file) = entry.file(archive, budget)? {
            budget = budget
                .checked_sub(file.content.len())
                .ok_or(ArchiveError::TooLarge)?;
            files.push(file);
        }
    }
    Ok(files)
}

/// The last record, which a comment of at most 65,535 bytes may follow.
fn end_record(archive: &[u8]) -> Option<&[u8]> {
    let last = archive.len().checked_sub(END_RECORD_BYTES)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last)
        .rev()
        .filter_map(|at| archive.get(at..))
        .find(|record| record.starts_with(&END_SIGNATURE))
}

/// An entry of the central directory.
struct Entry<'a> {
    name: &'a [u8],
    flags: u16,
    method: u16,
    checksum: u32,
    packed_bytes: usize,
    bytes: usize,
    mode: u32,
    local: usize,
    /// Where the entry after it begins.
    next: usize,
}

impl<'a> Entry<'a> {
    fn read(archive: &'a [u8], place: usize) -> Result<Entry<'a>, ArchiveError> {
        let record = archive.get(place..).unwrap_or_default();
        if !record.starts_with(&CENTRAL_SIGNATURE) {
            return Err(ArchiveError::Broken("its directory is cut off"));
        }
        let name_bytes = usize::from(number16(record, 28)?);
        let extra = usize::from(number16(record, 30)?) + usize::from(number16(record, 32)?);
        let name = record.get(46..46 + name_bytes).ok_or(CUT)?;
        Ok(Entry {
            name,
            flags: number16(record, 8)?,
            method: number16(record, 10)?,
            checksum: number32(record, 16)?,
            packed_bytes: offset(number32(record, 20)?)?,
            bytes: offset(number32(record, 24)?)?,
            mode: number32(record, 38)? >> 16,
            local: offset(number32(record, 42)?)?,
            next: place.saturating_add(46 + name_bytes + extra),
        })
    }

    /// Its file; `None` where it is a directory.
    fn file(&self, archive: &[u8], bytes_max: usize) -> Result<Option<File>, ArchiveError> {
        let name = std::str::from_utf8(self.name)
            .map_err(|_| ArchiveError::Broken("the name of a file is not UTF-8"))?;
        let path = inside(name).ok_or(ArchiveError::Broken("a file is outside of it"))?;
        if name.ends_with('/') {
            return Ok(None);
        }
        if self.mode & KIND_MASK == KIND_LINK {
            return Err(ArchiveError::Broken(
                "it has symbolic links, which are not supported",
            ));
        }
        if self.flags & ENCRYPTED != 0 {
            return Err(ArchiveError::Broken("it is encrypted"));
        }
        if self.bytes > bytes_max {
            return Err(ArchiveError::TooLarge);
        }
        let packed = self.packed(archive)?;
        let content = match self.method {
            0 => packed.to_vec(),
            8 => miniz_oxide::inflate::decompress_to_vec_with_limit(packed, self.bytes)
                .map_err(|_| ArchiveError::Broken("a file cannot be unpacked"))?,
            _ => {
                return Err(ArchiveError::Broken(
                    "a file is packed by another method than deflate",
                ));
            }
        };
        if content.len() != self.bytes || checksum(&content) != self.checksum {
            return Err(ArchiveError::Broken("a file is damaged"));
        }
        let executable = self.mode == 0 || self.mode & 0o100 != 0;
        Ok(Some(File {
            path,
            content,
            executable,
        }))
    }

    fn packed<'b>(&self, archive: &'b [u8]) -> Result<&'b [u8], ArchiveError> {
        let record = archive.get(self.local..).unwrap_or_default();
        if !record.starts_with(&LOCAL_SIGNATURE) {
            return Err(CUT);
        }
        let before = 30 + usize::from(number16(record, 26)?) + usize::from(number16(record, 28)?);
        let end = before.saturating_add(self.packed_bytes);
        record.get(before..end).ok_or(CUT)
    }
}

const CUT: ArchiveError = ArchiveError::Broken("it is cut off");

/// `name` as a path that stays inside its directory.
fn inside(name: &str) -> Option<PathBuf> {
    let path = Path::new(name);
    let mut kept = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => kept.push(part),
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => return None,
        }
    }
    let usable = !kept.as_os_str().is_empty() && !name.contains('\0');
    usable.then_some(kept)
}

fn number16(record: &[u8], at: usize) -> Result<u16, ArchiveError> {
    let bytes = record
        .get(at..at + 2)
        .and_then(|bytes| bytes.try_into().ok());
    bytes.map(u16::from_le_bytes).ok_or(CUT)
}

fn number32(record: &[u8], at: usize) -> Result<u32, ArchiveError> {
    let bytes = record
        .get(at..at + 4)
        .and_then(|bytes| bytes.try_into().ok());
    bytes.map(u32::from_le_bytes).ok_or(CUT)
}

fn offset(number: u32) -> Result<usize, ArchiveError> {
    usize::try_from(number).map_err(|_| ArchiveError::TooLarge)
}

/// CRC-32 as ZIP has it (ISO 3309), four bits at a time.
fn checksum(content: &[u8]) -> u32 {
    const TABLE: [u32; 16] = [
        0x0000_0000,
        0x1db7_1064,
        0x3b6e_20c8,
        0x26d9_30ac,
        0x76dc_4190,
        0x6b6b_51f4,
        0x4db2_6158,
        0x5005_713c,
        0xedb8_8320,
        0xf00f_9344,
        0xd6d6_a3e8,
        0xcb61_b38c,
        0x9b64_c2b0,
        0x86d3_d2d4,
        0xa00a_e278,
        0xbdbd_f21c,
    ];
    let step = |sum: u32| {
        let low = usize::try_from(sum & 15).unwrap_or_default();
        TABLE.get(low).copied().unwrap_or_default() ^ (sum >> 4)
    };
    !content
        .iter()
        .fold(!0_u32, |sum, byte| step(step(sum ^ u32::from(*byte))))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An archive of `files`: name, content, mode.
    pub(in crate::control) fn archive(files: &[(&str, &[u8], u32)], deflate: bool) -> Vec<u8> {
        let mut out = Vec::new();
        let mut directory = Vec::new();
        for (name, content, mode) in files {
            let packed = if deflate {
                miniz_oxide::deflate::compress_to_vec(content, 6)
            } else {
                content.to_vec()
            };
            let method: u16 = if deflate { 8 } else { 0 };
            let local = u32::try_from(out.len()).unwrap();
            let name_bytes = u16::try_from(name.len()).unwrap();
            let mut sizes = Vec::new();
            sizes.extend(checksum(content).to_le_bytes());
            sizes.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
            sizes.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
            sizes.extend(name_bytes.to_le_bytes());
            let common = |out: &mut Vec<u8>| {
                out.extend([0; 2]);
                out.extend(method.to_le_bytes());
                out.extend([0; 4]);
                out.extend(&sizes);
            };
            out.extend(LOCAL_SIGNATURE);
            out.extend([20, 0]);
            common(&mut out);
            out.extend([0; 2]);
            out.extend(name.as_bytes());
            out.extend(packed);
            directory.extend(CENTRAL_SIGNATURE);
            directory.extend([20, 3, 20, 0]);
            common(&mut directory);
            directory.extend([0; 8]);
            directory.extend((mode << 16).to_le_bytes());
            directory.extend(local.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let (start, bytes) = (out.len(), directory.len());
        let count = u16::try_from(files.len()).unwrap();
        out.extend(directory);
        out.extend(END_SIGNATURE);
        out.extend([0; 4]);
        out.extend(count.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(u32::try_from(bytes).unwrap().to_le_bytes());
        out.extend(u32::try_from(start).unwrap().to_le_bytes());
        out.extend([0; 2]);
        out
    }

    #[test]
    fn files_come_out_as_they_went_in() {
        for deflate in [false, true] {
            let packed = archive(
                &[
                    ("a/", b"", 0o040_755),
                    ("a/b.py", b"x = 1\n", 0o100_644),
                    ("bootstrap", b"#!", 0o100_755),
                ],
                deflate,
            );
            let files = files(&packed, 100).unwrap();
            let seen: Vec<_> = files
                .iter()
                .map(|file| (file.path.to_str().unwrap(), &*file.content, file.executable))
                .collect();
            assert_eq!(
                seen,
                [
                    ("a/b.py", &b"x = 1\n"[..], false),
                    ("bootstrap", &b"#!"[..], true)
                ]
            );
        }
    }

    #[test]
    fn checksums_are_those_of_the_standard() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn what_is_dangerous_is_refused() {
        let bomb = archive(&[("a", &[0; 5000], 0)], true);
        assert_eq!(files(&bomb, 4999), Err(ArchiveError::TooLarge));
        for name in ["../a", "/a", "a/../../b", "."] {
            let packed = archive(&[(name, b"x", 0)], false);
            assert!(files(&packed, 100).is_err(), "{name}");
        }
        let link = archive(&[("a", b"/etc/passwd", 0o120_777)], false);
        assert!(files(&link, 100).is_err());
    }

    #[test]
    fn no_cut_and_no_flipped_byte_panics() {
        let packed = archive(&[("a.py", b"print('hello')", 0o100_644)], true);
        for length in 0..packed.len() {
            assert!(files(&packed[..length], 1000).is_err());
        }
        for at in 0..packed.len() {
            let mut changed = packed.clone();
            changed[at] ^= 0xff;
            let _ = files(&changed, 1000);
        }
    }
}
