//! The results of a Map run, as whoever writes them reads them: one after another, from the store.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use passo_engine::map::{ArnRule, ChildRecord, MapRunEvent, MapRunSpec, RecordScan};
use passo_json::Json;
use passo_store::{Store, StoreError};

use crate::Key;
use crate::tables::map_run;

/// The results of one Map run. Children that have succeeded are given as the journal says it, and never kept; the others
/// stay in memory until all are known.
#[derive(Clone)]
pub struct Results {
    store: Arc<dyn Store>,
    map_run: Key,
    spec: Arc<MapRunSpec>,
    arns: ArnRule,
}

impl fmt::Debug for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Results({})", self.map_run)
    }
}

impl Results {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        map_run: Key,
        spec: Arc<MapRunSpec>,
        arns: ArnRule,
    ) -> Results {
        Results {
            store,
            map_run,
            spec,
            arns,
        }
    }

    /// Gives every child to `visit` until that breaks: those that have succeeded in the order in which they did, then the
    /// others by number. It reads from the disk, and waits for it.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn visit(
        &self,
        visit: &mut dyn FnMut(ChildRecord) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let snapshot = self.store.snapshot()?;
        let mut scan = RecordScan::default();
        let mut goes_on = true;
        let mut each = |event: MapRunEvent| {
            let done = scan
                .take(&event)
                .map_or(ControlFlow::Continue(()), &mut *visit);
            goes_on = done.is_continue();
            Ok(done)
        };
        map_run::visit_events(snapshot.as_ref(), self.map_run, &mut each)?;
        drop(snapshot);
        let mut rest = scan.rest();
        while goes_on && let Some(record) = rest.next() {
            goes_on = visit(record).is_continue();
        }
        Ok(())
    }

    /// A child's record as AWS writes it.
    pub fn json(&self, record: &ChildRecord) -> Json {
        record.to_json(&self.spec, &self.arns)
    }
}
