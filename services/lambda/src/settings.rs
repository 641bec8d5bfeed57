//! How many processes there may be, for how long, and what runs them.

use std::collections::BTreeMap;
use std::fmt;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use passo_vocab::Arn;

use crate::error::InvokeError;
use crate::function::Credentials;
use crate::invocation::InvokeOutcome;

/// Bounds and surroundings of all functions of one [`Functions`](crate::Functions).
#[derive(Clone, Debug)]
pub struct Settings {
    /// Concurrent invocations of one function that has no reserved concurrency of its own. Default 32.
    pub concurrency_max: NonZeroU32,
    /// Processes of all functions together; idle ones are ended to make room. Default 256.
    pub processes_max: NonZeroU32,
    /// Processes of all functions together that load their function at once. An invocation beyond it waits for one of
    /// them, or takes a warm process that is free sooner. Default: four for each core, at least 8.
    pub loading_max: NonZeroU32,
    /// Invocations of one function that may wait for a process. Default 1,000.
    pub queue_max: u32,
    /// How long an invocation may wait before it is answered with `TooManyRequestsException`. Default 30 s.
    pub queue_wait_max: Duration,
    /// How long a process is kept after its last invocation. Default 5 minutes.
    pub idle_max: Duration,
    /// How long a process may take to load the function before the function's own timeout counts. AWS: 10 s.
    pub init_max: Duration,
    /// The Python to run (default: `python3.<n>` of the runtime, then any Python 3.9 or later on the `PATH`).
    pub python: Option<PathBuf>,
    /// The Node to run (default: `node` on the `PATH`).
    pub node: Option<PathBuf>,
    /// Where interpreters are looked for, as in `PATH`. Default: the `PATH` of this process.
    pub search_path: Option<String>,
    /// Variables for every function, for example `AWS_ENDPOINT_URL`; a function's own variables win.
    pub environment: BTreeMap<String, String>,
    /// Where the credentials of functions come from that have none of their own: asked once for each process. Without it they
    /// get some that only a server takes which verifies nothing.
    pub credentials: Option<CredentialsSource>,
    /// Who hears of each invocation that has ended, for metrics.
    pub watch: Option<InvocationWatch>,
}

/// What is called with the function's ARN and what became of its invocation.
type Hear = dyn Fn(&Arn, &Result<InvokeOutcome, InvokeError>) + Send + Sync;

/// Hears of invocations. It is called where they end, so it must be quick.
#[derive(Clone)]
pub struct InvocationWatch {
    hear: Arc<Hear>,
}

impl InvocationWatch {
    /// Calls `hear` for each of them.
    pub fn new(
        hear: impl Fn(&Arn, &Result<InvokeOutcome, InvokeError>) + Send + Sync + 'static,
    ) -> InvocationWatch {
        InvocationWatch {
            hear: Arc::new(hear),
        }
    }

    pub(crate) fn ended(&self, function: &Arn, outcome: &Result<InvokeOutcome, InvokeError>) {
        (self.hear)(function, outcome);
    }
}

impl fmt::Debug for InvocationWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvocationWatch")
    }
}

/// The credentials of an account, if there can be any.
type Issue = dyn Fn(&str) -> Option<Credentials> + Send + Sync;

/// Makes credentials for a process of a function.
#[derive(Clone)]
pub struct CredentialsSource {
    issue: Arc<Issue>,
}

impl CredentialsSource {
    /// A source that calls `issue` with the account of the function.
    pub fn new(
        issue: impl Fn(&str) -> Option<Credentials> + Send + Sync + 'static,
    ) -> CredentialsSource {
        CredentialsSource {
            issue: Arc::new(issue),
        }
    }

    /// Credentials for one process of a function of `account`.
    pub(crate) fn issue(&self, account: &str) -> Option<Credentials> {
        (self.issue)(account)
    }
}

impl fmt::Debug for CredentialsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CredentialsSource")
    }
}

impl Default for Settings {
    fn default() -> Settings {
        let bound = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Settings {
            concurrency_max: bound(32),
            processes_max: bound(256),
            loading_max: bound(loading_max()),
            queue_max: 1000,
            queue_wait_max: Duration::from_secs(30),
            idle_max: Duration::from_secs(300),
            init_max: Duration::from_secs(10),
            python: None,
            node: None,
            search_path: None,
            environment: BTreeMap::new(),
            credentials: None,
            watch: None,
        }
    }
}

/// Loading is work for a core: more at once would only make each of them slow, and the first of them late.
fn loading_max() -> u32 {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    u32::try_from(cores.saturating_mul(4)).map_or(8, |max| max.max(8))
}
