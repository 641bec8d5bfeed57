//! Reading and writing the three tables.

use std::ops::{Bound, ControlFlow};
use std::sync::Arc;

use passo_service::Fault;
use passo_store::{Batch, Direction, Durability, KeyRange, Store, StoreError};

use crate::event::KeptEvent;
use crate::group::Group;
use crate::stream::Stream;
use crate::{Place, faults, keys};

/// The tables.
#[derive(Clone)]
pub(crate) struct Tables {
    store: Arc<dyn Store>,
}

/// Which events of a stream are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    /// The first, by time and sequence.
    pub(crate) from: (i64, u64),
    /// The first that is not wanted any more.
    pub(crate) to: (i64, u64),
    pub(crate) direction: Direction,
}

impl Tables {
    pub(crate) fn new(store: Arc<dyn Store>) -> Tables {
        Tables { store }
    }

    pub(crate) fn commit(&self, batch: &Batch, durability: Durability) -> Result<(), Fault> {
        self.store
            .commit(batch, durability)
            .map_err(|error| faults::store(&error))
    }

    pub(crate) fn find_group(&self, place: &Place) -> Result<Option<Group>, Fault> {
        let read = || {
            let value = self
                .store
                .snapshot()?
                .get(keys::GROUPS, &keys::group(place))?;
            value
                .map(|bytes| Group::decode(&bytes).ok_or_else(damaged))
                .transpose()
        };
        read().map_err(|error| faults::store(&error))
    }

    pub(crate) fn group(&self, place: &Place) -> Result<Group, Fault> {
        self.find_group(place)?.ok_or_else(faults::no_group)
    }

    /// Groups whose names begin with `prefix`, by name.
    pub(crate) fn groups(
        &self,
        account: &str,
        region: &str,
        prefix: &str,
    ) -> Result<Vec<Group>, Fault> {
        let range = keys::groups(account, region, prefix);
        self.scan(keys::GROUPS, &range, |_, value| Group::decode(value))
    }

    /// Every group, whosever it is.
    pub(crate) fn all_groups(&self) -> Result<Vec<(Place, Group)>, Fault> {
        self.scan(keys::GROUPS, &KeyRange::all(), |key, value| {
            let mut parts = std::str::from_utf8(key).ok()?.splitn(3, '/');
            let mut part = || parts.next().map(str::to_owned);
            let place = Place {
                account: part()?,
                region: part()?,
                group: part()?,
            };
            Some((place, Group::decode(value)?))
        })
    }

    pub(crate) fn find_stream(&self, place: &Place, name: &str) -> Result<Option<Stream>, Fault> {
        let read = || {
            let value = self
                .store
                .snapshot()?
                .get(keys::STREAMS, &keys::stream(place, name))?;
            value
                .map(|bytes| Stream::decode(&bytes).ok_or_else(damaged))
                .transpose()
        };
        read().map_err(|error| faults::store(&error))
    }

    /// Streams whose names begin with `prefix`, by name.
    pub(crate) fn streams(
        &self,
        place: &Place,
        prefix: &str,
    ) -> Result<Vec<(String, Stream)>, Fault> {
        let range = keys::streams(place, prefix);
        self.scan(keys::STREAMS, &range, |key, value| {
            Some((keys::stream_name(key)?.to_owned(), Stream::decode(value)?))
        })
    }

    /// Visits events of a stream until `visit` breaks.
    pub(crate) fn events(
        &self,
        place: &Place,
        stream: &str,
        window: Window,
        mut visit: impl FnMut(KeptEvent) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let range = KeyRange {
            start: Bound::Included(keys::event(place, stream, window.from.0, window.from.1)),
            end: Bound::Excluded(keys::event(place, stream, window.to.0, window.to.1)),
        };
        let mut read = || {
            let snapshot = self.store.snapshot()?;
            snapshot.scan(keys::EVENTS, &range, window.direction, &mut |key, value| {
                KeptEvent::decode(key, value).map_or(ControlFlow::Continue(()), &mut visit)
            })
        };
        if range.is_empty() {
            return Ok(());
        }
        read().map_err(|error| faults::store(&error))
    }

    fn scan<T>(
        &self,
        space: passo_store::Space,
        range: &KeyRange,
        decode: impl Fn(&[u8], &[u8]) -> Option<T>,
    ) -> Result<Vec<T>, Fault> {
        let mut found = Vec::new();
        let mut read = || {
            let snapshot = self.store.snapshot()?;
            snapshot.scan(space, range, Direction::Forward, &mut |key, value| {
                found.extend(decode(key, value));
                ControlFlow::Continue(())
            })
        };
        read().map_err(|error| faults::store(&error))?;
        Ok(found)
    }
}

fn damaged() -> StoreError {
    StoreError::Corrupt("a record of the logs cannot be read".to_owned())
}
