//! The service: finds the operation and answers; and the way in for other services' events.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use passo_delivery::{Outbox, Plain};
use passo_json::Json;
use passo_records::Parameters;
use passo_runtime::{Clock, Entropy, InFlight};
use passo_service::{BoxFuture, Call, Fault, Peers, Service};
use passo_store::{Batch, Direction, Durability, Space, Store, StoreError};
use tokio::task::JoinHandle;

use crate::event::KeptEvent;
use crate::filters::{self, Filters, Kind};
use crate::group::Group;
use crate::queries::Queries;
use crate::request::Request;
use crate::stream::Stream;
use crate::tables::{Tables, Window};
use crate::{LogEvent, Place, api, faults, keys, retention};

/// Events of one stream; the oldest tenth goes when there are more.
const STREAM_EVENTS_MAX: i64 = 100_000;
/// Streams of one group that services write by themselves; the oldest ones go when there are more.
const GROUP_STREAMS_MAX: usize = 1000;

/// Deliveries at the same time.
const AT_WORK_MAX: usize = 64;

/// What [`Logs`] reaches other services with.
pub struct Ports {
    /// Where deliveries are kept.
    pub store: Arc<dyn Store>,
    /// Chance, for request ids.
    pub entropy: Arc<dyn Entropy>,
    /// Where virtual time is held while something is delivered.
    pub in_flight: InFlight,
    /// The services that filters send to.
    pub peers: Peers,
}

/// CloudWatch Logs.
pub struct Logs {
    pub(crate) tables: Tables,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) filters: Filters,
    pub(crate) queries: Queries,
    next_sequence: AtomicU64,
    /// Where what follows from events goes, once there are other services.
    outbox: OnceLock<Outbox>,
    sweeper: Mutex<Option<JoinHandle<()>>>,
    /// One change at a time: a change reads rows, and writes them.
    changing: Mutex<()>,
}

impl Logs {
    /// The service over `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Logs {
        // Beyond every sequence of an earlier process.
        let since = clock.now().epoch_millis().max(0).cast_unsigned();
        Logs {
            filters: Filters::open(Arc::clone(&store)),
            queries: Queries::default(),
            outbox: OnceLock::new(),
            sweeper: Mutex::default(),
            tables: Tables::new(store),
            clock,
            next_sequence: AtomicU64::new(since.saturating_mul(1_000_000)),
            changing: Mutex::new(()),
        }
    }

    /// Lets what filters make of events go to other services, and goes on with what is left of that from before; removes old
    /// events from now on. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// Where what was kept cannot be read.
    pub fn begin(self: &Arc<Logs>, ports: Ports) -> Result<(), StoreError> {
        let outbox = Outbox::open(passo_delivery::Ports {
            store: ports.store,
            space: Space::new("logs-outbox"),
            clock: Arc::clone(&self.clock),
            entropy: ports.entropy,
            in_flight: ports.in_flight,
            peers: ports.peers,
            judge: Arc::new(Plain),
            at_work_max: AT_WORK_MAX,
        })?;
        if let Err(second) = self.outbox.set(outbox) {
            second.stop();
            return Ok(());
        }
        let sweeper = tokio::spawn(retention::run(Arc::downgrade(self)));
        *self.sweeper.lock().unwrap_or_else(PoisonError::into_inner) = Some(sweeper);
        Ok(())
    }

    /// Ends queries and deliveries; the next start goes on with what has not arrived.
    pub fn stop(&self) {
        self.queries.stop();
        if let Some(outbox) = self.outbox.get() {
            outbox.stop();
        }
        let mut sweeper = self.sweeper.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sweeper) = sweeper.take() {
            sweeper.abort();
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
        let mut kept = Vec::new();
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
            kept.push(event);
        }
        if stream.events > STREAM_EVENTS_MAX {
            self.drop_oldest(place, name, &mut stream, &mut batch)?;
        }
        batch.put(keys::STREAMS, keys::stream(place, name), stream.encode());
        let (outbox, filters) = (self.outbox.get(), self.filters.of(place));
        let Some((outbox, filters)) = outbox.zip(filters) else {
            return self.tables.commit(&batch, durability);
        };
        let deliveries = filters::deliveries(&filters, place, name, &kept).into_iter();
        let tickets: Vec<_> = deliveries.map(|it| outbox.put(&mut batch, it)).collect();
        self.tables.commit(&batch, durability)?;
        for ticket in tickets {
            outbox.let_go(ticket);
        }
        Ok(())
    }

    /// Removes a stream with its events.
    pub(crate) fn remove_stream(batch: &mut Batch, place: &Place, name: &str) {
        batch.delete(keys::STREAMS, keys::stream(place, name));
        batch.delete_range(keys::EVENTS, keys::events(place, name));
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
        match &*request.given.call.operation {
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
            "PutMetricFilter" => api::filters::put_metric(self, request),
            "DescribeMetricFilters" => api::filters::describe_metric(self, request),
            "DeleteMetricFilter" => api::filters::delete(self, request, Kind::Metric),
            "TestMetricFilter" => api::filters::test(request),
            "PutSubscriptionFilter" => api::filters::put_subscription(self, request),
            "DescribeSubscriptionFilters" => api::filters::describe_subscription(self, request),
            "DeleteSubscriptionFilter" => api::filters::delete(self, request, Kind::Subscription),
            "StartQuery" => api::queries::start(self, request),
            "GetQueryResults" => api::queries::results(self, request),
            "StopQuery" => api::queries::stop(self, request),
            "DescribeQueries" => api::queries::describe(self, request),
            "GetLogRecord" => api::queries::record(self, request),
            other => Err(faults::invalid(format!(
                "The operation {other} is not supported."
            ))),
        }
    }
}

impl Service for Logs {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            self.answer(&Request {
                given: Parameters { call: &call },
            })
        })
    }
}
