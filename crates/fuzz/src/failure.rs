//! What went wrong with a case, printed and kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::case::Case;

/// How many cases are kept of one reason.
const KEPT_MAX: usize = 3;

/// The failures of a run, by reason.
#[derive(Default)]
pub(crate) struct Failures {
    by_reason: BTreeMap<String, usize>,
}

impl Failures {
    /// Counts a failure; prints and saves it, unless there are enough of its kind.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn add(
        &mut self,
        target: &str,
        seed: u64,
        index: u64,
        reason: &str,
        case: &Case,
    ) -> Result<()> {
        let count = self.by_reason.entry(kind_of(reason)).or_default();
        *count += 1;
        if *count > KEPT_MAX {
            return Ok(());
        }
        let file = folder().join(format!("{target}-{seed}-{index}.txt"));
        let Case { code, data } = case;
        let text = format!("{reason}\n--- code\n{code}\n--- data\n{data}\n");
        fs::create_dir_all(folder()).context("failed to make `target/fuzz`")?;
        fs::write(&file, text).with_context(|| format!("failed to write `{}`", file.display()))?;
        let shown: String = code.chars().take(300).collect();
        println!(
            "FAILURE {reason}\n  case {index}, saved as {}\n  {shown:?}",
            file.display()
        );
        Ok(())
    }

    /// How many failures there are.
    pub(crate) fn count(&self) -> usize {
        self.by_reason.values().sum()
    }

    /// The reasons with their counts.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = (&str, usize)> {
        self.by_reason
            .iter()
            .map(|(reason, count)| (reason.as_str(), *count))
    }
}

/// The reason without the numbers that differ from case to case.
fn kind_of(reason: &str) -> String {
    let first = reason.lines().next().unwrap_or_default();
    let (_, place) = first.rsplit_once(" at ").unwrap_or(("", first));
    place.chars().take(120).collect()
}

fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new("target").into(), PathBuf::from);
    target.join("fuzz")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_of_one_place_are_one_kind() {
        assert_eq!(
            kind_of("panic: index 3 at a.rs:7:1"),
            kind_of("panic: index 4 at a.rs:7:1")
        );
        assert_ne!(
            kind_of("panic: x at a.rs:7:1"),
            kind_of("panic: x at a.rs:8:1")
        );
        assert_eq!(kind_of("hang"), "hang");
    }
}
