//! Where everything is kept.

use std::path::PathBuf;
use std::sync::Arc;

use passo_store::{MemoryStore, Store};
use passo_store_embedded::EmbeddedStore;
use tempfile::TempDir;

use crate::{Data, OpenError};

/// An open place.
pub(crate) struct Place {
    pub(crate) store: Arc<dyn Store>,
    /// For files of services.
    pub(crate) files: PathBuf,
    /// Where nothing is kept: gone when this is dropped.
    pub(crate) scratch: Option<TempDir>,
}

impl Place {
    /// Opens it, or makes it.
    ///
    /// # Errors
    /// Where it is in use, or is of another version, or cannot be made.
    pub(crate) fn open(data: &Data) -> Result<Place, OpenError> {
        match data {
            Data::Directory(directory) => {
                let options = passo_store_embedded::Options::default();
                let store = EmbeddedStore::open(directory, options);
                let store = store.map_err(|source| OpenError::Data {
                    path: directory.clone(),
                    source,
                })?;
                Ok(Place {
                    store: Arc::new(store),
                    files: directory.clone(),
                    scratch: None,
                })
            }
            Data::Ephemeral => {
                let scratch = tempfile::tempdir().map_err(|source| OpenError::Io {
                    what: "a temporary directory",
                    source,
                })?;
                Ok(Place {
                    store: Arc::new(MemoryStore::new()),
                    files: scratch.path().to_owned(),
                    scratch: Some(scratch),
                })
            }
        }
    }
}
