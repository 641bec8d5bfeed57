//! What a project's files were at one moment. Files are looked at rather than watched: that works on every file
//! system, in containers too, and costs less than a millisecond for a project of a thousand files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// Files that are looked at; what lies beyond is not followed.
const FILES_MAX: usize = 20_000;
/// Folders within each other.
const DEPTH_MAX: usize = 32;
/// The time between two looks, and how much more of it than looking takes.
const LOOK_EVERY: Duration = Duration::from_millis(250);
const LOOK_SHARE: u32 = 20;
/// How long files must stay the same before they count as written.
const SETTLE: Duration = Duration::from_millis(100);
/// Folders that no project is written in.
const LEFT_OUT: [&str; 5] = ["node_modules", "__pycache__", "target", "venv", "dist-info"];

/// Size and time of each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Snapshot {
    files: BTreeMap<PathBuf, (u64, Option<SystemTime>)>,
}

impl Snapshot {
    /// Looks at files and folders.
    pub(super) fn take(roots: &[PathBuf]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for root in roots {
            snapshot.add(root, 0);
        }
        snapshot
    }

    fn add(&mut self, path: &Path, depth: usize) {
        if depth > DEPTH_MAX || self.files.len() >= FILES_MAX {
            return;
        }
        let Ok(metadata) = fs::metadata(path) else {
            return;
        };
        if metadata.is_file() {
            let seen = (metadata.len(), metadata.modified().ok());
            self.files.insert(path.to_owned(), seen);
            return;
        }
        let Ok(entries) = fs::read_dir(path) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if !name.starts_with('.') && !LEFT_OUT.contains(&&*name) {
                self.add(&entry.path(), depth.saturating_add(1));
            }
        }
    }
}

/// Waits until files are not what they were in `last`, and have stopped changing.
pub(super) async fn changed(roots: Vec<PathBuf>, last: Snapshot) {
    let mut pause = LOOK_EVERY;
    let mut seen = last.clone();
    loop {
        tokio::time::sleep(pause).await;
        let begun = Instant::now();
        let asked = roots.clone();
        let Ok(now) = tokio::task::spawn_blocking(move || Snapshot::take(&asked)).await else {
            return;
        };
        let cost = begun.elapsed().saturating_mul(LOOK_SHARE);
        if now != last && now == seen {
            return;
        }
        let is_moving = now != seen;
        seen = now;
        pause = if is_moving {
            SETTLE
        } else {
            LOOK_EVERY.max(cost)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_shows() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("project");
        fs::create_dir_all(root.join("src/node_modules")).unwrap();
        fs::create_dir_all(root.join(".passo")).unwrap();
        let take = || Snapshot::take(std::slice::from_ref(&root));
        let empty = take();
        fs::write(root.join(".passo/journal"), "x").unwrap();
        fs::write(root.join("src/node_modules/x.js"), "x").unwrap();
        assert_eq!(take(), empty);
        fs::write(root.join("src/app.py"), "one").unwrap();
        let one = take();
        assert_ne!(one, empty);
        fs::write(root.join("src/app.py"), "three").unwrap();
        assert_ne!(take(), one);
        fs::remove_file(root.join("src/app.py")).unwrap();
        assert_eq!(take(), empty);
    }
}
