//! `cargo xtask test`: all tests, through nextest where it is installed.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::step;

/// Runs the tests of the workspace; `arguments` go to the runner (`--package passo-json`, a filter).
///
/// # Errors
/// When a test fails or does not compile.
pub fn run(arguments: &[String]) -> Result<()> {
    let with_documentation = documentation_tests(&step::root())?;
    // Documentation tests first: the last words belong to the runner of all others.
    if arguments.is_empty() && !with_documentation.is_empty() {
        let mut command = step::cargo(&["test", "--doc", "--locked", "--quiet"]);
        for package in &with_documentation {
            command.args(["--package", package]);
        }
        step::run(&mut command)?;
    }
    let mut command = if has_nextest() {
        step::cargo(&["nextest", "run", "--locked", "--no-fail-fast"])
    } else {
        step::cargo(&["test", "--all-targets", "--locked", "--no-fail-fast"])
    };
    if !arguments
        .iter()
        .any(|argument| argument == "--package" || argument == "-p")
    {
        command.arg("--workspace");
    }
    step::run(command.args(arguments))
}

fn has_nextest() -> bool {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The packages whose library has an example in a doc comment: each costs a link, so the others are left out.
fn documentation_tests(root: &Path) -> Result<BTreeSet<String>> {
    let mut packages = BTreeSet::new();
    for parent in ["crates", "services"] {
        let folder = root.join(parent);
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("failed to list `{}`", folder.display()))?;
        for entry in entries {
            let folder = entry?.path();
            let is_library = folder.join("src/lib.rs").is_file();
            if is_library && has_example(&folder.join("src"))? {
                packages.insert(package_name(&folder)?);
            }
        }
    }
    Ok(packages)
}

fn has_example(folder: &Path) -> Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() {
            has_example(&path)?
        } else {
            let is_rust = path.extension().is_some_and(|extension| extension == "rs");
            is_rust && opens_example(&std::fs::read_to_string(&path)?)
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a doc comment in `text` opens a fence that rustdoc takes for Rust and runs.
fn opens_example(text: &str) -> bool {
    let mut in_fence = false;
    for line in text.lines().map(str::trim_start) {
        let Some(comment) = line
            .strip_prefix("///")
            .or_else(|| line.strip_prefix("//!"))
        else {
            in_fence = false;
            continue;
        };
        let Some(language) = comment.trim().strip_prefix("```") else {
            continue;
        };
        let runs = ["", "rust", "should_panic", "no_run"].contains(&language);
        if !in_fence && runs {
            return true;
        }
        in_fence = !in_fence;
    }
    false
}

fn package_name(folder: &Path) -> Result<String> {
    let manifest: toml::Table = std::fs::read_to_string(folder.join("Cargo.toml"))?.parse()?;
    let name = manifest
        .get("package")
        .and_then(|package| package.get("name"));
    let name = name.and_then(toml::Value::as_str);
    Ok(name
        .with_context(|| format!("`{}` has no name", folder.display()))?
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fences_that_run_are_examples() {
        for runs in [
            "/// ```\n/// x\n/// ```",
            "//! ```rust\n",
            "  /// ```no_run",
            "/// ```text\n/// ```\n/// ```\n",
        ] {
            assert!(opens_example(runs), "{runs}");
        }
        for does_not in [
            "/// ```text\n/// x\n/// ```",
            "// ```",
            "let x = \"```\";",
            "/// ```json\n/// {}\n/// ```\nfn a() {}",
        ] {
            assert!(!opens_example(does_not), "{does_not}");
        }
    }
}
