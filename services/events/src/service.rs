//! The service: finds the operation and answers; and the way in for events of other services.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use passo_delivery::Outbox;
use passo_json::Json;
use passo_records::{Parameters, Records};
use passo_runtime::{Clock, Entropy, InFlight};
use passo_service::{BoxFuture, Call, Caller, Fault, Peers, Service};
use passo_store::{Batch, Durability, Space, Store, StoreError};
use passo_vocab::Arn;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::archive::Archive;
use crate::connected::Connections;
use crate::event::Event;
use crate::matching::Tables;
use crate::names::{BusPlace, DEFAULT_BUS};
use crate::request::Request;
use crate::targets::Targets;
use crate::{api, faults, plan, replay, schedules};

/// Deliveries at the same time.
const AT_WORK_MAX: usize = 256;

/// What the service is made of.
pub struct Ports {
    /// Where buses, rules and deliveries are kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for ids.
    pub entropy: Arc<dyn Entropy>,
    /// Where virtual time is held while something is delivered.
    pub in_flight: InFlight,
    /// The services that targets are.
    pub peers: Peers,
}

/// EventBridge.
pub struct EventBridge {
    shared: Arc<Shared>,
    /// Schedules and replays.
    workers: Mutex<Vec<JoinHandle<()>>>,
}

/// What calls, schedules and deliveries share.
pub(crate) struct Shared {
    pub(crate) ports: Ports,
    pub(crate) tables: Tables,
    pub(crate) outbox: Outbox,
    pub(crate) schedules_changed: Notify,
    pub(crate) replays_changed: Notify,
}

impl fmt::Debug for EventBridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventBridge").finish_non_exhaustive()
    }
}

impl EventBridge {
    /// Opens the service and goes on with what it has to deliver. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// Where what was kept cannot be read.
    pub fn open(ports: Ports) -> Result<EventBridge, StoreError> {
        let outbox = Outbox::open(passo_delivery::Ports {
            store: Arc::clone(&ports.store),
            space: Space::new("events-outbox"),
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
            in_flight: ports.in_flight.clone(),
            peers: ports.peers.clone(),
            judge: Arc::new(plan::TargetJudge),
            at_work_max: AT_WORK_MAX,
        })?;
        let records = Records::new(Arc::clone(&ports.store), Space::new("events"));
        let shared = Arc::new(Shared {
            ports,
            tables: Tables::new(records),
            outbox,
            schedules_changed: Notify::new(),
            replays_changed: Notify::new(),
        });
        let workers = vec![
            tokio::spawn(schedules::run(Arc::clone(&shared))),
            tokio::spawn(replay::run(Arc::clone(&shared))),
        ];
        Ok(EventBridge {
            shared,
            workers: Mutex::new(workers),
        })
    }

    /// What deliveries that are more than one call go through; the directory has to have it under [`Targets::NAME`].
    pub fn targets(&self) -> Targets {
        Targets {
            shared: Arc::downgrade(&self.shared),
            peers: self.shared.ports.peers.clone(),
            rates: Mutex::default(),
        }
    }

    /// What HTTP tasks go through; the directory has to have it under [`Connections::NAME`].
    pub fn connections(&self) -> Connections {
        Connections {
            shared: Arc::downgrade(&self.shared),
            peers: self.shared.ports.peers.clone(),
            tokens: Mutex::default(),
        }
    }

    /// Whether any rule waits for events on the caller's default bus.
    pub fn has_rules(&self, caller: &Caller) -> bool {
        let (account, region) = (caller.account.as_str(), caller.region.as_str());
        let tables = &self.shared.tables;
        tables.has_rules(account, region, DEFAULT_BUS)
    }

    /// Puts an event of a service, such as `aws.states`, on the caller's default bus. It is durable when this returns.
    ///
    /// # Errors
    /// Where the store fails.
    pub fn publish(
        &self,
        caller: &Caller,
        source: &str,
        detail_type: &str,
        resources: Vec<Json>,
        detail: Json,
    ) -> Result<(), Fault> {
        let event = Event {
            id: self.shared.uuid().into(),
            detail_type: detail_type.into(),
            source: source.into(),
            account: caller.account.as_str().into(),
            region: caller.region.as_str().into(),
            at: self.shared.now(),
            resources,
            detail,
        };
        let place = BusPlace::of(caller, DEFAULT_BUS);
        self.shared.publish_on(&[(place, event)])
    }

    /// Ends schedules, replays and deliveries; the next start goes on with what has not arrived.
    pub fn stop(&self) {
        self.shared.outbox.stop();
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        for worker in workers.drain(..) {
            worker.abort();
        }
    }

    fn answer(&self, call: &Call) -> Result<Json, Fault> {
        let request = &Request {
            service: &self.shared,
            given: Parameters { call },
        };
        match &*call.operation {
            "PutEvents" => api::put_events::put(request),
            "TestEventPattern" => api::test_event_pattern::test(request),
            "CreateEventBus" => api::buses::create(request),
            "UpdateEventBus" => api::buses::update(request),
            "DescribeEventBus" => api::buses::describe(request),
            "ListEventBuses" => api::buses::list(request),
            "DeleteEventBus" => api::buses::delete(request),
            "PutPermission" => api::buses::put_permission(request),
            "RemovePermission" => api::buses::remove_permission(request),
            "PutRule" => api::rules::put(request),
            "DescribeRule" => api::rules::describe(request),
            "ListRules" => api::rules::list(request),
            "ListRuleNamesByTarget" => api::rules::list_by_target(request),
            "DeleteRule" => api::rules::delete(request),
            "EnableRule" => api::rules::set_state(request, "ENABLED"),
            "DisableRule" => api::rules::set_state(request, "DISABLED"),
            "PutTargets" => api::targets::put(request),
            "RemoveTargets" => api::targets::remove(request),
            "ListTargetsByRule" => api::targets::list(request),
            "CreateConnection" => api::connections::create(request),
            "UpdateConnection" => api::connections::update(request),
            "DeauthorizeConnection" => api::connections::deauthorize(request),
            "DescribeConnection" => api::connections::describe(request),
            "ListConnections" => api::connections::list(request),
            "DeleteConnection" => api::connections::delete(request),
            "CreateArchive" => api::archives::create(request),
            "UpdateArchive" => api::archives::update(request),
            "DescribeArchive" => api::archives::describe(request),
            "ListArchives" => api::archives::list(request),
            "DeleteArchive" => api::archives::delete(request),
            "StartReplay" => api::replays::start(request),
            "DescribeReplay" => api::replays::describe(request),
            "ListReplays" => api::replays::list(request),
            "CancelReplay" => api::replays::cancel(request),
            "CreateApiDestination" => api::destinations::create(request),
            "UpdateApiDestination" => api::destinations::update(request),
            "DescribeApiDestination" => api::destinations::describe(request),
            "ListApiDestinations" => api::destinations::list(request),
            "DeleteApiDestination" => api::destinations::delete(request),
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

    pub(crate) fn uuid(&self) -> String {
        passo_vocab::Entropy::from_seed(self.ports.entropy.seed()).uuid_v4()
    }

    /// A rule of this bus is another now.
    pub(crate) fn rules_changed(&self, account: &str, region: &str, bus: &str) {
        self.tables.changed(account, region, bus);
        self.schedules_changed.notify_one();
    }

    /// The archive with this ARN.
    pub(crate) fn archive(&self, arn: &str) -> Result<Option<Archive>, StoreError> {
        let Ok(parsed) = Arn::parse(arn) else {
            return Ok(None);
        };
        let Some(name) = parsed.resource().strip_prefix("archive/") else {
            return Ok(None);
        };
        let key = ["archive", parsed.account(), parsed.region(), name];
        let row = self.tables.records.find(&key)?;
        let found = row.as_ref().and_then(Archive::decode);
        Ok(found.filter(|archive| archive.arn() == arn))
    }

    /// Delivers events to the rules that want them, and to archives; all of it becomes durable together.
    pub(crate) fn publish_on(&self, events: &[(BusPlace, Event)]) -> Result<(), Fault> {
        let now = self.now();
        let mut batch = Batch::new();
        let mut tickets = Vec::new();
        for (place, published) in events {
            let event = published.to_json();
            let BusPlace {
                account,
                region,
                bus,
            } = place;
            for rule in self.tables.wanting(account, region, bus, &event)? {
                for delivery in plan::deliveries(&rule, &event, now) {
                    tickets.push(self.outbox.put(&mut batch, delivery));
                }
            }
            for archive in self.tables.keeping(account, region, bus, &event)? {
                archive.put(&mut batch, published.at, &published.id, &event.to_text());
            }
        }
        if batch.is_empty() {
            return Ok(());
        }
        let kept = self.ports.store.commit(&batch, Durability::Synced);
        kept.map_err(|error| faults::store(&error))?;
        for ticket in tickets {
            self.outbox.let_go(ticket);
        }
        Ok(())
    }
}

impl Service for EventBridge {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move { self.answer(&call) })
    }
}
