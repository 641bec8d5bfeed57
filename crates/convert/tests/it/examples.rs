//! The definitions of the examples.

use std::path::{Path, PathBuf};

use passo_asl::source::{SourceLimits, read};
use passo_asl::{CompileOptions, Format, validate};
use passo_convert::{Severity, Which, convert};

fn definitions(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            definitions(&path, found);
        } else if path.to_string_lossy().ends_with(".asl.json") {
            found.push(path);
        }
    }
}

#[test]
fn examples_are_converted_and_compile() {
    let mut files = Vec::new();
    definitions(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples"),
        &mut files,
    );
    assert!(!files.is_empty());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        // Some are put together by a template.
        let Ok(node) = read(&text, Format::Json, SourceLimits::default()) else {
            continue;
        };
        let converted = convert(&node.to_json(), &Which::All);
        for finding in &converted.findings {
            assert_ne!(
                finding.severity,
                Severity::Error,
                "{}: {finding:?}",
                file.display()
            );
        }
        let options = CompileOptions {
            substitutions: true,
            ..CompileOptions::default()
        };
        let text = converted.definition.to_text();
        let found = validate(&text, Format::Json, &options);
        assert!(
            found.iter().all(|one| !one.is_error()),
            "{}: {found:?}",
            file.display()
        );
    }
}
