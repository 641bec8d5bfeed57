//! A table whose rows are JSON objects.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_json::Json;
use passo_store::{Batch, Direction, Durability, KeyRange, Space, Store, StoreError};

/// Between the parts of a key: below every character of a name.
const SEPARATOR: u8 = 0;

/// A table: key parts to a JSON value. Each change is durable when it returns.
pub struct Records {
    store: Arc<dyn Store>,
    space: Space,
    changing: Mutex<()>,
}

/// Proof that nobody else changes the table: what was read under it is still so when it is written.
pub struct Changing<'a> {
    records: &'a Records,
    _lock: MutexGuard<'a, ()>,
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Records").field(&self.space).finish()
    }
}

impl fmt::Debug for Changing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Changing")
            .field(&self.records.space)
            .finish()
    }
}

impl Records {
    /// The table called `space` in `store`.
    pub fn new(store: Arc<dyn Store>, space: Space) -> Records {
        Records {
            store,
            space,
            changing: Mutex::new(()),
        }
    }

    /// Waits until nobody else changes the table. Not to be held across an await.
    pub fn change(&self) -> Changing<'_> {
        Changing {
            records: self,
            _lock: self.changing.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// The row of `key`.
    ///
    /// # Errors
    /// Where the store cannot be read, or holds what is not JSON.
    pub fn find(&self, key: &[&str]) -> Result<Option<Json>, StoreError> {
        let row = self.store.snapshot()?.get(self.space, &bytes(key))?;
        row.map(|row| decoded(&row)).transpose()
    }

    /// The rows whose keys begin with the parts of `prefix`, in the order of their keys; each with its last part.
    ///
    /// # Errors
    /// Where the store cannot be read, or holds what is not JSON.
    pub fn list(&self, prefix: &[&str]) -> Result<Vec<(String, Json)>, StoreError> {
        let mut begin = bytes(prefix);
        begin.push(SEPARATOR);
        let mut rows = Vec::new();
        let mut damaged = None;
        self.store.snapshot()?.scan(
            self.space,
            &KeyRange::prefix(&begin),
            Direction::Forward,
            &mut |key, row| match decoded(row) {
                Ok(row) => {
                    let last = key.rsplit(|byte| *byte == SEPARATOR).next();
                    rows.push((
                        String::from_utf8_lossy(last.unwrap_or_default()).into_owned(),
                        row,
                    ));
                    ControlFlow::Continue(())
                }
                Err(error) => {
                    damaged = Some(error);
                    ControlFlow::Break(())
                }
            },
        )?;
        damaged.map_or(Ok(rows), Err)
    }
}

impl Changing<'_> {
    /// Puts the row of `key` into `batch`, with what else becomes durable together with it; see [`Changing::commit`].
    pub fn put_into(&self, batch: &mut Batch, key: &[&str], row: &Json) {
        batch.put(self.records.space, bytes(key), row.to_text().into_bytes());
    }

    /// Puts the removal of the row of `key` into `batch`; rows below it stay.
    pub fn remove_into(&self, batch: &mut Batch, key: &[&str]) {
        batch.delete(self.records.space, bytes(key));
    }

    /// Puts the removal of the row of `key`, and of every row below it that is there before the batch, into `batch`.
    pub fn remove_all_into(&self, batch: &mut Batch, key: &[&str]) {
        let row = bytes(key);
        let mut below = row.clone();
        below.push(SEPARATOR);
        batch.delete(self.records.space, row);
        batch.delete_range(self.records.space, KeyRange::prefix(&below));
    }

    /// Makes `batch` durable.
    ///
    /// # Errors
    /// Where the store takes nothing; then nothing has changed.
    pub fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.records.store.commit(batch, Durability::Synced)
    }

    /// Writes the row of `key`.
    ///
    /// # Errors
    /// Where the store takes nothing; the old row stays.
    pub fn put(&self, key: &[&str], row: &Json) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        self.put_into(&mut batch, key, row);
        self.commit(&batch)
    }

    /// Writes all of these rows, or none.
    ///
    /// # Errors
    /// Where the store takes nothing; the old rows stay.
    pub fn put_all<'r>(
        &self,
        rows: impl IntoIterator<Item = (&'r [&'r str], &'r Json)>,
    ) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        for (key, row) in rows {
            batch.put(self.records.space, bytes(key), row.to_text().into_bytes());
        }
        self.records.store.commit(&batch, Durability::Synced)
    }

    /// Removes the row of `key`, and every row below it.
    ///
    /// # Errors
    /// Where the store takes nothing; the rows stay.
    pub fn remove(&self, key: &[&str]) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        self.remove_all_into(&mut batch, key);
        self.records.store.commit(&batch, Durability::Synced)
    }
}

fn bytes(parts: &[&str]) -> Vec<u8> {
    parts.join("\0").into_bytes()
}

fn decoded(row: &[u8]) -> Result<Json, StoreError> {
    let text = std::str::from_utf8(row).ok();
    text.and_then(|text| Json::parse(text).ok())
        .ok_or_else(|| StoreError::Corrupt("a record cannot be read".to_owned()))
}

#[cfg(test)]
mod tests {
    use passo_json::json;
    use passo_store::MemoryStore;

    use super::*;

    fn records() -> Records {
        Records::new(Arc::new(MemoryStore::new()), Space::new("test"))
    }

    #[test]
    fn rows_are_found_under_their_keys_and_listed_in_order() {
        let records = records();
        let change = records.change();
        for key in [["a", "2"], ["a", "1"], ["ab", "3"]] {
            change.put(&key, &json!({"key": (key[1])})).unwrap();
        }
        assert_eq!(records.find(&["a", "2"]), Ok(Some(json!({"key": "2"}))));
        assert_eq!(records.find(&["a"]), Ok(None));
        let listed: Vec<_> = records
            .list(&["a"])
            .unwrap()
            .into_iter()
            .map(|(key, _)| key)
            .collect();
        assert_eq!(listed, ["1", "2"]);
    }

    #[test]
    fn what_is_removed_takes_along_what_is_below_and_nothing_beside() {
        let records = records();
        let change = records.change();
        for key in [&["a"][..], &["a", "1"], &["ab"]] {
            change.put(key, &json!({})).unwrap();
        }
        change.remove(&["a"]).unwrap();
        assert_eq!(records.find(&["a"]), Ok(None));
        assert_eq!(records.find(&["a", "1"]), Ok(None));
        assert_eq!(records.find(&["ab"]), Ok(Some(json!({}))));
    }
}
