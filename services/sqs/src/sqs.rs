//! The service: what it is made of, and which operation is whose.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::{fmt, io};

use passo_json::{Json, Object};
use passo_runtime::{Clock, Entropy};
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_store::{Snapshot, Store, StoreError};

use crate::address::Address;
use crate::committer::Committer;
use crate::move_tasks::MoveTasks;
use crate::queue::Queue;
use crate::request::Request;
use crate::sequence::Sequences;
use crate::{api, faults, recovery};

/// What the service needs.
pub struct Ports {
    /// Where queues and messages are kept.
    pub store: Arc<dyn Store>,
    /// The time, which visibility, delay and retention follow.
    pub clock: Arc<dyn Clock>,
    /// Chance, for ids of messages.
    pub entropy: Arc<dyn Entropy>,
    /// The beginning of queue URLs, without a slash at its end: `http://127.0.0.1:4566`.
    pub endpoint: String,
}

/// Why the service cannot begin.
#[derive(Debug)]
pub enum OpenError {
    /// It cannot read what it has kept.
    Store(StoreError),
    /// There can be no more threads.
    Thread(io::Error),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OpenError::Store(_) => "the queues cannot be read",
            OpenError::Thread(_) => "the queues cannot have a thread of their own",
        })
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

/// SQS. Clones are handles to the same service.
#[derive(Clone)]
pub struct Sqs {
    core: Arc<Core>,
}

/// Everything that operations work with.
pub(crate) struct Core {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    pub(crate) endpoint: String,
    pub(crate) committer: Committer,
    pub(crate) sequences: Sequences,
    pub(crate) queues: RwLock<BTreeMap<Address, Arc<Queue>>>,
    /// Held while queues are made and deleted.
    pub(crate) making: tokio::sync::Mutex<()>,
    pub(crate) move_tasks: MoveTasks,
}

impl Sqs {
    /// The service over what is in the store. Within a tokio runtime, tasks that were moving messages go on.
    ///
    /// # Errors
    /// Where the store cannot be read, or there can be no more threads.
    pub fn open(ports: Ports) -> Result<Sqs, OpenError> {
        let Ports {
            store,
            clock,
            entropy,
            endpoint,
        } = ports;
        let now = clock.now().epoch_millis();
        let found = recovery::read(store.as_ref(), now).map_err(OpenError::Store)?;
        let committer =
            Committer::start(Arc::clone(&store), found.garbage).map_err(OpenError::Thread)?;
        let core = Arc::new(Core {
            store,
            clock,
            entropy,
            endpoint,
            committer,
            sequences: found.sequences,
            queues: RwLock::new(found.queues),
            making: tokio::sync::Mutex::new(()),
            move_tasks: found.move_tasks,
        });
        MoveTasks::go_on(&core);
        Ok(Sqs { core })
    }
}

impl Core {
    pub(crate) fn now(&self) -> i64 {
        self.clock.now().epoch_millis()
    }

    /// An id that nobody else has.
    pub(crate) fn uuid(&self) -> String {
        passo_vocab::Entropy::from_seed(self.entropy.seed()).uuid_v4()
    }

    /// The queue at an address.
    pub(crate) fn find(&self, address: &Address) -> Option<Arc<Queue>> {
        let queues = self.queues.read().unwrap_or_else(PoisonError::into_inner);
        queues.get(address).cloned()
    }

    /// Every queue.
    pub(crate) fn all(&self) -> Vec<Arc<Queue>> {
        let queues = self.queues.read().unwrap_or_else(PoisonError::into_inner);
        queues.values().cloned().collect()
    }

    pub(crate) fn snapshot(&self) -> Result<Box<dyn Snapshot>, Fault> {
        self.store.snapshot().map_err(|error| faults::store(&error))
    }

    async fn answer(self: &Arc<Core>, request: &Request<'_>) -> Result<Json, Fault> {
        match &*request.call.operation {
            "CreateQueue" => api::create_queue::call(self, request).await,
            "DeleteQueue" => api::delete_queue::call(self, request).await,
            "PurgeQueue" => api::purge_queue::call(self, request).await,
            "GetQueueUrl" => api::get_queue_url::call(self, request),
            "ListQueues" => api::list_queues::call(self, request),
            "GetQueueAttributes" => api::get_queue_attributes::call(self, request),
            "SetQueueAttributes" => api::set_queue_attributes::call(self, request).await,
            "SendMessage" => api::send_message::call(self, request).await,
            "SendMessageBatch" => api::send_message::batch(self, request).await,
            "ReceiveMessage" => api::receive_message::call(self, request).await,
            "DeleteMessage" => api::delete_message::call(self, request).await,
            "DeleteMessageBatch" => api::delete_message::batch(self, request).await,
            "ChangeMessageVisibility" => api::change_message_visibility::call(self, request).await,
            "ChangeMessageVisibilityBatch" => {
                api::change_message_visibility::batch(self, request).await
            }
            "TagQueue" => api::tags::tag(self, request).await,
            "UntagQueue" => api::tags::untag(self, request).await,
            "ListQueueTags" => api::tags::list(self, request),
            "AddPermission" => api::permissions::add(self, request).await,
            "RemovePermission" => api::permissions::remove(self, request).await,
            "ListDeadLetterSourceQueues" => {
                api::list_dead_letter_source_queues::call(self, request)
            }
            "StartMessageMoveTask" => api::message_move_task::start(self, request).await,
            "CancelMessageMoveTask" => api::message_move_task::cancel(self, request).await,
            "ListMessageMoveTasks" => api::message_move_task::list(self, request),
            other => Err(faults::unknown_operation(other)),
        }
    }
}

impl Service for Sqs {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move { self.core.answer(&Request { call: &call }).await })
    }
}

/// The answer of operations that have none.
pub(crate) fn nothing() -> Json {
    Json::from(Object::default())
}
