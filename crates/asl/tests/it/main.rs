//! Definitions as files: wrong ones with what is told of them, right ones, and everything in between.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its files fails"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the definitions are files; the crate itself reads none"
)]

mod mutations;
mod right;
mod wrong;

use std::path::{Path, PathBuf};

use passo_asl::{CompileOptions, Format, WorkflowType};

/// The definitions of a folder beside this one, in the order of their names.
fn definitions(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

fn format_of(path: &Path) -> Format {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("yaml") => Format::Yaml,
        _ => Format::Json,
    }
}

/// A definition whose name begins with `express-` is one of an Express workflow.
fn options_of(path: &Path) -> CompileOptions {
    let name = path.file_name().unwrap().to_str().unwrap();
    CompileOptions {
        workflow_type: if name.starts_with("express-") {
            WorkflowType::Express
        } else {
            WorkflowType::Standard
        },
        ..CompileOptions::default()
    }
}
