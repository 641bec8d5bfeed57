//! ZIP archives of a function's code: the same files give the same bytes.
//!
//! Source: PKWARE's APPNOTE.TXT, sections 4.3 and 4.4.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Bytes of all files together. Source: Lambda Developer Guide, "Lambda quotas": 250 MB unzipped.
const BYTES_MAX: usize = 262_144_000;
/// Files and folders that are looked at.
const ENTRIES_MAX: usize = 65_000;
/// Folders within each other.
const DEPTH_MAX: usize = 64;
/// Left out: what tools leave behind, and what belongs to no function.
const LEFT_OUT: [&str; 6] = [
    "__pycache__",
    ".git",
    ".passo",
    ".aws-sam",
    ".pytest_cache",
    ".DS_Store",
];
/// 1980-01-01, the first day that the format knows: a time would make archives differ.
const DATE: u16 = 0x21;
/// Compression: faster than the best, and nearly as small.
const LEVEL: u8 = 4;

/// An archive with one file.
pub(super) fn of_file(name: &str, content: &[u8]) -> Result<Vec<u8>, String> {
    let mut writer = Writer::default();
    writer.file(name, content, false)?;
    writer.finish()
}

/// An archive of a directory's files, in the order of their names.
pub(super) fn of_directory(directory: &Path) -> Result<Vec<u8>, String> {
    let mut writer = Writer::default();
    let mut budget = Budget {
        bytes: BYTES_MAX,
        entries: ENTRIES_MAX,
    };
    add(&mut writer, directory, "", 0, &mut budget)?;
    writer.finish()
}

struct Budget {
    bytes: usize,
    entries: usize,
}

fn add(
    writer: &mut Writer,
    directory: &Path,
    prefix: &str,
    depth: usize,
    budget: &mut Budget,
) -> Result<(), String> {
    if depth > DEPTH_MAX {
        return Err(format!("`{prefix}` lies too deep"));
    }
    let unreadable = |path: &Path, error: std::io::Error| format!("`{}`: {error}", path.display());
    let entries = fs::read_dir(directory).map_err(|error| unreadable(directory, error))?;
    let mut names = Vec::new();
    for entry in entries {
        let name = entry
            .map_err(|error| unreadable(directory, error))?
            .file_name();
        let name = name
            .into_string()
            .map_err(|name| format!("the name of `{}` is not UTF-8", name.to_string_lossy()))?;
        if !LEFT_OUT.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names.sort();
    for name in names {
        budget.entries = budget
            .entries
            .checked_sub(1)
            .ok_or("it has too many files")?;
        let path = directory.join(&name);
        let inside = format!("{prefix}{name}");
        let metadata = fs::metadata(&path).map_err(|error| unreadable(&path, error))?;
        if metadata.is_dir() {
            add(
                writer,
                &path,
                &format!("{inside}/"),
                depth.saturating_add(1),
                budget,
            )?;
            continue;
        }
        if !metadata.is_file() {
            continue;
        }
        let content = fs::read(&path).map_err(|error| unreadable(&path, error))?;
        let left = budget.bytes.checked_sub(content.len());
        budget.bytes = left.ok_or("its files are larger than Lambda's 250 MB together")?;
        let executable = metadata.permissions().mode() & 0o100 != 0;
        writer.file(&inside, &content, executable)?;
    }
    Ok(())
}

#[derive(Default)]
struct Writer {
    archive: Vec<u8>,
    directory: Vec<u8>,
    files: u16,
}

impl Writer {
    fn file(&mut self, name: &str, content: &[u8], executable: bool) -> Result<(), String> {
        let too_large = |_| format!("`{name}` makes the archive too large");
        let packed = miniz_oxide::deflate::compress_to_vec(content, LEVEL);
        let offset = u32::try_from(self.archive.len()).map_err(too_large)?;
        let mut common = Vec::new();
        // Version 2.0, names in UTF-8, deflated, midnight of the first day.
        for half in [20, 1 << 11, 8, 0, DATE] {
            put16(&mut common, half);
        }
        put32(&mut common, checksum(content));
        put32(&mut common, u32::try_from(packed.len()).map_err(too_large)?);
        put32(
            &mut common,
            u32::try_from(content.len()).map_err(too_large)?,
        );
        put16(&mut common, u16::try_from(name.len()).map_err(too_large)?);
        put16(&mut common, 0);
        self.archive.extend_from_slice(b"PK\x03\x04");
        self.archive.extend_from_slice(&common);
        self.archive.extend_from_slice(name.as_bytes());
        self.archive.extend_from_slice(&packed);
        self.directory.extend_from_slice(b"PK\x01\x02");
        // Made on Unix, so that permissions count.
        put16(&mut self.directory, 3 << 8 | 20);
        self.directory.extend_from_slice(&common);
        for half in [0, 0, 0] {
            put16(&mut self.directory, half);
        }
        let mode: u32 = if executable { 0o100_755 } else { 0o100_644 };
        put32(&mut self.directory, mode << 16);
        put32(&mut self.directory, offset);
        self.directory.extend_from_slice(name.as_bytes());
        self.files = self.files.checked_add(1).ok_or("it has too many files")?;
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<u8>, String> {
        let too_large = |_| "the archive is too large".to_owned();
        if self.files == 0 {
            return Err("it has no files".to_owned());
        }
        let start = u32::try_from(self.archive.len()).map_err(too_large)?;
        let bytes = u32::try_from(self.directory.len()).map_err(too_large)?;
        self.archive.append(&mut self.directory);
        self.archive.extend_from_slice(b"PK\x05\x06");
        for half in [0, 0, self.files, self.files] {
            put16(&mut self.archive, half);
        }
        put32(&mut self.archive, bytes);
        put32(&mut self.archive, start);
        put16(&mut self.archive, 0);
        Ok(self.archive)
    }
}

fn put16(out: &mut Vec<u8>, number: u16) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// CRC-32 as ZIP has it: the reflected polynomial of IEEE 802.3.
fn checksum(content: &[u8]) -> u32 {
    let mut remainder = u32::MAX;
    for byte in content {
        let [low, ..] = remainder.to_le_bytes();
        let step = REMAINDERS.get(usize::from(low ^ byte)).copied();
        remainder = (remainder >> 8) ^ step.unwrap_or_default();
    }
    !remainder
}

/// What each byte leaves.
const REMAINDERS: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u32;
    while byte < 256 {
        let mut remainder = byte;
        let mut bit = 0;
        while bit < 8 {
            let carry = remainder & 1;
            remainder = (remainder >> 1) ^ (carry * 0xEDB8_8320);
            bit += 1;
        }
        #[expect(clippy::indexing_slicing, reason = "the loop ends before 256")]
        {
            table[byte as usize] = remainder;
        }
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums() {
        assert_eq!(checksum(b"123456789"), 0xCBF4_3926);
        assert_eq!(checksum(b""), 0);
    }

    #[test]
    fn python_reads_what_is_written() {
        let directory = tempfile::tempdir().unwrap();
        let code = directory.path().join("code");
        fs::create_dir_all(code.join("pkg/__pycache__")).unwrap();
        fs::write(code.join("app.py"), "print('é')\n".repeat(100)).unwrap();
        fs::write(code.join("pkg/x.sh"), "true").unwrap();
        fs::write(code.join("pkg/__pycache__/x.pyc"), "no").unwrap();
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(code.join("pkg/x.sh"), mode).unwrap();
        let archive = of_directory(&code).unwrap();
        assert_eq!(archive, of_directory(&code).unwrap());
        let path = directory.path().join("code.zip");
        fs::write(&path, archive).unwrap();
        let script = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
                      print([(i.filename, len(z.read(i)), oct(i.external_attr >> 16)) for i in z.infolist()])";
        let output = std::process::Command::new("python3")
            .args(["-c", script])
            .arg(&path)
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8(output.stdout).unwrap().trim(),
            "[('app.py', 1200, '0o100644'), ('pkg/x.sh', 4, '0o100755')]"
        );
    }

    #[test]
    fn an_empty_directory_is_no_code() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(
            of_directory(directory.path()),
            Err("it has no files".to_owned())
        );
    }
}
