//! Finding and reading the models as botocore has them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

const NAMES: [&str; 2] = ["service-2.json", "service-2.json.gz"];

/// The newest model of each service.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for service in entries(folder)? {
        if !service.is_dir() {
            continue;
        }
        let versions = entries(&service)?.into_iter().rev();
        let mut models = versions.flat_map(|version| NAMES.map(|name| version.join(name)));
        files.extend(models.find(|file| file.is_file()));
    }
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let listed =
        fs::read_dir(folder).with_context(|| format!("failed to list `{}`", folder.display()))?;
    let mut entries = listed
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

/// One model.
pub fn read(file: &Path) -> Result<Value> {
    let mut bytes =
        fs::read(file).with_context(|| format!("failed to read `{}`", file.display()))?;
    if file.extension().is_some_and(|extension| extension == "gz") {
        bytes = unpack(&bytes).with_context(|| format!("no gzip in `{}`", file.display()))?;
    }
    serde_json::from_slice(&bytes).with_context(|| format!("no JSON in `{}`", file.display()))
}

/// RFC 1952: a head of ten bytes, the parts that its flags name, then the data.
fn unpack(bytes: &[u8]) -> Result<Vec<u8>> {
    const HAS_NAME: u8 = 8;
    let broken = || anyhow!("not gzip, or with parts that nobody writes");
    let (head, mut rest) = bytes.split_at_checked(10).ok_or_else(broken)?;
    let flags = head.get(3).copied().ok_or_else(broken)?;
    if !head.starts_with(&[0x1f, 0x8b, 8]) || flags & !HAS_NAME != 0 {
        return Err(broken());
    }
    if flags & HAS_NAME != 0 {
        let end = rest.iter().position(|byte| *byte == 0).ok_or_else(broken)?;
        rest = rest.get(end + 1..).ok_or_else(broken)?;
    }
    miniz_oxide::inflate::decompress_to_vec(rest).map_err(|error| anyhow!("{error}"))
}
