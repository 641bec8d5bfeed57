//! Makes a table of the built console's files. It runs no npm and needs no network: the files are in `assets`, or where
//! `CONSOLE_DIST` says.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=CONSOLE_DIST");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let folder = env::var_os("CONSOLE_DIST").map_or(own, PathBuf::from);
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(&folder, &mut files)?;
    files.sort();
    if files.is_empty() {
        println!(
            "cargo::warning=the console is not built: {} is empty",
            folder.display()
        );
    }
    let mut table = format!("static ASSETS: [Asset; {}] = [\n", files.len());
    for file in files {
        let relative = file.strip_prefix(&folder).unwrap_or(&file);
        let path = relative.to_string_lossy().replace('\\', "/");
        let path = path.trim_end_matches(".br");
        let etag = fnv(&fs::read(&file)?);
        let file = fs::canonicalize(&file)?;
        writeln!(
            table,
            "    Asset {{ path: {path:?}, etag: \"\\\"{etag:016x}\\\"\", brotli: include_bytes!({file:?}), gzip: OnceLock::new() }},"
        )
        .map_err(io::Error::other)?;
    }
    table.push_str("];\n");
    let out = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    fs::write(out.join("assets.rs"), table)
}

/// Every compressed file below `folder`.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "br") {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}

/// FNV-1a: tells builds apart, and is the same everywhere.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
