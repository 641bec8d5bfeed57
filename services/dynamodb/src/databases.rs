//! The databases: one for each account and region, opened when it is first asked.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dynoxide::Database;
use passo_service::{Caller, Fault};

use crate::faults;

pub(crate) struct Databases {
    folder: PathBuf,
    open: Mutex<BTreeMap<Caller, Database>>,
}

impl Databases {
    pub(crate) fn new(folder: PathBuf) -> Databases {
        Databases {
            folder,
            open: Mutex::default(),
        }
    }

    /// The caller's database. Clones are the same one.
    pub(crate) fn open(&self, caller: &Caller) -> Result<Database, Fault> {
        let mut open = self.opened();
        if let Some(database) = open.get(caller) {
            return Ok(database.clone());
        }
        let folder = self.folder.join(caller.account.as_str());
        fs::create_dir_all(&folder).map_err(|error| faults::file(&error))?;
        let file = folder.join(format!("{}.sqlite", caller.region.as_str()));
        let Some(path) = file.to_str() else {
            return Err(Fault::service("the data directory's name is not UTF-8"));
        };
        let database = Database::new(path).map_err(|error| faults::of(&error))?;
        open.insert(caller.clone(), database.clone());
        Ok(database)
    }

    /// Forgets the caller's database; it is opened anew when it is asked again.
    pub(crate) fn close(&self, caller: &Caller) {
        self.opened().remove(caller);
    }

    /// Removes expired items from the databases that are open.
    pub(crate) fn sweep(&self) {
        let databases: Vec<Database> = self.opened().values().cloned().collect();
        for database in databases {
            // One that fails now is swept the next time.
            let _ = database.sweep_ttl();
        }
    }

    fn opened(&self) -> MutexGuard<'_, BTreeMap<Caller, Database>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
