//! The runtime: partitions, their threads, and the handle through which everybody else reaches them.

use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle, ScopedJoinHandle};

use passo_engine::{Event, ExecutionHeader, TaskUpdate, execution_arn_of_token};
use passo_store::{Direction, Store, StoreError};
use passo_vocab::Timestamp;

use crate::activities::{Activities, WaiterId};
use crate::committer::{self, Health};
use crate::effects::Performer;
use crate::figures::{Counters, Figures};
use crate::inbox::{Slit, inbox};
use crate::partition::Partition;
use crate::partition::message::{Accepted, InputError, Message, Reply, TakenTask};
use crate::ports::{Clock, DataPort, Definitions, Entropy, Listener, TaskPort};
use crate::processor::{Envelope, Processor, Surroundings};
use crate::tables::activity::ActivityTask;
use crate::tables::map_run::MapRunRecord;
use crate::tables::summary::Summary;
use crate::tables::{journal, listing, map_run, summary};
use crate::{InFlight, Key, Settings, Share};

/// What a runtime needs from outside.
pub struct Ports {
    /// Where executions are kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Definitions into programs.
    pub definitions: Arc<dyn Definitions>,
    /// Who does tasks.
    pub tasks: Arc<dyn TaskPort>,
    /// Who reads data sets and writes results.
    pub data: Arc<dyn DataPort>,
    /// Who hears what became durable.
    pub listeners: Vec<Arc<dyn Listener>>,
}

/// Makes executions live. Clones are handles to the same runtime.
#[derive(Clone)]
pub struct Runtime {
    shared: Arc<Shared>,
}

struct Shared {
    store: Arc<dyn Store>,
    /// Gone once the runtime stops.
    inboxes: RwLock<Vec<Slit<Envelope>>>,
    in_flight: InFlight,
    health: Arc<Health>,
    counters: Arc<Counters>,
    activities: Arc<Activities>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// A worker that waits for a task; dropping it stops waiting.
pub struct Polling {
    activities: Arc<Activities>,
    activity: Key,
    waiter: WaiterId,
}

impl Drop for Polling {
    fn drop(&mut self) {
        self.activities.leave(self.activity, self.waiter);
    }
}

/// Why a message was not taken. The caller may come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Too much waits already.
    Busy,
    /// There is no room in the store.
    Full,
    /// The runtime stops.
    Stopping,
    /// The text is no token.
    NoToken,
}

impl Runtime {
    /// Opens the runtime: recovers what was under way, and goes on with it.
    ///
    /// # Errors
    /// Where the store cannot be read, or no thread can be had.
    pub fn open(ports: Ports, settings: Settings) -> Result<Runtime, OpenError> {
        let Ports {
            store,
            clock,
            entropy,
            definitions,
            tasks,
            data,
            listeners,
        } = ports;
        let in_flight = InFlight::new();
        let (health, counters) = (Arc::<Health>::default(), Arc::<Counters>::default());
        let activities = Arc::new(Activities::default());
        // A virtual clock may only jump to what comes first of all, which one partition alone knows.
        let partitions = if clock.is_virtual() {
            1
        } else {
            settings.partitions
        };
        let partitions = Partition::several(&store, &definitions, settings, partitions);
        let turns_max = settings.turns_in_flight_max;
        let (turns_in, turns_out) = sync_channel(turns_max.saturating_mul(partitions.len()));
        let now = clock.now();
        let partitions = recover(partitions, now, entropy.as_ref()).map_err(OpenError::Store)?;
        let surroundings = Surroundings {
            turns: turns_in,
            clock,
            entropy,
            in_flight: in_flight.clone(),
            settings,
            counters: counters.clone(),
        };
        let processor = |partition| {
            let (inbox_in, inbox_out) = inbox(settings.inbox_max);
            let processor = Processor::new(partition, inbox_out, surroundings.clone());
            (inbox_in, processor)
        };
        let (inboxes, processors): (Vec<_>, Vec<_>) = partitions.into_iter().map(processor).unzip();
        let performer = Performer {
            tasks,
            data,
            listeners,
            in_flight: in_flight.clone(),
            activities: activities.clone(),
        };
        let (writer_store, writer_health) = (store.clone(), health.clone());
        let writer_counters = counters.clone();
        let mut threads = vec![spawn("passo-committer", move || {
            committer::run(
                writer_store.as_ref(),
                &turns_out,
                &performer,
                &writer_health,
                &writer_counters,
            );
        })?];
        for processor in processors {
            threads.push(spawn("passo-partition", move || processor.run())?);
        }
        Ok(Runtime {
            shared: Arc::new(Shared {
                store,
                inboxes: RwLock::new(inboxes),
                in_flight,
                health,
                counters,
                activities,
                threads: Mutex::new(threads),
            }),
        })
    }

    /// Hands `message` to the partition that owns `execution`.
    ///
    /// # Errors
    /// Where it cannot be taken now; replies inside it are then dropped unanswered.
    pub fn send(&self, execution: Key, message: Message) -> Result<(), Refused> {
        let counters = &self.shared.counters;
        if self.shared.health.is_full() && matches!(message, Message::Start(_)) {
            Counters::add(&counters.refused_full, 1);
            return Err(Refused::Full);
        }
        let inboxes = self
            .shared
            .inboxes
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let inbox = inboxes
            .get(Share::owner(execution, inboxes.len()))
            .ok_or(Refused::Stopping)?;
        let under_way = self.shared.in_flight.begin();
        // Counted before, because the partition may take it at once.
        counters.inbox.fetch_add(1, Ordering::Relaxed);
        inbox
            .try_send(Envelope { message, under_way })
            .map_err(|error| {
                counters.inbox.fetch_sub(1, Ordering::Relaxed);
                match error {
                    TrySendError::Full(_) => {
                        Counters::add(&counters.refused_busy, 1);
                        Refused::Busy
                    }
                    TrySendError::Disconnected(_) => Refused::Stopping,
                }
            })
    }

    /// Passes on what became of the task that waits for `token`.
    ///
    /// # Errors
    /// [`Refused::NoToken`] where the token was not made by an execution; otherwise as [`Runtime::send`].
    pub fn send_token(
        &self,
        token: Arc<str>,
        update: TaskUpdate,
        reply: Option<Reply<Result<Accepted, InputError>>>,
    ) -> Result<(), Refused> {
        let arn = execution_arn_of_token(&token).ok_or(Refused::NoToken)?;
        self.send(
            Key::of(&arn),
            Message::Token {
                token,
                update,
                reply,
            },
        )
    }

    /// Waits for the next task of an activity, for as long as the answer is kept. `taken` is called once a
    /// task is this worker's; where that task was no longer wanted it gets nothing, and the worker asks again.
    pub fn poll_activity(
        &self,
        activity_arn: &str,
        worker: Option<Arc<str>>,
        taken: Reply<Option<TakenTask>>,
    ) -> Polling {
        let activity = Key::of(activity_arn);
        let runtime = self.clone();
        let waiter = self.shared.activities.wait(
            activity,
            Box::new(move |task| {
                let ActivityTask {
                    execution, task, ..
                } = task;
                let message = Message::TakeActivityTask {
                    execution,
                    task,
                    worker,
                    reply: taken,
                };
                // Where the runtime stops, the task waits in its table for the next one.
                let _ = runtime.send(execution, message);
                None
            }),
        );
        Polling {
            activities: self.shared.activities.clone(),
            activity,
            waiter,
        }
    }

    /// Workers that wait for tasks of an activity now.
    pub fn pollers(&self, activity_arn: &str) -> usize {
        self.shared.activities.waiters(Key::of(activity_arn))
    }

    /// What is known of an execution, and its header.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn execution(&self, key: Key) -> Result<Option<(Summary, ExecutionHeader)>, StoreError> {
        let snapshot = self.shared.store.snapshot()?;
        let Some(summary) = summary::get(snapshot.as_ref(), key)? else {
            return Ok(None);
        };
        Ok(Some((summary, journal::header(snapshot.as_ref(), key)?)))
    }

    /// The text of a definition that an execution runs or ran.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn definition(&self, key: Key) -> Result<Option<Arc<str>>, StoreError> {
        let snapshot = self.shared.store.snapshot()?;
        let text = snapshot.get(crate::tables::definition::SPACE, key.as_bytes())?;
        let text = text.map(String::from_utf8).transpose();
        text.map(|text| text.map(Arc::from))
            .map_err(|_| StoreError::Corrupt("a definition is not UTF-8".to_owned()))
    }

    /// The events of an execution so far.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn events(&self, key: Key, header: &ExecutionHeader) -> Result<Vec<Event>, StoreError> {
        let snapshot = self.shared.store.snapshot()?;
        Ok(journal::events(snapshot.as_ref(), key, header)?.events)
    }

    /// Visits the executions of a state machine or Map run, newest first, until `visit` breaks; only those that come after
    /// one, where its [`Summary::order`] and key are given. That one need not be there any more.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn executions(
        &self,
        parent_arn: &str,
        after: Option<(u64, Key)>,
        visit: &mut dyn FnMut(Summary) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let snapshot = self.shared.store.snapshot()?;
        let mut failed = Ok(());
        let rows = listing::rows(Key::of(parent_arn), after);
        snapshot.scan(listing::SPACE, &rows, Direction::Forward, &mut |key, _| {
            let Some(execution) = listing::execution(key) else {
                return ControlFlow::Continue(());
            };
            match summary::get(snapshot.as_ref(), execution) {
                Ok(Some(summary)) => visit(summary),
                Ok(None) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Err(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        failed
    }

    /// A Map run.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn map_run(&self, map_run_arn: &str) -> Result<Option<MapRunRecord>, StoreError> {
        map_run::get(self.shared.store.snapshot()?.as_ref(), Key::of(map_run_arn))
    }

    /// The Map runs of an execution, newest first.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn map_runs(&self, execution_arn: &str) -> Result<Vec<MapRunRecord>, StoreError> {
        let snapshot = self.shared.store.snapshot()?;
        let keys = map_run::of_execution(snapshot.as_ref(), Key::of(execution_arn))?;
        let records = keys
            .into_iter()
            .map(|key| map_run::get(snapshot.as_ref(), key));
        Ok(records
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect())
    }

    /// What it counts about itself.
    pub fn figures(&self) -> Figures {
        Figures {
            in_flight: self.shared.in_flight.count(),
            is_full: self.shared.health.is_full(),
            ..self.shared.counters.figures()
        }
    }

    /// What is under way in this process; a driver of tasks counts its own work here.
    pub fn in_flight(&self) -> &InFlight {
        &self.shared.in_flight
    }

    /// Stops: takes nothing new, makes what was taken durable, and waits for the threads.
    pub fn stop(&self) {
        self.shared
            .inboxes
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        self.shared.health.stop();
        let threads = std::mem::take(
            &mut *self
                .shared
                .threads
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        for thread in threads {
            // A thread that panicked has nothing more to hand on.
            let _ = thread.join();
        }
    }
}

/// Why a runtime could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The store cannot be read.
    Store(StoreError),
    /// The operating system gives no thread.
    Thread(io::Error),
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OpenError::Store(_) => f.write_str("failed to recover executions"),
            OpenError::Thread(_) => f.write_str("failed to start a thread"),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            OpenError::Store(error) => Some(error),
            OpenError::Thread(error) => Some(error),
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(OpenError::Thread)
}

/// Lets partitions recover, each on a thread of its own: every one reads the tables of all.
fn recover(
    partitions: Vec<Partition>,
    now: Timestamp,
    entropy: &dyn Entropy,
) -> Result<Vec<Partition>, StoreError> {
    thread::scope(|scope| {
        let threads: Vec<_> = partitions
            .into_iter()
            .map(|mut partition| {
                let seed = entropy.seed();
                scope.spawn(move || partition.recover(now, seed).map(|()| partition))
            })
            .collect();
        let join = |thread: ScopedJoinHandle<'_, _>| match thread.join() {
            Ok(recovered) => recovered,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        threads.into_iter().map(join).collect()
    })
}
