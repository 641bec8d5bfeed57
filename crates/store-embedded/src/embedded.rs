//! [`EmbeddedStore`]: one fjall database in one directory.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode, Readable as _};
use passo_store::{
    Batch, Direction, Durability, KeyRange, Operation, Snapshot, Space, Store, StoreError, Visitor,
};

use crate::format;
use crate::reclaim::Reclaimer;

/// How an embedded store is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Bytes of memory for cached blocks.
    pub cache_bytes: u64,
    /// Bytes of memory for what was written to one space and is not yet in its files.
    pub memtable_bytes: u64,
    /// Bytes on the disk for the log of what is not yet in the files of its space; at least 64 MiB.
    pub log_bytes_max: u64,
    /// Below this many free bytes on the disk a commit is refused with [`StoreError::Full`], so that the
    /// engine itself never meets a full disk in the middle of a write.
    pub free_bytes_min: u64,
}

impl Default for Options {
    /// 32 MiB of cache, 16 MiB of memory for what a space has not yet in files, 128 MiB of log, 64 MiB kept free.
    fn default() -> Options {
        Options {
            cache_bytes: 32 << 20,
            memtable_bytes: 16 << 20,
            log_bytes_max: 128 << 20,
            free_bytes_min: 64 << 20,
        }
    }
}

/// A store in a directory of its own. One process at a time has it open.
pub struct EmbeddedStore {
    /// The first to be dropped.
    reclaimer: Reclaimer,
    directory: PathBuf,
    database: Database,
    keyspaces: Arc<RwLock<BTreeMap<Space, Keyspace>>>,
    options: Options,
}

impl EmbeddedStore {
    /// Opens the store in `directory`, which is made if it is not there.
    ///
    /// # Errors
    /// [`StoreError::InUse`] where another process has it open, [`StoreError::Version`] where its data has
    /// another format or the directory holds other files, [`StoreError::Unavailable`] where the disk fails.
    pub fn open(directory: &Path, options: Options) -> Result<EmbeddedStore, StoreError> {
        format::check(directory)?;
        let database = Database::builder(directory.join("store"))
            .cache_size(options.cache_bytes)
            .max_journaling_size(options.log_bytes_max.max(64 << 20))
            .open()
            .map_err(failure)?;
        Ok(EmbeddedStore {
            directory: directory.to_owned(),
            database,
            keyspaces: Arc::default(),
            reclaimer: Reclaimer::default(),
            options,
        })
    }

    fn keyspace(&self, space: Space) -> Result<Keyspace, StoreError> {
        let known = self
            .keyspaces
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&space)
            .cloned();
        if let Some(keyspace) = known {
            return Ok(keyspace);
        }
        let memtable_bytes = self.options.memtable_bytes;
        let options = || KeyspaceCreateOptions::default().max_memtable_size(memtable_bytes);
        let keyspace = self
            .database
            .keyspace(space.name(), options)
            .map_err(failure)?;
        let mut keyspaces = self
            .keyspaces
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        keyspaces.insert(space, keyspace.clone());
        Ok(keyspace)
    }

    fn refuse_when_full(&self, batch: &Batch) -> Result<(), StoreError> {
        let disk = rustix::fs::statvfs(&self.directory)
            .map_err(|error| format::unavailable(&self.directory, &io::Error::from(error)))?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        let needed = self
            .options
            .free_bytes_min
            .saturating_add(batch.bytes() as u64);
        if free < needed {
            Err(StoreError::Full)
        } else {
            Ok(())
        }
    }

    /// Notes how many keys have gone from each space.
    fn reclaim(&self, removed: BTreeMap<Space, u64>) -> Result<(), StoreError> {
        for (space, keys) in removed {
            let all = || {
                let keyspaces = self.keyspaces.read();
                let keyspaces = keyspaces.unwrap_or_else(PoisonError::into_inner);
                keyspaces.values().cloned().collect()
            };
            self.reclaimer
                .removed(space, keys, &self.keyspace(space)?, all);
        }
        Ok(())
    }

    /// What a batch with ranges comes to, key by key: its value, or that it goes. The engine itself knows no ranges.
    fn resolve(&self, batch: &Batch) -> Result<Resolved, StoreError> {
        let mut resolved = Resolved::new();
        for operation in batch.operations() {
            match operation {
                Operation::Put { space, key, value } => {
                    resolved.insert((*space, key.clone()), Some(value.clone()));
                }
                Operation::Delete { space, key } => {
                    resolved.insert((*space, key.clone()), None);
                }
                Operation::DeleteRange { space, range } if !range.is_empty() => {
                    let bounds = (range.start.clone(), range.end.clone());
                    for entry in self.keyspace(*space)?.range::<Vec<u8>, _>(bounds) {
                        let key = entry.key().map_err(tree_failure)?.to_vec();
                        resolved.insert((*space, key), None);
                    }
                    let put_before = resolved.iter_mut();
                    for ((_, _), value) in
                        put_before.filter(|((of, key), _)| of == space && range.contains(key))
                    {
                        *value = None;
                    }
                }
                Operation::DeleteRange { .. } => {}
            }
        }
        Ok(resolved)
    }
}

/// Each key of a batch with its last value, or none where it goes.
type Resolved = BTreeMap<(Space, Vec<u8>), Option<Vec<u8>>>;

impl Store for EmbeddedStore {
    fn commit(&self, batch: &Batch, durability: Durability) -> Result<(), StoreError> {
        self.refuse_when_full(batch)?;
        let mode = match durability {
            Durability::Synced => Some(PersistMode::SyncData),
            Durability::Buffered => None,
        };
        let mut write = self.database.batch().durability(mode);
        let has_ranges = batch
            .operations()
            .iter()
            .any(|operation| matches!(operation, Operation::DeleteRange { .. }));
        let mut removed: BTreeMap<Space, u64> = BTreeMap::new();
        if has_ranges {
            for ((space, key), value) in self.resolve(batch)? {
                let keyspace = self.keyspace(space)?;
                match value {
                    Some(value) => write.insert(&keyspace, key, value),
                    None => {
                        *removed.entry(space).or_default() += 1;
                        write.remove(&keyspace, key);
                    }
                }
            }
            write.commit().map_err(failure)?;
            return self.reclaim(removed);
        }
        for operation in batch.operations() {
            match operation {
                Operation::Put { space, key, value } => {
                    write.insert(&self.keyspace(*space)?, key.as_slice(), value.as_slice());
                }
                Operation::Delete { space, key } => {
                    *removed.entry(*space).or_default() += 1;
                    write.remove(&self.keyspace(*space)?, key.as_slice());
                }
                Operation::DeleteRange { .. } => {}
            }
        }
        write.commit().map_err(failure)?;
        self.reclaim(removed)
    }

    fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError> {
        Ok(Box::new(EmbeddedSnapshot {
            snapshot: self.database.snapshot(),
            database: self.database.clone(),
            keyspaces: self.keyspaces.clone(),
        }))
    }
}

struct EmbeddedSnapshot {
    snapshot: fjall::Snapshot,
    database: Database,
    keyspaces: Arc<RwLock<BTreeMap<Space, Keyspace>>>,
}

impl EmbeddedSnapshot {
    /// The keyspace of `space`; `None` where nothing was ever written to it.
    fn keyspace(&self, space: Space) -> Result<Option<Keyspace>, StoreError> {
        let keyspaces = self
            .keyspaces
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(keyspace) = keyspaces.get(&space) {
            return Ok(Some(keyspace.clone()));
        }
        if !self.database.keyspace_exists(space.name()) {
            return Ok(None);
        }
        self.database
            .keyspace(space.name(), KeyspaceCreateOptions::default)
            .map(Some)
            .map_err(failure)
    }
}

impl Snapshot for EmbeddedSnapshot {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(keyspace) = self.keyspace(space)? else {
            return Ok(None);
        };
        let value = self.snapshot.get(&keyspace, key).map_err(failure)?;
        Ok(value.map(|value| value.to_vec()))
    }

    fn scan(
        &self,
        space: Space,
        range: &KeyRange,
        direction: Direction,
        visit: &mut Visitor<'_>,
    ) -> Result<(), StoreError> {
        let Some(keyspace) = self.keyspace(space)? else {
            return Ok(());
        };
        if range.is_empty() {
            return Ok(());
        }
        let bounds = (range.start.clone(), range.end.clone());
        let mut entries = self.snapshot.range::<Vec<u8>, _>(&keyspace, bounds);
        let mut step = || match direction {
            Direction::Forward => entries.next(),
            Direction::Backward => entries.next_back(),
        };
        while let Some(entry) = step() {
            let (key, value) = entry.into_inner().map_err(tree_failure)?;
            if visit(&key, &value).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn tree_failure(error: impl Into<fjall::Error>) -> StoreError {
    failure(error.into())
}

fn failure(error: fjall::Error) -> StoreError {
    match error {
        fjall::Error::Locked => StoreError::InUse,
        fjall::Error::Io(error) if error.kind() == io::ErrorKind::StorageFull => StoreError::Full,
        fjall::Error::InvalidVersion(_) => StoreError::Version {
            found: error.to_string(),
            supported: "fjall 3".to_owned(),
        },
        fjall::Error::JournalRecovery(_)
        | fjall::Error::InvalidTrailer
        | fjall::Error::InvalidTag(_)
        | fjall::Error::Unrecoverable => StoreError::Corrupt(error.to_string()),
        other => StoreError::Unavailable(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: Space = Space::new("table");

    fn open(directory: &Path) -> Result<EmbeddedStore, StoreError> {
        EmbeddedStore::open(
            directory,
            Options {
                free_bytes_min: 0,
                ..Options::default()
            },
        )
    }

    /// Keeps the directory as long as the store.
    struct Temporary(
        EmbeddedStore,
        #[expect(dead_code, reason = "held to be dropped")] tempfile::TempDir,
    );

    impl Store for Temporary {
        fn commit(&self, batch: &Batch, durability: Durability) -> Result<(), StoreError> {
            self.0.commit(batch, durability)
        }

        fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError> {
            self.0.snapshot()
        }
    }

    #[test]
    fn passes_the_suite() {
        passo_store::suite::run(&|| {
            let directory = tempfile::tempdir().unwrap();
            Box::new(Temporary(open(directory.path()).unwrap(), directory))
        });
    }

    #[test]
    fn data_is_there_after_opening_again() {
        let directory = tempfile::tempdir().unwrap();
        let mut batch = Batch::new();
        batch.put(TABLE, "k", "v");
        open(directory.path())
            .unwrap()
            .commit(&batch, Durability::Synced)
            .unwrap();
        let store = open(directory.path()).unwrap();
        assert_eq!(
            store.snapshot().unwrap().get(TABLE, b"k"),
            Ok(Some(b"v".to_vec()))
        );
    }

    #[test]
    fn a_directory_in_use_of_another_version_or_of_somebody_else_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let first = open(directory.path()).unwrap();
        assert_eq!(open(directory.path()).err(), Some(StoreError::InUse));
        drop(first);
        std::fs::write(directory.path().join("FORMAT"), "passo-data 99\n").unwrap();
        assert!(matches!(
            open(directory.path()),
            Err(StoreError::Version { .. })
        ));

        let foreign = tempfile::tempdir().unwrap();
        std::fs::write(foreign.path().join("thesis.txt"), "").unwrap();
        assert!(matches!(
            open(foreign.path()),
            Err(StoreError::Version { .. })
        ));
    }

    fn bytes_of(folder: &Path) -> u64 {
        let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        entries
            .map(|entry| match entry.metadata().unwrap() {
                about if about.is_dir() => bytes_of(&entry.path()),
                about => about.len(),
            })
            .sum()
    }

    #[test]
    fn what_was_deleted_takes_no_room_on_the_disk() {
        const ROWS: u32 = 24_000;
        let directory = tempfile::tempdir().unwrap();
        let options = Options {
            memtable_bytes: 1 << 20,
            ..Options::default()
        };
        let store = EmbeddedStore::open(directory.path(), options).unwrap();
        for rows in (0..ROWS).collect::<Vec<_>>().chunks(4_000) {
            let mut batch = Batch::new();
            for row in rows {
                // Bytes that cannot be packed.
                let value: Vec<u8> = (0..500_u32)
                    .map(|place| (row ^ place).wrapping_mul(0x9E37_79B1).to_be_bytes()[0])
                    .collect();
                batch.put(TABLE, row.to_be_bytes(), value);
            }
            store.commit(&batch, Durability::Buffered).unwrap();
        }
        store
            .keyspace(TABLE)
            .unwrap()
            .rotate_memtable_and_wait()
            .unwrap();
        let files = directory.path().join("store").join("keyspaces");
        let before = bytes_of(&files);
        assert!(before > 4 << 20, "{before}");
        let mut batch = Batch::new();
        (0..ROWS).for_each(|row| batch.delete(TABLE, row.to_be_bytes()));
        store.commit(&batch, Durability::Buffered).unwrap();
        // The engine keeps what was written last until something else was: life goes on.
        for _ in 0..5 {
            store.reclaimer.settle();
            for is_there in [true, false] {
                let mut batch = Batch::new();
                (ROWS..ROWS + 1_000).for_each(|row| match is_there {
                    true => batch.put(TABLE, row.to_be_bytes(), "v"),
                    false => batch.delete(TABLE, row.to_be_bytes()),
                });
                store.commit(&batch, Durability::Buffered).unwrap();
            }
        }
        drop(store);
        let after = bytes_of(&files);
        assert!(after < before / 4, "{before} before, {after} after");
    }

    #[test]
    fn a_full_disk_refuses_the_batch() {
        let directory = tempfile::tempdir().unwrap();
        let options = Options {
            free_bytes_min: u64::MAX,
            ..Options::default()
        };
        let store = EmbeddedStore::open(directory.path(), options).unwrap();
        let mut batch = Batch::new();
        batch.put(TABLE, "k", "v");
        assert_eq!(
            store.commit(&batch, Durability::Synced),
            Err(StoreError::Full)
        );
    }
}
