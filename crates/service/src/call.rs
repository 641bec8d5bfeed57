//! One call of one operation, and the trait that answers it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use passo_json::Json;
use passo_vocab::{AccountId, Region};

use crate::Fault;

/// A future that owns itself, so that services can be used behind `dyn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The id that a request is known by, in answers and in logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id `text`; AWS's are version 4 UUIDs.
    pub fn new(text: impl Into<Arc<str>>) -> RequestId {
        RequestId(text.into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// On whose behalf, and where, a call is made. Accounts and regions do not see each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Caller {
    /// The account.
    pub account: AccountId,
    /// The region.
    pub region: Region,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The operation's name as AWS spells it, e.g. `StartExecution`.
    pub operation: Arc<str>,
    /// Its parameters, an object.
    pub parameters: Json,
    /// Who calls.
    pub caller: Caller,
    /// The request that this call belongs to.
    pub request_id: RequestId,
}

/// An AWS service.
pub trait Service: Send + Sync {
    /// Performs one operation. The answer is the operation's output, an object (`{}` where it has none).
    ///
    /// # Errors
    /// The fault that AWS's service would answer with.
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>>;
}
