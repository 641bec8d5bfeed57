//! What every operation works with.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use passo_delivery::Outbox;
use passo_runtime::{Clock, Entropy};
use passo_service::{Caller, Peers, RequestId};
use s3s::{S3Request, S3Result};

use crate::bodies::{Bodies, Pinned};
use crate::faults;
use crate::lifecycle::{Agenda, expiration};
use crate::rows::{BucketRow, ObjectRow};
use crate::tables::Tables;

pub(crate) struct Core {
    pub(crate) tables: Tables,
    pub(crate) bodies: Arc<Bodies>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) outbox: Outbox,
    pub(crate) peers: Peers,
    pub(crate) last_sequence: AtomicU64,
    pub(crate) agenda: Agenda,
}

/// Which object, and who asks in which request.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) caller: Caller,
    pub(crate) request_id: RequestId,
    pub(crate) bucket: String,
    pub(crate) key: String,
    /// The version; the current one if not set.
    pub(crate) version: Option<String>,
}

/// An object whose files stay while they are read.
pub(crate) struct Held {
    pub(crate) row: ObjectRow,
    pub(crate) pinned: Pinned,
    /// The version as answers call it.
    pub(crate) version: Option<String>,
    /// When it ends by itself, as answers say it.
    pub(crate) expiration: Option<String>,
}

impl Address {
    /// The object of which `request` speaks.
    ///
    /// # Errors
    /// `InvalidURI` for a key that rows cannot have; ours, where nobody has said who asks.
    pub(crate) fn of<T>(request: &S3Request<T>, bucket: &str, key: &str) -> S3Result<Address> {
        if key.contains('\0') {
            return Err(faults::no_uri());
        }
        Ok(Address {
            caller: caller(request)?,
            request_id: request_id(request)?,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            version: None,
        })
    }

    /// That version of it.
    pub(crate) fn at(self, version: Option<String>) -> Address {
        Address {
            version: version.filter(|version| !version.is_empty()),
            ..self
        }
    }

    /// Bucket and key.
    pub(crate) fn place(&self) -> (&str, &str) {
        (&self.bucket, &self.key)
    }

    /// Another object in the same request.
    pub(crate) fn sibling(&self, bucket: String, key: String) -> Address {
        Address {
            bucket,
            key,
            ..self.clone()
        }
    }
}

/// The request that an answer belongs to.
///
/// # Errors
/// Ours, where nobody has said it.
pub(crate) fn request_id<T>(request: &S3Request<T>) -> S3Result<RequestId> {
    let id = request.extensions.get::<RequestId>().cloned();
    id.ok_or_else(faults::broken)
}

/// Who makes a request.
///
/// # Errors
/// Ours, where nobody has said it.
pub(crate) fn caller<T>(request: &S3Request<T>) -> S3Result<Caller> {
    let caller = request.extensions.get::<Caller>().cloned();
    caller.ok_or_else(faults::broken)
}

impl Core {
    /// Does `work`, which waits for the disk, away from the threads that serve requests.
    pub(crate) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Core) -> S3Result<T> + Send + 'static,
    ) -> S3Result<T> {
        let core = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&core)).await;
        done.map_err(|_| faults::broken())?
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now().epoch_millis()
    }

    /// A number that is greater than all before, for the order of what happens to an object: the time, and a count
    /// within a millisecond.
    pub(crate) fn sequence(&self) -> u64 {
        let now = u64::try_from(self.now()).unwrap_or(0) << 16;
        let next = |last: u64| now.max(last.saturating_add(1));
        let last = self
            .last_sequence
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
                Some(next(last))
            });
        next(last.unwrap_or(0))
    }

    pub(crate) fn uuid(&self) -> String {
        passo_vocab::Entropy::from_seed(self.entropy.seed()).uuid_v4()
    }

    /// A bucket of the caller's.
    pub(crate) fn bucket(&self, caller: &Caller, name: &str) -> S3Result<BucketRow> {
        let row = self.tables.bucket(name)?.ok_or_else(faults::no_bucket)?;
        if row.account != caller.account.as_str() {
            return Err(faults::denied());
        }
        Ok(row)
    }

    /// An object, whose files stay while they are read.
    pub(crate) fn object(&self, address: &Address) -> S3Result<Held> {
        let bucket = self.bucket(&address.caller, &address.bucket)?;
        let _changing = self.tables.change_object(&address.bucket, &address.key);
        let found = self.readable(&bucket, address)?;
        let (is_current, row) = (found.is_object, found.row);
        let expiration = expiration(&bucket, &address.key, &row);
        Ok(Held {
            expiration: expiration.filter(|_| is_current),
            pinned: self.bodies.pin(&row.segments),
            version: bucket.version_of(&row),
            row,
        })
    }
}
