//! The warm processes of one function: who is idle, who may start, who waits.
//!
//! Knows neither processes nor protocol: an idle sandbox is an offer to take a job. The lock is held for a few
//! moves of memory and never while waiting.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::futures::Notified;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use crate::bootstrap::{BootstrapDirectory, JavaBootstrap};
use crate::error::InvokeError;
use crate::function::Function;
use crate::guard::Guard;
use crate::interpreter::Interpreters;
use crate::logs::queue::LogQueue;
use crate::sandbox::Job;
use crate::settings::Settings;

/// What all sandboxes share.
pub(crate) struct Platform {
    pub settings: Settings,
    pub search_path: String,
    pub interpreters: Interpreters,
    pub log: Arc<LogQueue>,
    pub guard: Arc<Guard>,
    pub bootstraps: BootstrapDirectory,
    pub java: JavaBootstrap,
    /// Places for processes.
    pub live: Arc<Semaphore>,
    /// Places for processes that load their function.
    pub loading: Arc<Semaphore>,
    /// Every sandbox holds it until its process is gone. Cannot be had after shutdown.
    pub alive: mpsc::WeakSender<()>,
    pub shut_down: watch::Sender<bool>,
}

/// What a new process needs.
pub(crate) struct Room {
    /// Its place among all processes.
    pub live: OwnedSemaphorePermit,
    /// Its place among those that load.
    pub loading: OwnedSemaphorePermit,
}

/// Tells sandboxes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SandboxId(u64);

/// Places for the concurrent invocations of one function. Shared by the pools before and after a change of the
/// function's configuration.
#[derive(Debug)]
pub(crate) struct Concurrency {
    places: Arc<Semaphore>,
    bound: Bound,
    waiting: AtomicU32,
}

/// How many invocations of a function may be at work, and what becomes of one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// The function's own: one more is refused.
    Reserved(u32),
    /// This machine's: one more waits.
    Shared(u32),
}

/// The processes of one configuration of one function.
#[derive(Debug)]
pub(crate) struct Pool {
    function: Arc<Function>,
    concurrency: Arc<Concurrency>,
    state: Mutex<PoolState>,
    /// Tells one who waits for each sandbox that becomes idle.
    freed: Notify,
}

#[derive(Debug, Default)]
struct PoolState {
    /// Last in, first out: the rest may grow old and be reaped.
    idle: Vec<(SandboxId, oneshot::Sender<Job>)>,
    retired: bool,
}

/// Counts a waiting invocation for as long as it lives.
struct Waiting<'a>(&'a AtomicU32);

impl SandboxId {
    /// A new id; later ones are greater.
    pub(crate) fn new() -> SandboxId {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        SandboxId(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl Concurrency {
    pub(crate) fn new(bound: Bound) -> Concurrency {
        let (Bound::Reserved(size) | Bound::Shared(size)) = bound;
        let places = Arc::new(Semaphore::new(
            usize::try_from(size).unwrap_or(usize::MAX >> 4),
        ));
        Concurrency {
            places,
            bound,
            waiting: AtomicU32::new(0),
        }
    }

    pub(crate) fn bound(&self) -> Bound {
        self.bound
    }

    /// Takes a place, waiting in a bounded queue for a bounded time where the bound is not the function's own.
    ///
    /// # Errors
    /// [`InvokeError::TooManyRequests`] when there is no place, the queue is full or the time is over.
    pub(crate) async fn enter(
        &self,
        settings: &Settings,
    ) -> Result<OwnedSemaphorePermit, InvokeError> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(place);
        }
        if let Bound::Reserved(_) = self.bound {
            return Err(InvokeError::TooManyRequests);
        }
        let _waiting = Waiting::join(&self.waiting, settings.queue_max)?;
        let place = Arc::clone(&self.places).acquire_owned();
        match tokio::time::timeout(settings.queue_wait_max, place).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) => Err(InvokeError::ShutDown),
            Err(_) => Err(InvokeError::TooManyRequests),
        }
    }
}

impl Waiting<'_> {
    fn join(count: &AtomicU32, max: u32) -> Result<Waiting<'_>, InvokeError> {
        let one_more = |waiting: u32| (waiting < max).then(|| waiting.saturating_add(1));
        match count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more) {
            Ok(_) => Ok(Waiting(count)),
            Err(_) => Err(InvokeError::TooManyRequests),
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Pool {
    pub(crate) fn new(function: Arc<Function>, concurrency: Arc<Concurrency>) -> Pool {
        Pool {
            function,
            concurrency,
            state: Mutex::default(),
            freed: Notify::new(),
        }
    }

    pub(crate) fn function(&self) -> &Arc<Function> {
        &self.function
    }

    pub(crate) fn concurrency(&self) -> &Arc<Concurrency> {
        &self.concurrency
    }

    /// The idle sandbox that worked last.
    pub(crate) fn take(&self) -> Option<oneshot::Sender<Job>> {
        self.lock().idle.pop().map(|(_, offer)| offer)
    }

    /// Puts a sandbox among the idle ones. The receiver gets its next job, or an error when the pool has no more
    /// use for it.
    pub(crate) fn offer(&self, id: SandboxId) -> oneshot::Receiver<Job> {
        let (offer, job) = oneshot::channel();
        let mut state = self.lock();
        if !state.retired {
            state.idle.push((id, offer));
            self.freed.notify_one();
        }
        job
    }

    /// Completes once a sandbox has become idle; it may be gone again.
    pub(crate) fn freed(&self) -> Notified<'_> {
        self.freed.notified()
    }

    /// Takes a sandbox back from the idle ones. `false` when a job is on its way to it.
    pub(crate) fn withdraw(&self, id: SandboxId) -> bool {
        let mut state = self.lock();
        let before = state.idle.len();
        state.idle.retain(|(idle, _)| *idle != id);
        state.idle.len() != before || state.retired
    }

    /// Ends idle sandboxes now and busy ones after their invocation.
    pub(crate) fn retire(&self) {
        let mut state = self.lock();
        state.retired = true;
        state.idle.clear();
    }

    /// The id of the sandbox that has been idle for longest.
    pub(crate) fn oldest(&self) -> Option<SandboxId> {
        self.lock().idle.first().map(|(id, _)| *id)
    }

    fn lock(&self) -> MutexGuard<'_, PoolState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::Runtime;
    use passo_vocab::Arn;

    fn pool() -> Pool {
        let arn = Arn::parse("arn:aws:lambda:us-east-1:123456789012:function:f").unwrap();
        let runtime = Runtime::parse("python3.12").unwrap();
        let function = Function::new(&arn, runtime, "a.b", "/code").unwrap();
        Pool::new(
            Arc::new(function),
            Arc::new(Concurrency::new(Bound::Shared(1))),
        )
    }

    #[test]
    fn the_last_idle_sandbox_is_taken_first() {
        let pool = pool();
        let (one, two) = (SandboxId::new(), SandboxId::new());
        let (mut of_one, mut of_two) = (pool.offer(one), pool.offer(two));
        drop(pool.take());
        assert!(
            of_two
                .try_recv()
                .is_err_and(|e| e == oneshot::error::TryRecvError::Closed)
        );
        assert!(
            of_one
                .try_recv()
                .is_err_and(|e| e == oneshot::error::TryRecvError::Empty)
        );
        assert!(!pool.withdraw(two), "two is taken");
        assert!(pool.withdraw(one));
        assert!(pool.take().is_none());
    }

    #[test]
    fn a_retired_pool_keeps_nobody() {
        let pool = pool();
        let mut before = pool.offer(SandboxId::new());
        pool.retire();
        let mut after = pool.offer(SandboxId::new());
        for job in [&mut before, &mut after] {
            assert!(
                job.try_recv()
                    .is_err_and(|e| e == oneshot::error::TryRecvError::Closed)
            );
        }
    }
}
