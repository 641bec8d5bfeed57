//! The service: finds the operation and answers; and the way in for other services' figures.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use passo_delivery::{Outbox, Plain, sleep_until};
use passo_json::Json;
use passo_records::{Parameters, Records};
use passo_runtime::{Clock, Entropy, InFlight};
use passo_service::{BoxFuture, Call, Fault, Peers, Service};
use passo_store::{Durability, Space, Store, StoreError};
use passo_vocab::Timestamp;
use tokio::task::JoinHandle;

use crate::actions::EventTarget;
use crate::alarm::{Alarm, Key};
use crate::points::{Datum, Points};
use crate::request::Request;
use crate::tally::Tally;
use crate::watch::{self, Watch};
use crate::{api, faults};

/// Deliveries at the same time.
const AT_WORK_MAX: usize = 64;
const MINUTE: i64 = 60_000;
/// How long figures wait at most on a virtual clock that nobody waits for.
const VIRTUAL_PAUSE: Duration = Duration::from_secs(1);

/// What the service is made of.
pub struct Ports {
    /// Where metrics and alarms are kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for ids.
    pub entropy: Arc<dyn Entropy>,
    /// Where virtual time is held while something is delivered.
    pub in_flight: InFlight,
    /// The services that actions call.
    pub peers: Peers,
    /// Figures that other services count.
    pub tally: Arc<Tally>,
    /// Who gets an event for each change of an alarm.
    pub events: EventTarget,
}

/// CloudWatch.
pub struct CloudWatch {
    shared: Arc<Shared>,
    workers: Mutex<Vec<JoinHandle<()>>>,
}

/// What calls and the evaluation of alarms share.
pub(crate) struct Shared {
    pub(crate) ports: Ports,
    pub(crate) points: Points,
    pub(crate) records: Records,
    pub(crate) outbox: Outbox,
    pub(crate) watch: Watch,
    items: AtomicU64,
}

impl fmt::Debug for CloudWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudWatch").finish_non_exhaustive()
    }
}

impl CloudWatch {
    /// Opens the service and goes on with alarms and deliveries. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// Where what was kept cannot be read.
    pub fn open(ports: Ports) -> Result<CloudWatch, StoreError> {
        let outbox = Outbox::open(passo_delivery::Ports {
            store: Arc::clone(&ports.store),
            space: Space::new("cloudwatch-outbox"),
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
            in_flight: ports.in_flight.clone(),
            peers: ports.peers.clone(),
            judge: Arc::new(Plain),
            at_work_max: AT_WORK_MAX,
        })?;
        let shared = Arc::new(Shared {
            points: Points::new(Arc::clone(&ports.store)),
            records: Records::new(Arc::clone(&ports.store), Space::new("cloudwatch")),
            outbox,
            watch: Watch::default(),
            items: AtomicU64::new(0),
            ports,
        });
        let now = shared.now();
        for (_, row) in shared.records.list(&["alarm"])? {
            if let Some(alarm) = Alarm::decode(&row) {
                shared.watch.put(&alarm, now);
            }
        }
        let workers = vec![
            tokio::spawn(watch::run(Arc::clone(&shared))),
            tokio::spawn(settle_each_minute(Arc::clone(&shared))),
        ];
        Ok(CloudWatch {
            shared,
            workers: Mutex::new(workers),
        })
    }

    /// Ends evaluation and deliveries, and writes what was counted; the next start goes on.
    pub fn stop(&self) {
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        for worker in workers.drain(..) {
            worker.abort();
        }
        self.shared.outbox.stop();
        // Figures that the store does not take any more are lost, as on AWS.
        let _ = self.shared.settle();
    }

    fn answer(&self, call: &Call) -> Result<Json, Fault> {
        let request = &Request {
            service: &self.shared,
            given: Parameters { call },
        };
        match &*call.operation {
            "PutMetricData" => api::metrics::put(request),
            "GetMetricData" => api::metrics::data(request),
            "GetMetricStatistics" => api::metrics::statistics(request),
            "ListMetrics" => api::metrics::list(request),
            "PutMetricAlarm" => api::alarms::put(request),
            "PutCompositeAlarm" => api::alarms::put_composite(request),
            "DescribeAlarms" => api::alarms::describe(request),
            "DescribeAlarmsForMetric" => api::alarms::describe_for_metric(request),
            "DescribeAlarmHistory" => api::alarms::history(request),
            "DeleteAlarms" => api::alarms::delete(request),
            "SetAlarmState" => api::alarms::set_state(request),
            "EnableAlarmActions" => api::alarms::set_actions(request, true),
            "DisableAlarmActions" => api::alarms::set_actions(request, false),
            "PutDashboard" => api::dashboards::put(request),
            "GetDashboard" => api::dashboards::get(request),
            "ListDashboards" => api::dashboards::list(request),
            "DeleteDashboards" => api::dashboards::delete(request),
            "TagResource" => api::tags::tag(request),
            "UntagResource" => api::tags::untag(request),
            "ListTagsForResource" => api::tags::list(request),
            other => Err(faults::unknown_operation(other)),
        }
    }
}

impl Shared {
    pub(crate) fn now(&self) -> i64 {
        self.ports.clock.now().epoch_millis()
    }

    pub(crate) fn uuid(&self) -> String {
        passo_vocab::Entropy::from_seed(self.ports.entropy.seed()).uuid_v4()
    }

    /// The number of the next item of a history.
    pub(crate) fn next_item(&self) -> u64 {
        self.items.fetch_add(1, Ordering::Relaxed)
    }

    /// Adds `data`, and wakes the alarms that look at it.
    pub(crate) fn write(&self, data: &[Datum], durability: Durability) -> Result<(), Fault> {
        let now = self.now();
        let written = self.points.write(data, now, durability);
        written.map_err(|error| faults::store(&error))?;
        self.watch.touched(data, now);
        Ok(())
    }

    /// Writes what was counted until now.
    pub(crate) fn settle(&self) -> Result<(), Fault> {
        let data = self.ports.tally.take();
        if data.is_empty() {
            return Ok(());
        }
        self.write(&data, Durability::Buffered)
    }

    pub(crate) fn alarm(&self, key: &Key) -> Result<Option<Alarm>, Fault> {
        let row = self.records.find(&key.row());
        let row = row.map_err(|error| faults::store(&error))?;
        Ok(row.as_ref().and_then(Alarm::decode))
    }
}

/// Writes figures after the end of their minute.
async fn settle_each_minute(shared: Arc<Shared>) {
    loop {
        shared.ports.tally.filled.notified().await;
        // Time is not moved for figures that nobody waits for.
        let awake = if shared.ports.clock.is_virtual() && shared.watch.is_empty() {
            tokio::time::sleep(VIRTUAL_PAUSE).await;
            None
        } else {
            let end = (shared.now().div_euclid(MINUTE) + 1) * MINUTE;
            sleep_until(&*shared.ports.clock, Timestamp::from_epoch_millis(end)).await
        };
        // A store that takes nothing now loses a minute, as CloudWatch may.
        let _ = shared.settle();
        drop(awake);
    }
}

impl Service for CloudWatch {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move { self.answer(&call) })
    }
}
