//! The version of a data directory: written when it is made, checked whenever it is opened.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use passo_store::StoreError;

const FILE: &str = "FORMAT";
const CURRENT: &str = "passo-data 2";

/// Makes sure that `directory` exists and holds data of this version, or none.
pub(crate) fn check(directory: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(directory).map_err(|error| unavailable(directory, &error))?;
    let file = directory.join(FILE);
    match fs::read_to_string(&file) {
        Ok(found) if found.trim_end() == CURRENT => Ok(()),
        Ok(found) => Err(StoreError::Version {
            found: found.trim_end().chars().take(80).collect(),
            supported: CURRENT.to_owned(),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            refuse_foreign(directory)?;
            write(&file).map_err(|error| unavailable(&file, &error))
        }
        Err(error) => Err(unavailable(&file, &error)),
    }
}

/// A directory with files but without a format is somebody else's: nothing is written into it.
fn refuse_foreign(directory: &Path) -> Result<(), StoreError> {
    let mut entries = fs::read_dir(directory).map_err(|error| unavailable(directory, &error))?;
    if entries.next().is_none() {
        return Ok(());
    }
    Err(StoreError::Version {
        found: "a directory with other files".to_owned(),
        supported: CURRENT.to_owned(),
    })
}

fn write(file: &Path) -> io::Result<()> {
    let mut handle = fs::File::create(file)?;
    writeln!(handle, "{CURRENT}")?;
    handle.sync_all()
}

pub(crate) fn unavailable(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Unavailable(format!("`{}`: {error}", path.display()))
}
