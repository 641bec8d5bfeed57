//! The files that a template speaks of: code, definitions, CDK's assets.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use passo_json::Json;

use super::archive;

/// The files of a project.
#[derive(Debug, Default)]
pub struct Files {
    /// What paths in the template are relative to.
    directory: PathBuf,
    /// What CDK would have put into S3, by the key that templates use.
    assets: BTreeMap<String, PathBuf>,
    /// Archives made so far: a resource is looked at more than once.
    archives: Mutex<BTreeMap<PathBuf, Arc<[u8]>>>,
    used: Mutex<BTreeSet<PathBuf>>,
}

impl Files {
    /// Files relative to `directory`.
    pub fn new(directory: PathBuf) -> Files {
        Files {
            directory,
            ..Files::default()
        }
    }

    /// With the assets of a manifest that CDK wrote beside its template.
    pub fn with_assets(mut self, manifest: &Json) -> Files {
        let files = manifest.get("files").and_then(Json::as_object);
        for (_, file) in files.into_iter().flat_map(|files| files.iter()) {
            let path = file
                .get("source")
                .and_then(|source| source.get("path"))
                .and_then(Json::as_str);
            let places = file.get("destinations").and_then(Json::as_object);
            for (_, place) in places.into_iter().flat_map(|places| places.iter()) {
                let key = place.get("objectKey").and_then(Json::as_str);
                if let (Some(path), Some(key)) = (path, key) {
                    let path = self.directory.join(path);
                    self.assets.insert(key.to_owned(), path);
                }
            }
        }
        self
    }

    /// Where a path of the template is.
    pub fn path(&self, relative: &str) -> PathBuf {
        let path = self.directory.join(relative);
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.insert(path.clone());
        path
    }

    /// Where an object in S3 is before it gets there.
    pub fn asset(&self, key: &str) -> Option<PathBuf> {
        let path = self.assets.get(key)?.clone();
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.insert(path.clone());
        Some(path)
    }

    /// The paths that were asked for.
    pub fn used(&self) -> Vec<PathBuf> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.iter().cloned().collect()
    }

    /// A directory as an archive, or the archive that a file is.
    ///
    /// # Errors
    /// When it is neither, or cannot be read.
    pub fn archive(&self, path: &Path) -> Result<Arc<[u8]>, String> {
        let mut archives = self.archives.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(archive) = archives.get(path) {
            return Ok(Arc::clone(archive));
        }
        let archive: Arc<[u8]> = if path.is_dir() {
            archive::of_directory(path)?.into()
        } else {
            let is_archive = path
                .extension()
                .is_some_and(|kind| kind == "zip" || kind == "jar");
            if !is_archive {
                let path = path.display();
                return Err(format!("`{path}` is neither a directory nor an archive"));
            }
            let content = std::fs::read(path);
            let content = content.map_err(|error| format!("`{}`: {error}", path.display()))?;
            content.into()
        };
        archives.insert(path.to_owned(), Arc::clone(&archive));
        Ok(archive)
    }
}
