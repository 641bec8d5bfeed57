//! All functions of a server: the handle that callers use.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use passo_json::Payload;
use passo_vocab::Arn;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use crate::bootstrap::{BootstrapDirectory, JavaBootstrap};
use crate::entropy;
use crate::error::InvokeError;
use crate::function::Function;
use crate::guard::Guard;
use crate::interpreter::Interpreters;
use crate::invocation::{
    CLIENT_CONTEXT_BYTES_MAX, InvokeOptions, InvokeOutcome, REQUEST_BYTES_MAX, RequestId,
};
use crate::logs::LogSink;
use crate::logs::queue::LogQueue;
use crate::pool::{Bound, Concurrency, Platform, Pool, Room};
use crate::sandbox::{self, InitBudget, Job, Reply, Started};
use crate::settings::Settings;

const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// How long shutdown waits for a sink that does not take its last lines.
const LOG_WAIT: Duration = Duration::from_secs(2);

/// Runs Lambda functions. Cheap to clone; all clones are the same server.
///
/// Needs a tokio runtime with I/O and time. Call [`Functions::shutdown`] before the program ends: it returns when
/// no process of any function is left. When the program is killed instead, a guard process does the same.
#[derive(Clone)]
pub struct Functions {
    inner: Arc<Inner>,
}

struct Inner {
    platform: Mutex<Option<Arc<Platform>>>,
    /// By function and version.
    pools: Mutex<HashMap<Arn, BTreeMap<String, Arc<Pool>>>>,
    /// Resolves when the log thread has delivered everything.
    log_finished: Mutex<Option<oneshot::Receiver<()>>>,
    /// Until shutdown, what sandboxes may clone.
    alive: Mutex<Option<mpsc::Sender<()>>>,
    /// Yields `None` when the last sandbox is gone.
    all_gone: tokio::sync::Mutex<mpsc::Receiver<()>>,
}

/// An invocation's parts that every attempt needs.
struct Request {
    request_id: RequestId,
    payload: Bytes,
    invoked_function_arn: String,
    trace_id: String,
    options: InvokeOptions,
}

impl Functions {
    /// A server without processes; they start with the first invocations. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`InvokeError::Start`] when there can be no private directory, log thread or guard process.
    pub fn new(settings: Settings, sink: Arc<dyn LogSink>) -> Result<Functions, InvokeError> {
        let own_path = || std::env::var("PATH").unwrap_or_else(|_| DEFAULT_PATH.to_owned());
        let search_path = settings.search_path.clone().unwrap_or_else(own_path);
        let bootstraps = BootstrapDirectory::create()
            .map_err(|error| InvokeError::start("the directory of bootstraps", error))?;
        let guard = Guard::start(bootstraps.path(), &own_path())?;
        let (log, log_finished) =
            LogQueue::start(sink).map_err(|error| InvokeError::start("the log thread", error))?;
        let (alive, all_gone) = mpsc::channel(1);
        let processes_max = usize::try_from(settings.processes_max.get()).unwrap_or(1024);
        let loading_max = usize::try_from(settings.loading_max.get()).unwrap_or(1);
        let platform = Platform {
            interpreters: Interpreters::new(&settings, search_path.clone()),
            search_path,
            log: Arc::new(log),
            guard: Arc::new(guard),
            bootstraps,
            java: JavaBootstrap::default(),
            live: Arc::new(Semaphore::new(processes_max)),
            loading: Arc::new(Semaphore::new(loading_max)),
            alive: alive.downgrade(),
            shut_down: watch::Sender::new(false),
            settings,
        };
        let inner = Inner {
            platform: Mutex::new(Some(Arc::new(platform))),
            pools: Mutex::default(),
            log_finished: Mutex::new(Some(log_finished)),
            alive: Mutex::new(Some(alive)),
            all_gone: tokio::sync::Mutex::new(all_gone),
        };
        Ok(Functions {
            inner: Arc::new(inner),
        })
    }

    /// Invokes a function and waits for its end, as `Invoke` with `RequestResponse` does.
    ///
    /// `payload` is JSON text, at most 6,291,456 bytes; an empty one is `{}`, as on AWS. The function runs in a warm
    /// process of an equal [`Function`], or in a new one. A function that fails is an [`InvokeOutcome`] with a
    /// [`FunctionError`](crate::FunctionError). Dropping the future does not stop the function.
    ///
    /// Source: Lambda API Reference, `Invoke`.
    ///
    /// # Errors
    /// When the request is not one, there is no room, this machine cannot run the function, or the server is shut
    /// down; see [`InvokeError::aws_code`].
    pub async fn invoke(
        &self,
        function: &Function,
        payload: Bytes,
        options: InvokeOptions,
    ) -> Result<InvokeOutcome, InvokeError> {
        let request = Request::check(function, payload, options)?;
        let deadline = request.options.deadline;
        let run = self.run(function, &request);
        match deadline {
            None => run.await,
            Some(at) => tokio::time::timeout_at(at, run)
                .await
                .unwrap_or(Err(InvokeError::DeadlinePassed)),
        }
    }

    /// Ends the idle processes of a function now and its busy ones after their invocation. For functions that are
    /// deleted.
    pub fn forget(&self, arn: &Arn) {
        for pool in self.pools().remove(arn).unwrap_or_default().values() {
            pool.retire();
        }
    }

    /// Kills every process of every function and waits until they are gone. Running invocations and later ones are
    /// answered with [`InvokeError::ShutDown`].
    pub async fn shutdown(&self) {
        let platform = lock(&self.inner.platform).take();
        let Some(platform) = platform else {
            // Another call is at work; wait for the same thing.
            let _ = self.inner.all_gone.lock().await.recv().await;
            return;
        };
        platform.shut_down.send_replace(true);
        for (_, versions) in self.pools().drain() {
            versions.values().for_each(|pool| pool.retire());
        }
        let guard = Arc::clone(&platform.guard);
        drop(platform);
        // With the last sandbox the channel closes; no new one can begin.
        drop(lock(&self.inner.alive).take());
        let _ = self.inner.all_gone.lock().await.recv().await;
        guard.end().await;
        let log_finished = lock(&self.inner.log_finished).take();
        if let Some(finished) = log_finished {
            let _ = tokio::time::timeout(LOG_WAIT, finished).await;
        }
    }

    async fn run(
        &self,
        function: &Function,
        request: &Request,
    ) -> Result<InvokeOutcome, InvokeError> {
        let platform = lock(&self.inner.platform)
            .clone()
            .ok_or(InvokeError::ShutDown)?;
        let mut shut_down = platform.shut_down.subscribe();
        let outcome = tokio::select! {
            biased;
            outcome = self.attempt(&platform, function, request) => outcome,
            _ = shut_down.wait_for(|shut_down| *shut_down) => Err(InvokeError::ShutDown),
        };
        if let Some(watch) = &platform.settings.watch {
            watch.ended(function.arn(), &outcome);
        }
        outcome
    }

    async fn attempt(
        &self,
        platform: &Arc<Platform>,
        function: &Function,
        request: &Request,
    ) -> Result<InvokeOutcome, InvokeError> {
        let pool = self.pool(platform, function);
        let place = Arc::new(pool.concurrency().enter(&platform.settings).await?);
        let wait_until = Instant::now() + platform.settings.queue_wait_max;
        for budget in [InitBudget::Platform, InitBudget::Function] {
            let loading = loop {
                if let Some(outcome) = request.by_warm(&pool, &place).await {
                    return Ok(outcome);
                }
                tokio::select! {
                    biased;
                    loading = Arc::clone(&platform.loading).acquire_owned() => {
                        break loading.map_err(|_| InvokeError::ShutDown)?;
                    }
                    () = pool.freed() => {}
                    () = sleep_until(wait_until) => return Err(InvokeError::TooManyRequests),
                }
            };
            let live = self.make_room(platform).await?;
            let (job, reply) = request.job(&place);
            let room = Room { live, loading };
            match sandbox::start(platform, &pool, room, budget, job).await? {
                Started::Running | Started::Failed => {}
            }
            match reply.await {
                Ok(Reply::Done(outcome)) => return Ok(*outcome),
                Ok(Reply::InitTimedOut) => {}
                Err(_) => return Err(lost(platform)),
            }
        }
        Err(lost(platform))
    }

    /// The pool of this configuration; the pool of another one is drained.
    fn pool(&self, platform: &Platform, function: &Function) -> Arc<Pool> {
        let mut pools = self.pools();
        let versions = pools.entry(function.arn().clone()).or_default();
        let old = versions.get(function.version());
        if let Some(pool) = old.filter(|pool| **pool.function() == *function) {
            return Arc::clone(pool);
        }
        let bound = match function.reserved_concurrency() {
            Some(reserved) => Bound::Reserved(reserved),
            None => Bound::Shared(platform.settings.concurrency_max.get()),
        };
        // One bound for all versions. Those of before a change of it have the old one until their next invocation.
        let concurrency = versions
            .values()
            .map(|pool| Arc::clone(pool.concurrency()))
            .find(|concurrency| concurrency.bound() == bound)
            .unwrap_or_else(|| Arc::new(Concurrency::new(bound)));
        let pool = Arc::new(Pool::new(Arc::new(function.clone()), concurrency));
        let version = function.version().to_owned();
        if let Some(old) = versions.insert(version, Arc::clone(&pool)) {
            old.retire();
        }
        pool
    }

    /// A place for one more process; an idle process of any function has to go if there is none.
    async fn make_room(&self, platform: &Platform) -> Result<OwnedSemaphorePermit, InvokeError> {
        if let Ok(live) = Arc::clone(&platform.live).try_acquire_owned() {
            return Ok(live);
        }
        self.evict_oldest();
        let live = Arc::clone(&platform.live).acquire_owned();
        match tokio::time::timeout(platform.settings.queue_wait_max, live).await {
            Ok(Ok(live)) => Ok(live),
            Ok(Err(_)) => Err(InvokeError::ShutDown),
            Err(_) => Err(InvokeError::TooManyRequests),
        }
    }

    fn evict_oldest(&self) {
        let pools = self.pools();
        let oldest = pools
            .values()
            .flat_map(BTreeMap::values)
            .filter_map(|pool| pool.oldest().map(|id| (id, pool)))
            .min_by_key(|(id, _)| *id);
        if let Some((id, pool)) = oldest {
            // Dropping the offer ends the sandbox. If it was taken meanwhile, its place frees itself later.
            pool.withdraw(id);
        }
    }

    fn pools(&self) -> MutexGuard<'_, HashMap<Arn, BTreeMap<String, Arc<Pool>>>> {
        lock(&self.inner.pools)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Without a shutdown the sandboxes end by themselves, as long as the runtime lives.
        if let Some(platform) = lock(&self.platform).take() {
            platform.shut_down.send_replace(true);
        }
    }
}

impl Request {
    fn check(
        function: &Function,
        payload: Bytes,
        options: InvokeOptions,
    ) -> Result<Request, InvokeError> {
        if payload.len() > REQUEST_BYTES_MAX {
            return Err(InvokeError::RequestTooLarge {
                bytes: payload.len(),
            });
        }
        let payload = if payload.is_empty() {
            Bytes::from_static(b"{}")
        } else {
            payload
        };
        let invalid = |message: String| InvokeError::InvalidRequestContent { message };
        let text = std::str::from_utf8(&payload).map_err(|error| invalid(error.to_string()))?;
        Payload::from_text(text).map_err(|error| invalid(error.to_string()))?;
        if let Some(context) = &options.client_context {
            let sendable = !context.chars().any(char::is_control);
            if !sendable || context.len() > CLIENT_CONTEXT_BYTES_MAX {
                return Err(invalid(
                    "client context is too long or has control characters".into(),
                ));
            }
        }
        let invoked_function_arn = match &options.qualifier {
            Some(qualifier) => format!("{}:{qualifier}", function.arn()),
            None => function.arn().to_string(),
        };
        let trace_id = options
            .trace_id
            .clone()
            .filter(|id| !id.chars().any(char::is_control));
        Ok(Request {
            request_id: options.request_id.clone().unwrap_or_else(RequestId::random),
            trace_id: trace_id.unwrap_or_else(random_trace_id),
            payload,
            invoked_function_arn,
            options,
        })
    }

    /// Lets idle sandboxes do it, the last one first; `None` when there is none any more.
    async fn by_warm(
        &self,
        pool: &Pool,
        place: &Arc<OwnedSemaphorePermit>,
    ) -> Option<InvokeOutcome> {
        // Each round takes an idle sandbox away, so the rounds end.
        while let Some(offer) = pool.take() {
            let (job, reply) = self.job(place);
            if offer.send(job).is_ok()
                && let Ok(Reply::Done(outcome)) = reply.await
            {
                return Some(*outcome);
            }
        }
        None
    }

    fn job(&self, place: &Arc<OwnedSemaphorePermit>) -> (Job, oneshot::Receiver<Reply>) {
        let (reply, answer) = oneshot::channel();
        let job = Job {
            request_id: self.request_id.clone(),
            payload: self.payload.clone(),
            invoked_function_arn: self.invoked_function_arn.clone(),
            trace_id: self.trace_id.clone(),
            client_context: self.options.client_context.clone(),
            log_type: self.options.log_type,
            reply,
            place: Arc::clone(place),
        };
        (job, answer)
    }
}

/// `Root=1-<seconds>-<96 bits>;Parent=<64 bits>;Sampled=0`. Source: X-Ray Developer Guide, "Tracing header".
fn random_trace_id() -> String {
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let unique = entropy::random_hex();
    let root = unique.get(..24).unwrap_or_default();
    format!(
        "Root=1-{seconds:08x}-{root};Parent={:016x};Sampled=0",
        entropy::random_u64()
    )
}

/// Why a sandbox went away without an answer.
fn lost(platform: &Platform) -> InvokeError {
    if *platform.shut_down.borrow() {
        InvokeError::ShutDown
    } else {
        InvokeError::start(
            "the function's process",
            io::ErrorKind::ConnectionAborted.into(),
        )
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
