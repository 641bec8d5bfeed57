//! The programs that run functions, written to a private directory for as long as they are needed.

mod java;

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::entropy;
pub(crate) use java::JavaBootstrap;

const PYTHON: &str = include_str!("bootstrap.py");
const NODE: &str = include_str!("bootstrap.cjs");

/// A directory that only this user can read, with the bootstraps. Removed when dropped.
#[derive(Debug)]
pub(crate) struct BootstrapDirectory {
    path: PathBuf,
}

impl BootstrapDirectory {
    /// Writes the bootstraps below the system's directory for temporary files.
    pub(crate) fn create() -> io::Result<BootstrapDirectory> {
        let base = std::env::temp_dir().canonicalize()?;
        let path = base.join(format!("passo-lambda-{}", entropy::random_hex()));
        DirBuilder::new().mode(0o700).create(&path)?;
        let directory = BootstrapDirectory { path };
        std::fs::write(directory.python(), PYTHON)?;
        std::fs::write(directory.node(), NODE)?;
        Ok(directory)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn python(&self) -> PathBuf {
        self.path.join("bootstrap.py")
    }

    pub(crate) fn node(&self) -> PathBuf {
        self.path.join("bootstrap.cjs")
    }

    /// Where Python keeps compiled files, so that the function's directory stays as it is (on AWS it is
    /// read-only).
    pub(crate) fn python_cache(&self) -> PathBuf {
        self.path.join("pycache")
    }
}

impl Drop for BootstrapDirectory {
    fn drop(&mut self) {
        // A directory that is already gone, or will be cleaned with the other temporary files, is no harm.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
