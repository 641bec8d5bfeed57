//! All mappings, and their pollers.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_delivery::Outbox;
use passo_json::{Json, Object};
use passo_records::Records;
use passo_runtime::InFlight;
use passo_service::{Fault, Peers};
use passo_store::StoreError;
use tokio::sync::watch;

use super::super::faults;
use super::Stream;
use super::mapping::Mapping;
use super::poller::Poller;
use super::stream::{Checkpoints, StreamMapping, StreamPoller};

/// The table's one key above the ids: a poller is found without its account.
const ALL: &str = "mapping";

/// What pollers need.
#[derive(Clone)]
pub(in super::super) struct Parts {
    pub(in super::super) peers: Peers,
    pub(in super::super) in_flight: InFlight,
    /// What takes the records of failures.
    pub(in super::super) outbox: Outbox,
}

/// Mappings by id.
pub(in super::super) struct Mappings {
    records: Records,
    checkpoints: Checkpoints,
    parts: Parts,
    /// Dropping a sender stops its poller.
    pollers: Mutex<BTreeMap<String, watch::Sender<()>>>,
}

impl fmt::Debug for Mappings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mappings").field(&self.records).finish()
    }
}

impl Mappings {
    /// The mappings of a table; those that are enabled are at work.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub(in super::super) fn open(
        records: Records,
        checkpoints: Records,
        parts: Parts,
    ) -> Result<Mappings, StoreError> {
        let rows = records.list(&[ALL])?;
        let mappings = Mappings {
            records,
            checkpoints: Checkpoints::new(checkpoints),
            parts,
            pollers: Mutex::default(),
        };
        for (id, row) in rows {
            mappings.work(&id, &row);
        }
        Ok(mappings)
    }

    /// Changes the row of an id, or makes it, and puts its poller to work as it is now. `change` gets the row that is
    /// there, and all of them.
    pub(in super::super) fn change(
        &self,
        id: &str,
        change: impl FnOnce(Option<Object>, &[(String, Json)]) -> Result<Object, Fault>,
    ) -> Result<Object, Fault> {
        let changing = self.records.change();
        let rows = self.list()?;
        let old = rows.iter().find(|(found, _)| found == id);
        let old = old.and_then(|(_, row)| row.as_object().cloned());
        let row = change(old, &rows)?;
        let kept = Json::from(row.clone());
        let put = changing.put(&[ALL, id], &kept);
        put.map_err(|error| faults::store(&error))?;
        self.work(id, &kept);
        Ok(row)
    }

    /// Removes a mapping: what it was.
    pub(in super::super) fn remove(
        &self,
        id: &str,
        check: impl FnOnce(Option<Object>) -> Result<Object, Fault>,
    ) -> Result<Object, Fault> {
        let changing = self.records.change();
        let row = check(self.find(id)?)?;
        let removed = changing.remove(&[ALL, id]);
        removed.map_err(|error| faults::store(&error))?;
        self.pollers().remove(id);
        self.checkpoints.forget(id)?;
        Ok(row)
    }

    pub(in super::super) fn find(&self, id: &str) -> Result<Option<Object>, Fault> {
        let row = self.records.find(&[ALL, id]);
        let row = row.map_err(|error| faults::store(&error))?;
        Ok(row.and_then(|row| row.as_object().cloned()))
    }

    /// All of them, by id.
    pub(in super::super) fn list(&self) -> Result<Vec<(String, Json)>, Fault> {
        let rows = self.records.list(&[ALL]);
        rows.map_err(|error| faults::store(&error))
    }

    /// Remembers where the stream of a mapping ends now, so that what comes later is not missed.
    pub(in super::super) async fn begin_at_end(
        &self,
        id: &str,
        stream: &Stream,
    ) -> Result<(), Fault> {
        for shard in stream.shards(&self.parts.peers).await? {
            let end = stream.end(&self.parts.peers, &shard.id).await?;
            self.checkpoints.put(id, &shard.id, &end)?;
        }
        Ok(())
    }

    /// Stops every poller; they are at work again after the next start.
    pub(in super::super) fn stop(&self) {
        self.pollers().clear();
    }

    /// Puts the poller of a row to work, in the place of an older one.
    fn work(&self, id: &str, row: &Json) {
        let mut pollers = self.pollers();
        pollers.remove(id);
        let (sender, stop) = watch::channel(());
        if let Some(mapping) = Mapping::enabled(row) {
            let poller = Poller {
                mapping,
                peers: self.parts.peers.clone(),
                in_flight: self.parts.in_flight.clone(),
            };
            tokio::spawn(Arc::new(poller).run(stop));
        } else if let Some(mapping) = StreamMapping::enabled(row) {
            let poller = StreamPoller {
                id: id.to_owned(),
                mapping,
                parts: self.parts.clone(),
                checkpoints: self.checkpoints.clone(),
                stop,
            };
            tokio::spawn(Arc::new(poller).run());
        } else {
            return;
        }
        pollers.insert(id.to_owned(), sender);
    }

    fn pollers(&self) -> MutexGuard<'_, BTreeMap<String, watch::Sender<()>>> {
        self.pollers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
