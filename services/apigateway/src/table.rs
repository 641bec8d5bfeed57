//! Rows of everything that API Gateway keeps, as JSON in the shapes of its API.
//!
//! An API's id is unique among all accounts, since it is its host: rows below an API are kept under it alone. Rows that
//! belong to no API are kept under their account and region.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use passo_json::{Json, Object};
use passo_records::{Changing, Records};
use passo_service::Fault;
use passo_store::{Batch, Space, Store};

use crate::faults;

/// The table.
pub(crate) struct Table {
    records: Records,
    /// Grows with each change: what was read before may be old.
    generation: AtomicU64,
}

/// A change, while nobody else makes one.
pub(crate) struct Change<'a> {
    table: &'a Table,
    changing: Changing<'a>,
}

impl Table {
    pub(crate) fn new(store: Arc<dyn Store>) -> Table {
        Table {
            records: Records::new(store, Space::new("apigateway")),
            generation: AtomicU64::new(0),
        }
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    pub(crate) fn change(&self) -> Change<'_> {
        Change {
            table: self,
            changing: self.records.change(),
        }
    }

    pub(crate) fn find(&self, key: &[&str]) -> Result<Option<Object>, Fault> {
        // The parts of a key are separated by it: such a name is nobody's.
        if key.iter().any(|part| part.contains('\0')) {
            return Ok(None);
        }
        let row = self.records.find(key);
        let row = row.map_err(|error| faults::store(&error))?;
        Ok(row.and_then(|row| row.as_object().cloned()))
    }

    /// The rows below `prefix`, in the order of their names.
    pub(crate) fn list(&self, prefix: &[&str]) -> Result<Vec<(String, Object)>, Fault> {
        if prefix.iter().any(|part| part.contains('\0')) {
            return Ok(Vec::new());
        }
        let rows = self.records.list(prefix);
        let rows = rows.map_err(|error| faults::store(&error))?.into_iter();
        let rows = rows.filter_map(|(name, row)| Some((name, row.as_object()?.clone())));
        Ok(rows.collect())
    }
}

impl Change<'_> {
    pub(crate) fn put(&self, key: &[&str], row: Object) -> Result<(), Fault> {
        self.put_all(vec![(
            key.iter().map(|part| (*part).to_owned()).collect(),
            row,
        )])
    }

    /// All rows, or none.
    pub(crate) fn put_all(&self, rows: Vec<(Vec<String>, Object)>) -> Result<(), Fault> {
        self.replace(&[], rows)
    }

    /// All rows in the place of those below the keys in `gone`, or nothing of that.
    pub(crate) fn replace(
        &self,
        gone: &[[&str; 2]],
        rows: Vec<(Vec<String>, Object)>,
    ) -> Result<(), Fault> {
        let rows: Vec<(Vec<String>, Json)> = rows
            .into_iter()
            .map(|(key, row)| (key, Json::from(row)))
            .collect();
        if rows
            .iter()
            .any(|(key, _)| key.iter().any(|part| part.contains('\0')))
        {
            return Err(faults::bad_request("Invalid name specified"));
        }
        let mut batch = Batch::new();
        for key in gone {
            self.changing.remove_all_into(&mut batch, key);
        }
        for (key, row) in &rows {
            let key: Vec<&str> = key.iter().map(String::as_str).collect();
            self.changing.put_into(&mut batch, &key, row);
        }
        let done = self.changing.commit(&batch);
        self.table.generation.fetch_add(1, Ordering::AcqRel);
        done.map_err(|error| faults::store(&error))
    }

    /// The row, and all rows below it.
    pub(crate) fn remove(&self, key: &[&str]) -> Result<(), Fault> {
        let done = self.changing.remove(key);
        self.table.generation.fetch_add(1, Ordering::AcqRel);
        done.map_err(|error| faults::store(&error))
    }
}
