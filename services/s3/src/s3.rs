//! The service: what it is made of, and how it begins.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use passo_runtime::{Clock, Entropy};
use passo_store::{Store, StoreError};
use s3s::service::{S3Service, S3ServiceBuilder};

use crate::backend::Core;
use crate::bodies::Bodies;
use crate::face::Face;
use crate::http_face::Hosts;
use crate::tables::Tables;

/// What S3 works with.
#[derive(Clone)]
pub struct Ports {
    /// Where rows are kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for names of files and of uploads.
    pub entropy: Arc<dyn Entropy>,
    /// Where bodies are kept. It is made where it is not there; nothing else may be in it.
    pub directory: PathBuf,
}

/// Why S3 could not begin.
#[derive(Debug)]
pub enum OpenError {
    /// Its rows cannot be read.
    Store(StoreError),
    /// Its directory cannot be made or read.
    Directory(io::Error),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Store(error) => write!(f, "the rows of S3: {error}"),
            OpenError::Directory(error) => write!(f, "the directory of S3: {error}"),
        }
    }
}

impl std::error::Error for OpenError {}

/// S3. Clones are the same service.
#[derive(Clone)]
pub struct S3 {
    pub(crate) service: S3Service,
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3").finish_non_exhaustive()
    }
}

impl S3 {
    /// Reads what is there, and removes files that nothing names.
    ///
    /// # Errors
    /// Where rows or files cannot be read.
    pub fn open(ports: Ports) -> Result<S3, OpenError> {
        let tables = Tables::new(ports.store);
        let named = tables.files().map_err(OpenError::Store)?;
        let bodies = Bodies::open(ports.directory, Arc::clone(&ports.entropy), &named);
        let core = Arc::new(Core {
            tables,
            bodies: Arc::new(bodies.map_err(OpenError::Directory)?),
            clock: ports.clock,
            entropy: ports.entropy,
        });
        let mut builder = S3ServiceBuilder::new(Face(core));
        builder.set_host(Hosts);
        Ok(S3 {
            service: builder.build(),
        })
    }
}
