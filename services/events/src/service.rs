//! The service: finds the operation and answers; and the way in for events of other services.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use passo_delivery::Outbox;
use passo_json::Json;
use passo_records::{Findings, Parameters, Records};
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
use crate::request::{Answer, Request};
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
        let Some(operation) = operation(&call.operation) else {
            return Err(faults::unknown_operation(&call.operation));
        };
        // Of events each is answered for itself, and what is wrong with a secret is not told.
        if !matches!(
            &*call.operation,
            "PutEvents" | "CreateConnection" | "UpdateConnection"
        ) {
            let findings = Findings::of("events", &call.operation, &call.parameters);
            findings.told().map_err(faults::validation)?;
        }
        operation(&Request {
            service: &self.shared,
            given: Parameters { call },
        })
    }
}

/// What carries an operation out.
// tidy: long, because it is a table of operations.
fn operation(name: &str) -> Option<fn(&Request<'_>) -> Answer> {
    Some(match name {
        "PutEvents" => api::put_events::put,
        "TestEventPattern" => api::test_event_pattern::test,
        "CreateEventBus" => api::buses::create,
        "UpdateEventBus" => api::buses::update,
        "DescribeEventBus" => api::buses::describe,
        "ListEventBuses" => api::buses::list,
        "DeleteEventBus" => api::buses::delete,
        "PutPermission" => api::buses::put_permission,
        "RemovePermission" => api::buses::remove_permission,
        "PutRule" => api::rules::put,
        "DescribeRule" => api::rules::describe,
        "ListRules" => api::rules::list,
        "ListRuleNamesByTarget" => api::rules::list_by_target,
        "DeleteRule" => api::rules::delete,
        "EnableRule" => |request| api::rules::set_state(request, "ENABLED"),
        "DisableRule" => |request| api::rules::set_state(request, "DISABLED"),
        "PutTargets" => api::targets::put,
        "RemoveTargets" => api::targets::remove,
        "ListTargetsByRule" => api::targets::list,
        "CreateConnection" => api::connections::create,
        "UpdateConnection" => api::connections::update,
        "DeauthorizeConnection" => api::connections::deauthorize,
        "DescribeConnection" => api::connections::describe,
        "ListConnections" => api::connections::list,
        "DeleteConnection" => api::connections::delete,
        "CreateArchive" => api::archives::create,
        "UpdateArchive" => api::archives::update,
        "DescribeArchive" => api::archives::describe,
        "ListArchives" => api::archives::list,
        "DeleteArchive" => api::archives::delete,
        "StartReplay" => api::replays::start,
        "DescribeReplay" => api::replays::describe,
        "ListReplays" => api::replays::list,
        "CancelReplay" => api::replays::cancel,
        "CreateApiDestination" => api::destinations::create,
        "UpdateApiDestination" => api::destinations::update,
        "DescribeApiDestination" => api::destinations::describe,
        "ListApiDestinations" => api::destinations::list,
        "DeleteApiDestination" => api::destinations::delete,
        "TagResource" => api::tags::tag,
        "UntagResource" => api::tags::untag,
        "ListTagsForResource" => api::tags::list,
        _ => return None,
    })
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
