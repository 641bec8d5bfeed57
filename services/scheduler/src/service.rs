//! The service: what it is made of, and which operation is whose.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_delivery::Outbox;
use passo_json::Json;
use passo_records::{Parameters, Records};
use passo_runtime::{Clock, Entropy, InFlight};
use passo_service::{BoxFuture, Call, Fault, Peers, Service};
use passo_store::{Space, Store, StoreError};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::index::Index;
use crate::quotas::AT_WORK_MAX;
use crate::request::Request;
use crate::schedule::Schedule;
use crate::target::TargetJudge;
use crate::{api, check, firing};

/// What the service is made of.
pub struct Ports {
    /// Where schedules and deliveries are kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for ids and flexible windows.
    pub entropy: Arc<dyn Entropy>,
    /// Where virtual time is held while something is delivered.
    pub in_flight: InFlight,
    /// The services that targets are.
    pub peers: Peers,
}

/// EventBridge Scheduler.
pub struct Scheduler {
    shared: Arc<Shared>,
    firing: Mutex<Option<JoinHandle<()>>>,
}

/// What calls and firing share.
pub(crate) struct Shared {
    pub(crate) ports: Ports,
    /// `group`, account, region and name to a group; `schedule`, account, region, group and name to a schedule.
    pub(crate) records: Records,
    pub(crate) outbox: Outbox,
    index: Mutex<Index>,
    /// Something is to be fired at another time than before.
    pub(crate) changed: Notify,
}

impl fmt::Debug for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scheduler").finish_non_exhaustive()
    }
}

impl Scheduler {
    /// Opens the service: what was due while nothing ran is fired, where it may be. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// Where what was kept cannot be read.
    pub fn open(ports: Ports) -> Result<Scheduler, StoreError> {
        let outbox = Outbox::open(passo_delivery::Ports {
            store: Arc::clone(&ports.store),
            space: Space::new("scheduler-outbox"),
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
            in_flight: ports.in_flight.clone(),
            peers: ports.peers.clone(),
            judge: Arc::new(TargetJudge),
            at_work_max: AT_WORK_MAX,
        })?;
        let records = Records::new(Arc::clone(&ports.store), Space::new("scheduler"));
        let mut index = Index::default();
        for (_, row) in records.list(&["schedule"])? {
            if let Some(schedule) = Schedule::decode(&row) {
                index.set(&schedule.key(), schedule.next.map(|next| next.fire_at));
            }
        }
        let shared = Arc::new(Shared {
            ports,
            records,
            outbox,
            index: Mutex::new(index),
            changed: Notify::new(),
        });
        let firing = tokio::spawn(firing::run(Arc::clone(&shared)));
        Ok(Scheduler {
            shared,
            firing: Mutex::new(Some(firing)),
        })
    }

    /// Ends firing and deliveries; the next start goes on with them.
    pub fn stop(&self) {
        self.shared.outbox.stop();
        let mut firing = self.firing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(firing) = firing.take() {
            firing.abort();
        }
    }

    fn answer(&self, call: &Call) -> Result<Json, Fault> {
        check::parameters(&call.operation, &call.parameters)?;
        let request = &Request {
            service: &self.shared,
            given: Parameters { call },
        };
        match &*call.operation {
            "CreateSchedule" => api::schedules::create(request),
            "GetSchedule" => api::schedules::get(request),
            "UpdateSchedule" => api::schedules::update(request),
            "DeleteSchedule" => api::schedules::delete(request),
            "ListSchedules" => api::schedules::list(request),
            "CreateScheduleGroup" => api::groups::create(request),
            "GetScheduleGroup" => api::groups::get(request),
            "DeleteScheduleGroup" => api::groups::delete(request),
            "ListScheduleGroups" => api::groups::list(request),
            "TagResource" => api::tags::tag(request),
            "UntagResource" => api::tags::untag(request),
            "ListTagsForResource" => api::tags::list(request),
            other => Err(Fault::caller(
                "UnknownOperationException",
                format!("The operation {other} is not supported."),
            )),
        }
    }
}

impl Shared {
    pub(crate) fn now(&self) -> i64 {
        self.ports.clock.now().epoch_millis()
    }

    pub(crate) fn entropy(&self) -> passo_vocab::Entropy {
        passo_vocab::Entropy::from_seed(self.ports.entropy.seed())
    }

    pub(crate) fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service for Scheduler {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move { self.answer(&call) })
    }
}
