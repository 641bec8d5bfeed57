//! The service: finds the operation and answers; and the way in for other services' events.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_json::Json;
use passo_runtime::Clock;
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_store::{Batch, Direction, Durability, Store};

use crate::event::KeptEvent;
use crate::group::Group;
use crate::request::Request;
use crate::stream::Stream;
use crate::tables::{Tables, Window};
use crate::{LogEvent, Place, api, faults, keys};

/// Events of one stream; the oldest tenth goes when there are more.
const STREAM_EVENTS_MAX: i64 = 100_000;
/// Streams of one group that services write by themselves; the oldest ones go when there are more.
const GROUP_STREAMS_MAX: usize = 1000;
const MILLIS_PER_DAY: i64 = 86_400_000;

/// CloudWatch Logs.
pub struct Logs {
    pub(crate) tables: Tables,
    pub(crate) clock: Arc<dyn Clock>,
    next_sequence: AtomicU64,
    /// One change at a time: a change reads rows, and writes them.
    changing: Mutex<()>,
}

impl Logs {
    /// The service over `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Logs {
        // Beyond every sequence of an earlier process.
        let since = clock.now().epoch_millis().max(0).cast_unsigned();
        Logs {
            tables: Tables::new(store),
            clock,
            next_sequence: AtomicU64::new(since.saturating_mul(1_000_000)),
            changing: Mutex::new(()),
        }
    }

    /// Writes events of a service into a stream, which is made if it is not there. They are kept, but not yet safe from
    /// a power cut, when this returns.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn write(&self, place: &Place, stream: &str, events: Vec<LogEvent>) -> Result<(), Fault> {
        let _changing = self.changing();
        if self.tables.find_group(place)?.is_none() {
            let mut batch = Batch::new();
            batch.put(
                keys::GROUPS,
                keys::group(place),
                self.new_group(place).encode(),
            );
            self.tables.commit(&batch, Durability::Buffered)?;
        }
        let known = match self.tables.find_stream(place, stream)? {
            Some(known) => known,
            None => {
                self.make_room(place)?;
                Stream::new(self.now())
            }
        };
        self.append(place, stream, known, events, Durability::Buffered)
    }

    /// Whether there is such a group.
    pub(crate) fn has(&self, place: &Place) -> bool {
        self.tables
            .find_group(place)
            .is_ok_and(|group| group.is_some())
    }

    /// To be held while rows are read and written.
    pub(crate) fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now().epoch_millis()
    }

    pub(crate) fn new_group(&self, place: &Place) -> Group {
        Group {
            name: place.group.clone(),
            created_at: self.now(),
            retention_days: None,
            class: "STANDARD".to_owned(),
            tags: std::collections::BTreeMap::new(),
        }
    }

    /// Adds events to a stream, whose row was read under the same lock.
    pub(crate) fn append(
        &self,
        place: &Place,
        name: &str,
        mut stream: Stream,
        events: Vec<LogEvent>,
        durability: Durability,
    ) -> Result<(), Fault> {
        let now = self.now();
        let mut batch = Batch::new();
        for LogEvent { at, message } in events {
            let event = KeptEvent {
                at: at.epoch_millis(),
                sequence: self.next_sequence.fetch_add(1, Ordering::Relaxed),
                ingested_at: now,
                message,
            };
            let key = keys::event(place, name, event.at, event.sequence);
            batch.put(keys::EVENTS, key, event.encode());
            stream.first_event_at = Some(
                stream
                    .first_event_at
                    .map_or(event.at, |at| at.min(event.at)),
            );
            stream.last_event_at =
                Some(stream.last_event_at.map_or(event.at, |at| at.max(event.at)));
            stream.last_ingested_at = Some(now);
            stream.events += 1;
        }
        if stream.events > STREAM_EVENTS_MAX {
            self.drop_oldest(place, name, &mut stream, &mut batch)?;
        }
        batch.put(keys::STREAMS, keys::stream(place, name), stream.encode());
        self.tables.commit(&batch, durability)
    }

    /// Removes a stream with its events.
    pub(crate) fn remove_stream(batch: &mut Batch, place: &Place, name: &str) {
        batch.delete(keys::STREAMS, keys::stream(place, name));
        batch.delete_range(keys::EVENTS, keys::events(place, name));
    }

    /// Removes streams that are older than the group's retention.
    pub(crate) fn expire(&self, place: &Place, group: &Group) -> Result<(), Fault> {
        let Some(days) = group.retention_days else {
            return Ok(());
        };
        let oldest = self
            .now()
            .saturating_sub(days.saturating_mul(MILLIS_PER_DAY));
        let mut batch = Batch::new();
        for (name, stream) in self.tables.streams(place, "")? {
            if stream.touched_at() < oldest {
                Logs::remove_stream(&mut batch, place, &name);
            }
        }
        self.tables.commit(&batch, Durability::Buffered)
    }

    /// Lets old streams of a group go, so that one more fits.
    fn make_room(&self, place: &Place) -> Result<(), Fault> {
        if let Some(group) = self.tables.find_group(place)? {
            self.expire(place, &group)?;
        }
        let mut streams = self.tables.streams(place, "")?;
        if streams.len() < GROUP_STREAMS_MAX {
            return Ok(());
        }
        streams.sort_by_key(|(_, stream)| stream.touched_at());
        let mut batch = Batch::new();
        for (name, _) in streams.iter().take(streams.len() + 1 - GROUP_STREAMS_MAX) {
            Logs::remove_stream(&mut batch, place, name);
        }
        self.tables.commit(&batch, Durability::Buffered)
    }

    fn drop_oldest(
        &self,
        place: &Place,
        name: &str,
        stream: &mut Stream,
        batch: &mut Batch,
    ) -> Result<(), Fault> {
        let mut left = STREAM_EVENTS_MAX / 10;
        let all = Window {
            from: (i64::MIN, 0),
            to: (i64::MAX, u64::MAX),
            direction: Direction::Forward,
        };
        self.tables.events(place, name, all, |event| {
            batch.delete(
                keys::EVENTS,
                keys::event(place, name, event.at, event.sequence),
            );
            stream.events -= 1;
            left -= 1;
            if left == 0 {
                std::ops::ControlFlow::Break(())
            } else {
                std::ops::ControlFlow::Continue(())
            }
        })
    }

    fn answer(&self, request: &Request<'_>) -> Result<Json, Fault> {
        match &*request.call.operation {
            "CreateLogGroup" => api::groups::create(self, request),
            "DescribeLogGroups" => api::groups::describe(self, request),
            "DeleteLogGroup" => api::groups::delete(self, request),
            "PutRetentionPolicy" => api::groups::put_retention(self, request),
            "DeleteRetentionPolicy" => api::groups::delete_retention(self, request),
            "CreateLogStream" => api::streams::create(self, request),
            "DescribeLogStreams" => api::streams::describe(self, request),
            "DeleteLogStream" => api::streams::delete(self, request),
            "PutLogEvents" => api::events::put(self, request),
            "GetLogEvents" => api::events::get(self, request),
            "FilterLogEvents" => api::events::filter(self, request),
            "TagResource" | "TagLogGroup" => api::tags::tag(self, request),
            "UntagResource" | "UntagLogGroup" => api::tags::untag(self, request),
            "ListTagsForResource" | "ListTagsLogGroup" => api::tags::list(self, request),
            other => Err(faults::invalid(format!(
                "The operation {other} is not supported."
            ))),
        }
    }
}

impl Service for Logs {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move { self.answer(&Request { call: &call }) })
    }
}
