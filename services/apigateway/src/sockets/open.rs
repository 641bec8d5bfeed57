//! The connections that are open.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_json::Object;
use passo_vocab::Timestamp;
use tokio::sync::mpsc;

use crate::serve::WebRequest;

/// Connections at once.
const CONNECTIONS_MAX: usize = 20_000;
/// Messages that wait for a connection to take them: at most 8 MiB.
const WAITING_MAX: usize = 64;

/// What goes to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// A message.
    Message(Vec<u8>),
    /// The connection is closed.
    Close(Closing),
}

/// Why a connection is closed. Source: RFC 6455, section 7.4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The code; 1005 where the client gave none.
    pub code: u16,
    /// The reason.
    pub reason: String,
}

impl Closing {
    /// The server, or the service, wants no more of it.
    pub fn going_away() -> Closing {
        Closing {
            code: 1001,
            reason: "Going away".to_owned(),
        }
    }
}

/// A connection.
pub(crate) struct Connection {
    pub(crate) id: String,
    pub(crate) api: String,
    pub(crate) stage: String,
    pub(crate) account: String,
    pub(crate) region: String,
    /// The request that it began with, without its body.
    pub(crate) request: WebRequest,
    pub(crate) begun: Timestamp,
    /// What an authorizer has said of the client.
    pub(crate) authorizer: Option<Object>,
    active: AtomicI64,
    outgoing: mpsc::Sender<Outgoing>,
}

impl Connection {
    /// When the last message passed, either way.
    pub(crate) fn active(&self) -> Timestamp {
        Timestamp::from_epoch_millis(self.active.load(Ordering::Relaxed))
    }

    pub(crate) fn is_active(&self, now: Timestamp) {
        self.active.store(now.epoch_millis(), Ordering::Relaxed);
    }

    /// Puts something into the client's queue, once there is room; false where nobody is there any more.
    pub(crate) async fn send(&self, outgoing: Outgoing) -> bool {
        self.outgoing.send(outgoing).await.is_ok()
    }
}

/// What is known of a connection before it is open.
pub(crate) struct Opening {
    pub(crate) id: String,
    pub(crate) api: String,
    pub(crate) stage: String,
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) request: WebRequest,
    pub(crate) begun: Timestamp,
}

impl Opening {
    /// The connection, and where what goes to its client comes out.
    pub(crate) fn connection(
        self,
        authorizer: Option<Object>,
    ) -> (Connection, mpsc::Receiver<Outgoing>) {
        let (outgoing, queue) = mpsc::channel(WAITING_MAX);
        let connection = Connection {
            id: self.id,
            api: self.api,
            stage: self.stage,
            account: self.account,
            region: self.region,
            request: self.request,
            begun: self.begun,
            authorizer,
            active: AtomicI64::new(self.begun.epoch_millis()),
            outgoing,
        };
        (connection, queue)
    }
}

/// The connections that are open, by their ids.
#[derive(Default)]
pub(crate) struct Open {
    all: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    by_id: BTreeMap<String, Arc<Connection>>,
    is_stopped: bool,
}

impl Open {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Connection>> {
        self.kept().by_id.get(id).cloned()
    }

    /// Takes a connection; false where there are too many, or the server stops.
    pub(crate) fn add(&self, connection: &Arc<Connection>) -> bool {
        let mut kept = self.kept();
        let has_room = kept.by_id.len() < CONNECTIONS_MAX && !kept.is_stopped;
        if has_room {
            kept.by_id
                .insert(connection.id.clone(), Arc::clone(connection));
        }
        has_room
    }

    /// Forgets a connection; false where somebody has done so before.
    pub(crate) fn remove(&self, id: &str) -> bool {
        self.kept().by_id.remove(id).is_some()
    }

    /// Closes every connection, and takes no more.
    pub(crate) fn stop(&self) {
        let mut kept = self.kept();
        kept.is_stopped = true;
        for connection in std::mem::take(&mut kept.by_id).into_values() {
            // A client that does not take what waits for it loses its connection with the process.
            let _ = connection
                .outgoing
                .try_send(Outgoing::Close(Closing::going_away()));
        }
    }
}
