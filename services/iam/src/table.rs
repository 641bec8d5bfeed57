//! The table of roles and policies.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_service::Fault;
use passo_store::{Batch, Direction, Durability, KeyRange, Space, Store, StoreError};

use crate::faults;
use crate::record::Record;

/// The table: account, kind and name to a [`Record`].
const SPACE: Space = Space::new("iam");

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Role,
    Policy,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Role => "role",
            Kind::Policy => "policy",
        }
    }
}

/// Rows of roles and policies.
pub(crate) struct Table {
    store: Arc<dyn Store>,
    /// One change at a time: a change reads a row, and writes it.
    changing: Mutex<()>,
}

impl Table {
    pub(crate) fn new(store: Arc<dyn Store>) -> Table {
        Table {
            store,
            changing: Mutex::new(()),
        }
    }

    /// To be held while a row is read and written.
    pub(crate) fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn find(
        &self,
        account: &str,
        kind: Kind,
        name: &str,
    ) -> Result<Option<Record>, Fault> {
        let read = || {
            let value = self
                .store
                .snapshot()?
                .get(SPACE, &key(account, kind, name))?;
            value
                .map(|bytes| Record::decode(&bytes).ok_or_else(damaged))
                .transpose()
        };
        read().map_err(|error| faults::store(&error))
    }

    pub(crate) fn put(
        &self,
        account: &str,
        kind: Kind,
        name: &str,
        record: &Record,
    ) -> Result<(), Fault> {
        let mut batch = Batch::new();
        batch.put(SPACE, key(account, kind, name), record.encode());
        self.commit(&batch)
    }

    pub(crate) fn delete(&self, account: &str, kind: Kind, name: &str) -> Result<(), Fault> {
        let mut batch = Batch::new();
        batch.delete(SPACE, key(account, kind, name));
        self.commit(&batch)
    }

    pub(crate) fn list(&self, account: &str, kind: Kind) -> Result<Vec<Record>, Fault> {
        let mut found = Vec::new();
        let mut read = || {
            let snapshot = self.store.snapshot()?;
            let range = KeyRange::prefix(&key(account, kind, ""));
            snapshot.scan(SPACE, &range, Direction::Forward, &mut |_, value| {
                found.extend(Record::decode(value));
                ControlFlow::Continue(())
            })
        };
        read().map_err(|error| faults::store(&error))?;
        Ok(found)
    }

    fn commit(&self, batch: &Batch) -> Result<(), Fault> {
        self.store
            .commit(batch, Durability::Synced)
            .map_err(|error| faults::store(&error))
    }
}

fn key(account: &str, kind: Kind, name: &str) -> Vec<u8> {
    format!("{account}/{}/{name}", kind.name()).into_bytes()
}

fn damaged() -> StoreError {
    StoreError::Corrupt("a record of IAM cannot be read".to_owned())
}
