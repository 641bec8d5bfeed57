//! All recorded cases of a folder.

use std::path::Path;

use anyhow::{Context, Result};

use super::case::Case;
use super::local::Local;
use super::play::play;
use super::remote::Remote;
use crate::outcome::Outcome;
use crate::{corpus, workers};

/// The first of the accounts that cases run in.
const FIRST_ACCOUNT: u64 = 100_000_000_000;

/// Runs the cases in `folder` whose id contains `only` against the server at `endpoint`, else against
/// one that it starts itself.
///
/// # Errors
/// When the cases cannot be read, or the endpoint cannot be used.
pub fn run(folder: &Path, only: Option<&str>, endpoint: Option<&str>) -> Result<Vec<Outcome>> {
    let (_own, url) = match endpoint {
        Some(url) => (None, url.to_owned()),
        None => {
            let own = Local::start()?;
            let url = own.url().to_owned();
            (Some(own), url)
        }
    };
    let endpoint = Remote::new(&url, folder.join("functions"))?;
    let mut cases = read(&folder.join("cases"))?;
    cases.retain(|case| only.is_none_or(|only| case.id.contains(only)));
    let numbered: Vec<_> = (FIRST_ACCOUNT..).zip(&cases).collect();
    Ok(workers::map(&numbered, |(account, case)| Outcome {
        id: case.id.clone(),
        area: case.area.clone(),
        verdict: play(case, &account.to_string(), &endpoint),
    }))
}

fn read(folder: &Path) -> Result<Vec<Case>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("failed to list `{}`", folder.display()))?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let area = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if file
            .extension()
            .is_some_and(|extension| extension == "jsonl")
        {
            for line in corpus::lines(&file)? {
                let case = Case::parse(&area, &line);
                cases.push(case.with_context(|| format!("in `{}`", file.display()))?);
            }
        }
    }
    Ok(cases)
}
