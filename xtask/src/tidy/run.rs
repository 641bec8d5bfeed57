//! All rules on one repository.

use std::path::Path;

use anyhow::{Context, Result};

use super::edges::{self, Architecture, Workspace};
use super::finding::Finding;
use super::tree::Tree;
use super::{bans, links, manifests, modules, size, text};

/// What to do about generated files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Say where they differ.
    Check,
    /// Write them anew, then check.
    Write,
}

/// Runs every rule on the repository at `root`; the findings are in the order of their places.
///
/// # Errors
/// When the repository or its `architecture.toml` cannot be read.
pub fn run(root: &Path, mode: Mode) -> Result<Vec<Finding>> {
    let table = std::fs::read_to_string(root.join(edges::TABLE))
        .with_context(|| format!("failed to read `{}`", edges::TABLE))?;
    let architecture = Architecture::parse(&table)?;
    let generated = bans::files(architecture.pure_folders());
    if mode == Mode::Write {
        for (path, text) in &generated {
            std::fs::write(root.join(path), text)
                .with_context(|| format!("failed to write `{path}`"))?;
        }
    }
    let tree = Tree::read(root)?;
    let mut findings = edges::check(&table, &architecture, &Workspace::load(root)?);
    findings.extend(bans::check(&tree, &generated));
    for rule in [
        manifests::check,
        size::check,
        modules::check,
        text::check,
        links::check,
    ] {
        findings.extend(rule(&tree));
    }
    findings.sort();
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_is_tidy() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let findings = run(root, Mode::Check).unwrap();
        let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
        assert!(
            lines.is_empty(),
            "cargo xtask tidy finds:\n{}",
            lines.join("\n")
        );
    }
}
