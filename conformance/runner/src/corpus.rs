//! A folder of cases, and which format it has.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::outcome::Outcome;
use crate::{aws, jsonata};

/// A folder in a format that has a runner.
#[derive(Debug, PartialEq, Eq)]
pub enum Corpus {
    /// The JSONata suite: `cases.jsonl` and `datasets/`.
    Jsonata(PathBuf),
    /// Calls recorded on AWS: `cases/<area>.jsonl` and `functions/`.
    Aws(PathBuf),
}

impl Corpus {
    /// Finds out what is in `folder`.
    ///
    /// # Errors
    /// When it has none of the formats.
    pub fn detect(folder: &Path) -> Result<Self> {
        if folder.join("cases.jsonl").is_file() {
            return Ok(Self::Jsonata(folder.to_owned()));
        }
        if folder.join("cases").is_dir() {
            return Ok(Self::Aws(folder.to_owned()));
        }
        bail!(
            "`{}` holds neither `cases.jsonl` nor `cases/`",
            folder.display()
        )
    }

    /// Runs the cases whose id contains `only`; calls go to the server at `endpoint`.
    ///
    /// # Errors
    /// When the cases cannot be read; a case that fails is no error.
    pub fn run(&self, only: Option<&str>, endpoint: Option<&str>) -> Result<Vec<Outcome>> {
        match self {
            Self::Jsonata(folder) => jsonata::run(folder, only),
            Self::Aws(folder) => aws::run(folder, only, endpoint),
        }
    }
}

/// The lines of a file that holds one case a line.
///
/// # Errors
/// When it cannot be read.
pub fn lines(path: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("failed to read `{}`", path.display()))?;
    Ok(text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(str::to_owned)
        .collect())
}
