//! The files of the repository as the rules see them: path and text, in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Every text file that git tracks, and those that it would track if they were added now.
#[derive(Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, String>,
    /// Paths of what is no text: pictures, compressed files.
    others: BTreeSet<String>,
}

impl Tree {
    /// Reads the tree at `root`. Of files that are not text only the paths are known.
    ///
    /// # Errors
    /// When `root` is no git repository, or a file cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        let listing = Command::new("git")
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(root)
            .output()
            .context("failed to run git")?;
        ensure!(
            listing.status.success(),
            "git ls-files failed in `{}`",
            root.display()
        );
        let (mut files, mut others) = (BTreeMap::new(), BTreeSet::new());
        for path in String::from_utf8_lossy(&listing.stdout).split('\0') {
            let place = root.join(path);
            // A file that is deleted but not yet committed as deleted is still listed.
            if path.is_empty() || !place.is_file() {
                continue;
            }
            let bytes =
                std::fs::read(&place).with_context(|| format!("failed to read `{path}`"))?;
            match String::from_utf8(bytes) {
                Ok(text) => {
                    files.insert(path.to_owned(), text);
                }
                Err(_) => {
                    others.insert(path.to_owned());
                }
            }
        }
        Ok(Self { files, others })
    }

    /// Path and text of every file, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Path and text of the files whose name ends in `.extension`.
    pub fn with_extension<'a>(
        &'a self,
        extension: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.iter().filter(move |(path, _)| {
            path.strip_suffix(extension)
                .is_some_and(|stem| stem.ends_with('.'))
        })
    }

    /// The text of one file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Whether `path` is a file of the tree, or a folder that holds one.
    pub fn contains(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty()
            || self.files.contains_key(path)
            || self.others.contains(path)
            || self.files.keys().any(|file| file.starts_with(&folder))
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Tree {
    fn from(files: [(&str, &str); N]) -> Self {
        let own = |(path, text): (&str, &str)| (path.to_owned(), text.to_owned());
        Self {
            files: files.into_iter().map(own).collect(),
            others: BTreeSet::new(),
        }
    }
}
