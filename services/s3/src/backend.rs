//! What every operation works with.

use std::sync::Arc;

use passo_runtime::{Clock, Entropy};
use passo_service::Caller;
use s3s::{S3Request, S3Result};

use crate::bodies::{Bodies, Draft, Pinned};
use crate::conditions::Conditions;
use crate::faults;
use crate::rows::{BucketRow, ObjectRow};
use crate::tables::Tables;

pub(crate) struct Core {
    pub(crate) tables: Tables,
    pub(crate) bodies: Arc<Bodies>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

/// Which object, and who asks.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) caller: Caller,
    pub(crate) bucket: String,
    pub(crate) key: String,
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

    /// A bucket of the caller's.
    pub(crate) fn bucket(&self, caller: &Caller, name: &str) -> S3Result<BucketRow> {
        let row = self.tables.bucket(name)?.ok_or_else(faults::no_bucket)?;
        if row.account != caller.account.as_str() {
            return Err(faults::denied());
        }
        Ok(row)
    }

    /// An object, whose files stay while they are read.
    pub(crate) fn object(&self, address: &Address) -> S3Result<(ObjectRow, Pinned)> {
        let Address {
            caller,
            bucket,
            key,
        } = address;
        self.bucket(caller, bucket)?;
        let _changing = self.tables.change_object(bucket, key);
        let row = self.tables.object(bucket, key)?;
        let row = row.ok_or_else(faults::no_key)?;
        let pinned = self.bodies.pin(&row.segments);
        Ok((row, pinned))
    }

    /// Puts a body into its place.
    pub(crate) fn place(
        &self,
        address: &Address,
        conditions: &Conditions,
        draft: Draft,
        mut row: ObjectRow,
    ) -> S3Result<ObjectRow> {
        let (bucket, key) = (&*address.bucket, &*address.key);
        let _changing = self.tables.change_object(bucket, key);
        self.bucket(&address.caller, bucket)?;
        let old = self.tables.object(bucket, key)?;
        conditions.check_write(old.as_ref())?;
        row.modified = self.now();
        self.tables.put_object(bucket, key, &row)?;
        draft.keep();
        if let Some(old) = old {
            self.bodies.remove(&old.segments);
        }
        Ok(row)
    }

    /// Changes what is said of an object.
    pub(crate) fn describe(
        &self,
        address: &Address,
        change: impl FnOnce(&mut ObjectRow),
    ) -> S3Result<()> {
        let (bucket, key) = (&*address.bucket, &*address.key);
        let _changing = self.tables.change_object(bucket, key);
        self.bucket(&address.caller, bucket)?;
        let row = self.tables.object(bucket, key)?;
        let mut row = row.ok_or_else(faults::no_key)?;
        change(&mut row);
        self.tables.put_object(bucket, key, &row)
    }

    /// Removes an object, whether it is there or not.
    pub(crate) fn remove(&self, address: &Address, conditions: &Conditions) -> S3Result<()> {
        let (bucket, key) = (&*address.bucket, &*address.key);
        let _changing = self.tables.change_object(bucket, key);
        self.bucket(&address.caller, bucket)?;
        let Some(old) = self.tables.object(bucket, key)? else {
            return Ok(());
        };
        conditions.check_write(Some(&old))?;
        self.tables.remove_object(bucket, key)?;
        self.bodies.remove(&old.segments);
        Ok(())
    }
}
