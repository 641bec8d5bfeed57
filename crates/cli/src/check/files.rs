//! The definitions that the command line names.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use passo_asl::Format;

use crate::problem::Problem;

/// Bytes of a file at most; a definition may have one mebibyte, and that is told as a finding.
const MOST_BYTES: u64 = 16 << 20;

/// Folders within each other at most.
const MOST_FOLDERS: usize = 64;

/// What a folder is searched for.
const SUFFIXES: [&str; 3] = [".asl.json", ".asl.yaml", ".asl.yml"];

/// A definition and the file that it comes from.
#[derive(Debug)]
pub(super) struct Definition {
    /// The file, as the command line names it.
    pub(super) path: String,
    pub(super) text: String,
    pub(super) format: Format,
}

/// Reads every definition that `paths` name, each once.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Definition>, Problem> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            search(path, 0, &mut files)?;
            if files.len() == before {
                let what = format!("the folder `{}` holds no definition", path.display());
                return Err(Problem::new(what)
                    .why(format!(
                        "none of its files ends with {}",
                        SUFFIXES.join(", ")
                    ))
                    .next("name the file itself: any JSON or YAML file is then read"));
            }
        } else {
            files.push(path.clone());
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    files.iter().map(|file| read_file(file)).collect()
}

/// Finds definitions in a folder and the folders in it, in the order of their names. Hidden folders and
/// folders of dependencies are left out, links to folders are not followed.
fn search(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Problem> {
    if depth > MOST_FOLDERS {
        return Ok(());
    }
    let unreadable = |error: std::io::Error| {
        Problem::new(format!("the folder `{}` cannot be read", folder.display())).why(error)
    };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        entries.push((entry.path(), entry.file_type().map_err(unreadable)?));
    }
    entries.sort_by(|(left, _), (right, _)| left.cmp(right));
    for (path, file_type) in entries {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if file_type.is_dir() {
            if !name.starts_with('.') && !matches!(name, "node_modules" | "target") {
                search(&path, depth + 1, files)?;
            }
        } else if SUFFIXES.iter().any(|suffix| name.ends_with(suffix)) {
            files.push(path);
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<Definition, Problem> {
    let shown = path.display().to_string();
    let problem =
        |why: String| Problem::new(format!("the definition `{shown}` cannot be read")).why(why);
    let file = File::open(path).map_err(|error| problem(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| problem(error.to_string()))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MOST_BYTES) {
        return Err(problem(format!(
            "it is larger than {} MiB",
            MOST_BYTES >> 20
        )));
    }
    let text = String::from_utf8(bytes).map_err(|_| problem("it is not UTF-8 text".to_owned()))?;
    let format = match path.extension().and_then(|extension| extension.to_str()) {
        Some("yaml" | "yml") => Format::Yaml,
        Some("json") => Format::Json,
        _ if text.trim_start().starts_with('{') => Format::Json,
        _ => Format::Yaml,
    };
    Ok(Definition {
        path: shown,
        text,
        format,
    })
}
