//! The outbox: keeps deliveries and makes them.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use passo_json::{Json, ObjectBuilder};
use passo_runtime::{Clock, Entropy, InFlight, UnderWay};
use passo_service::{Call, Caller, Fault, Peers, RequestId};
use passo_store::{Batch, Direction, Durability, KeyRange, Space, Store, StoreError};
use passo_vocab::{AccountId, Arn, Region, Timestamp};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;

use crate::index::Index;
use crate::judge::{Judge, Verdict};
use crate::row::Row;
use crate::{Delivery, Retry, sleep_until};

/// How long the outbox waits where the store does not take what became of a delivery.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// How long what became of deliveries may wait until it is durable, so that one write makes much of it so.
const SYNC_PAUSE: Duration = Duration::from_millis(10);

/// A key that no delivery has.
const NO_KEY: &[u8] = b"synced";

/// How long a delivery waits that there was no room for: as long as it has waited before, within these. Source: Lambda
/// Developer Guide, "Asynchronous invocation": from 1 second to 5 minutes.
const LATER_MILLIS: (i64, i64) = (1_000, 300_000);

/// What an outbox is made of.
pub struct Ports {
    /// Where deliveries are kept.
    pub store: Arc<dyn Store>,
    /// Their table; each outbox has one of its own.
    pub space: Space,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for request ids.
    pub entropy: Arc<dyn Entropy>,
    /// Where virtual time is held while something is delivered.
    pub in_flight: InFlight,
    /// Who is called.
    pub peers: Peers,
    /// What answers mean.
    pub judge: Arc<dyn Judge>,
    /// Deliveries made at the same time.
    pub at_work_max: usize,
}

/// The durable outbox of a service. Clones are the same one.
#[derive(Clone)]
pub struct Outbox {
    shared: Arc<Shared>,
}

struct Shared {
    ports: Ports,
    last_number: AtomicU64,
    index: Mutex<Index>,
    changed: Notify,
    /// Time stands still from when a delivery is let go until it is at work.
    let_go: Mutex<Vec<UnderWay>>,
    places: Arc<Semaphore>,
    /// Something became of a delivery that is not durable yet.
    settled: Notify,
    workers: Mutex<Vec<JoinHandle<()>>>,
}

/// A delivery that was put into a batch. To be let go when that batch is committed; one that is dropped is not made by this
/// process.
#[must_use = "a delivery is made once its ticket is let go"]
pub struct Ticket {
    number: u64,
    due_at: Timestamp,
    group: Option<Arc<str>>,
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Outbox")
            .field(&self.shared.ports.space)
            .finish()
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ticket").field(&self.number).finish()
    }
}

impl Outbox {
    /// Opens an outbox and goes on with what it holds. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub fn open(ports: Ports) -> Result<Outbox, StoreError> {
        let mut index = Index::default();
        let mut last = 0;
        let snapshot = ports.store.snapshot()?;
        let all = KeyRange::all();
        snapshot.scan(ports.space, &all, Direction::Forward, &mut |key, row| {
            let number = key.try_into().map(u64::from_be_bytes);
            if let (Ok(number), Some(row)) = (number, Row::decode(row)) {
                index.add(number, row.due_at, row.delivery.group.as_ref());
                last = number;
            }
            ControlFlow::Continue(())
        })?;
        drop(snapshot);
        let shared = Arc::new(Shared {
            last_number: AtomicU64::new(last),
            index: Mutex::new(index),
            changed: Notify::new(),
            let_go: Mutex::default(),
            places: Arc::new(Semaphore::new(ports.at_work_max)),
            settled: Notify::new(),
            workers: Mutex::default(),
            ports,
        });
        let workers = [
            tokio::spawn(Arc::clone(&shared).run()),
            tokio::spawn(Arc::clone(&shared).sync()),
        ];
        locked(&shared.workers).extend(workers);
        Ok(Outbox { shared })
    }

    /// Puts `delivery` into `batch`: it is kept if and only if the batch is.
    pub fn put(&self, batch: &mut Batch, delivery: Delivery) -> Ticket {
        self.put_at(batch, delivery, self.shared.ports.clock.now())
    }

    /// Like [`Outbox::put`], for a delivery that is not made before `due_at`.
    pub fn put_at(&self, batch: &mut Batch, delivery: Delivery, due_at: Timestamp) -> Ticket {
        self.shared.put(batch, delivery, due_at)
    }

    /// The batch with this delivery is durable: it may be made.
    pub fn let_go(&self, ticket: Ticket) {
        self.shared.let_go(ticket);
    }

    /// Puts deliveries that nothing else is recorded with, durably, and lets them go.
    ///
    /// # Errors
    /// Where the store takes none; then none is made.
    pub fn send(&self, deliveries: Vec<Delivery>) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        let put = |delivery| self.put(&mut batch, delivery);
        let tickets: Vec<Ticket> = deliveries.into_iter().map(put).collect();
        self.shared.ports.store.commit(&batch, Durability::Synced)?;
        for ticket in tickets {
            self.let_go(ticket);
        }
        Ok(())
    }

    /// Ends work. What has not arrived is tried again after the next start.
    pub fn stop(&self) {
        self.shared.places.close();
        for worker in locked(&self.shared.workers).drain(..) {
            worker.abort();
        }
    }
}

impl Shared {
    fn put(&self, batch: &mut Batch, delivery: Delivery, due_at: Timestamp) -> Ticket {
        let number = self
            .last_number
            .fetch_add(1, Ordering::Relaxed)
            .wrapping_add(1);
        let group = delivery.group.clone();
        let row = Row {
            delivery,
            put_at: self.ports.clock.now(),
            due_at,
            attempts: 0,
        };
        batch.put(self.ports.space, number.to_be_bytes(), row.encode());
        Ticket {
            number,
            due_at,
            group,
        }
    }

    fn let_go(&self, ticket: Ticket) {
        let Ticket {
            number,
            due_at,
            group,
        } = ticket;
        let mut index = self.index();
        locked(&self.let_go).push(self.ports.in_flight.begin());
        index.add(number, due_at, group.as_ref());
        drop(index);
        self.changed.notify_one();
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        locked(&self.index)
    }

    async fn run(self: Arc<Shared>) {
        let mut awake = None;
        loop {
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
                return;
            };
            let now = self.ports.clock.now();
            let taken = self.index().take(now);
            if let Some(number) = taken {
                let under_way = self.ports.in_flight.begin();
                let shared = Arc::clone(&self);
                tokio::spawn(async move { shared.deliver(number, place, under_way).await });
                continue;
            }
            drop(place);
            // Time may go on: everything that was due is at work.
            let next = {
                let index = self.index();
                locked(&self.let_go).clear();
                index.next()
            };
            if next.is_some_and(|at| at <= self.ports.clock.now()) {
                continue;
            }
            drop(awake.take());
            awake = match next {
                Some(at) => tokio::select! {
                    awake = sleep_until(&*self.ports.clock, at) => awake,
                    () = self.changed.notified() => None,
                },
                None => {
                    self.changed.notified().await;
                    None
                }
            };
        }
    }

    /// Makes durable what became of deliveries. What dies before is delivered twice: it is kept short.
    async fn sync(self: Arc<Shared>) {
        loop {
            self.settled.notified().await;
            tokio::time::sleep(SYNC_PAUSE).await;
            let mut batch = Batch::new();
            batch.delete(self.ports.space, NO_KEY);
            // A store that takes nothing now does with the next delivery.
            let _ = self.ports.store.commit(&batch, Durability::Synced);
        }
    }

    async fn deliver(&self, number: u64, place: OwnedSemaphorePermit, under_way: UnderWay) {
        let Some(row) = self.read(number) else {
            return;
        };
        let delivery = &row.delivery;
        let seed = self.ports.entropy.seed();
        let call = Call {
            operation: delivery.operation.clone(),
            parameters: delivery.parameters.clone(),
            caller: delivery.caller.clone(),
            request_id: RequestId::new(passo_vocab::Entropy::from_seed(seed).uuid_v4()),
        };
        let answer = self.ports.peers.call(&delivery.service, call).await;
        self.settle(number, row, &answer).await;
        drop((place, under_way));
        // There may be room for one that had to wait for it.
        self.changed.notify_one();
    }

    /// The row of a delivery; one that cannot be read is left alone.
    fn read(&self, number: u64) -> Option<Row> {
        let snapshot = self.ports.store.snapshot().ok()?;
        let row = snapshot.get(self.ports.space, &number.to_be_bytes());
        Row::decode(&row.ok()??)
    }

    /// Writes down what became of a delivery. It may be made twice where the process dies before that is durable.
    async fn settle(&self, number: u64, mut row: Row, answer: &Result<Json, Fault>) {
        let now = self.ports.clock.now();
        let mut verdict = self.ports.judge.verdict(&row.delivery, answer);
        let retry = row.delivery.retry;
        let age = now.millis_since(row.put_at);
        let later = verdict == Verdict::Later;
        if !later {
            row.attempts = row.attempts.saturating_add(1);
        }
        let used_up = !later && row.attempts > retry.retries_max;
        let again = matches!(verdict, Verdict::Again | Verdict::Later);
        let again = again && !used_up && age < retry.age_max_millis;
        if !again && verdict != Verdict::Arrived {
            verdict = Verdict::GiveUp;
        }
        let key = number.to_be_bytes();
        let mut batch = Batch::new();
        let mut tickets = Vec::new();
        if again {
            let pause = if later {
                age.clamp(LATER_MILLIS.0, LATER_MILLIS.1)
            } else {
                retry.pause_millis(row.attempts)
            };
            row.due_at = Timestamp::from_epoch_millis(now.epoch_millis().saturating_add(pause));
            batch.put(self.ports.space, key, row.encode());
        } else {
            batch.delete(self.ports.space, key);
            let letter = match (verdict, answer) {
                (Verdict::GiveUp, Err(fault)) => letter(&row, fault, used_up, age),
                _ => None,
            };
            let next = match letter {
                Some(letter) => vec![letter],
                None => self.ports.judge.next(&row.delivery, row.attempts, answer),
            };
            for delivery in next {
                tickets.push(self.put(&mut batch, delivery, now));
            }
        }
        while self
            .ports
            .store
            .commit(&batch, Durability::Buffered)
            .is_err()
        {
            tokio::time::sleep(STORE_PAUSE).await;
        }
        self.settled.notify_one();
        if again {
            self.index().again(number, row.due_at);
        } else {
            self.index().done(row.delivery.group.as_ref());
        }
        for ticket in tickets {
            self.let_go(ticket);
        }
    }
}

/// The message of a dead-letter queue, as a delivery of its own.
fn letter(row: &Row, fault: &Fault, used_up: bool, age: i64) -> Option<Delivery> {
    let delivery = &row.delivery;
    let letter = delivery.dead_letter.as_ref()?;
    let queue = Arn::parse(&letter.queue_arn).ok()?;
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert(
            "QueueUrl",
            format!("http://localhost/{}/{}", queue.account(), queue.resource()),
        )
        .insert("MessageBody", &*letter.body)
        .insert_some("MessageGroupId", letter.message_group.as_deref());
    if let Some(attributes) = letter.attributes.as_object() {
        let retries = row.attempts.saturating_sub(1).to_string();
        let mut attributes = attributes
            .clone()
            .with("ERROR_CODE", text_attribute(&fault.code))
            .with("ERROR_MESSAGE", text_attribute(&fault.message))
            .with("RETRY_ATTEMPTS", text_attribute(&retries));
        // What is hopeless has exhausted nothing.
        let exhausted = match used_up {
            true => Some("MaximumRetryAttempts"),
            false if age >= delivery.retry.age_max_millis => Some("MaximumEventAgeInSeconds"),
            false => None,
        };
        if let Some(condition) = exhausted {
            attributes = attributes.with("EXHAUSTED_RETRY_CONDITION", text_attribute(condition));
        }
        parameters.insert("MessageAttributes", attributes);
    }
    Some(Delivery {
        service: "sqs".into(),
        operation: "SendMessage".into(),
        parameters: Json::from(parameters.build()),
        caller: Caller {
            account: AccountId::parse(queue.account()).ok()?,
            region: Region::parse(queue.region()).ok()?,
        },
        retry: Retry::default(),
        dead_letter: None,
        group: None,
        note: Json::Null,
    })
}

fn text_attribute(text: &str) -> Json {
    let mut attribute = ObjectBuilder::new();
    // SQS takes no empty value.
    let text = if text.is_empty() { "-" } else { text };
    attribute
        .insert("DataType", "String")
        .insert("StringValue", text);
    Json::from(attribute.build())
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
