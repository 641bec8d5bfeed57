//! The table of functions.

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_service::Fault;
use passo_store::{Batch, Direction, Durability, KeyRange, Space, Store, StoreError};

use super::faults;
use super::record::FunctionRecord;
use super::request::Target;

/// The table: account, region and name to a [`FunctionRecord`].
const SPACE: Space = Space::new("lambda-function");

/// Rows of functions.
pub(super) struct Table {
    store: Arc<dyn Store>,
}

impl Table {
    pub(super) fn new(store: Arc<dyn Store>) -> Table {
        Table { store }
    }

    /// The function, where there is one.
    pub(super) fn find(&self, target: &Target) -> Result<Option<FunctionRecord>, Fault> {
        let read = || {
            let snapshot = self.store.snapshot()?;
            let value = snapshot.get(SPACE, &key(target))?;
            value.map(|bytes| decode(&bytes)).transpose()
        };
        read().map_err(|error| faults::store(&error))
    }

    /// The function.
    pub(super) fn get(&self, target: &Target) -> Result<FunctionRecord, Fault> {
        self.find(target)?
            .ok_or_else(|| faults::not_found(&target.qualified_arn()))
    }

    pub(super) fn put(&self, target: &Target, record: &FunctionRecord) -> Result<(), Fault> {
        let mut batch = Batch::new();
        batch.put(SPACE, key(target), record.encode());
        self.commit(&batch)
    }

    pub(super) fn delete(&self, target: &Target) -> Result<(), Fault> {
        let mut batch = Batch::new();
        batch.delete(SPACE, key(target));
        self.commit(&batch)
    }

    /// The functions of an account and region, by name.
    pub(super) fn list(&self, account: &str, region: &str) -> Result<Vec<FunctionRecord>, Fault> {
        let prefix = format!("{account}/{region}/");
        self.scan(&KeyRange::prefix(prefix.as_bytes()))
            .map_err(|error| faults::store(&error))
    }

    /// Every function.
    pub(super) fn all(&self) -> Result<Vec<FunctionRecord>, StoreError> {
        self.scan(&KeyRange::all())
    }

    fn scan(&self, range: &KeyRange) -> Result<Vec<FunctionRecord>, StoreError> {
        let mut records = Ok(Vec::new());
        let snapshot = self.store.snapshot()?;
        snapshot.scan(SPACE, range, Direction::Forward, &mut |_, value| match (
            &mut records,
            decode(value),
        ) {
            (Ok(records), Ok(record)) => {
                records.push(record);
                ControlFlow::Continue(())
            }
            (_, Err(error)) => {
                records = Err(error);
                ControlFlow::Break(())
            }
            (Err(_), Ok(_)) => ControlFlow::Break(()),
        })?;
        records
    }

    fn commit(&self, batch: &Batch) -> Result<(), Fault> {
        self.store
            .commit(batch, Durability::Synced)
            .map_err(|error| faults::store(&error))
    }
}

fn key(target: &Target) -> Vec<u8> {
    format!("{}/{}/{}", target.account, target.region, target.name).into_bytes()
}

fn decode(bytes: &[u8]) -> Result<FunctionRecord, StoreError> {
    let damaged = || StoreError::Corrupt("the record of a function cannot be read".to_owned());
    FunctionRecord::decode(bytes).ok_or_else(damaged)
}
