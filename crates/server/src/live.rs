//! News of executions for those who look at one just now.
//!
//! It keeps nothing: who hears of news reads the rest where executions are kept.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use passo_asl::program::Program;
use passo_engine::{Event, ExecutionHeader};
use passo_runtime::Listener;
use tokio::sync::watch;

/// Who looks at which execution.
#[derive(Default)]
pub(crate) struct Live {
    /// How many look, so that the many executions that nobody looks at cost nothing.
    looking: AtomicUsize,
    is_stopping: AtomicBool,
    executions: Mutex<BTreeMap<Arc<str>, watch::Sender<bool>>>,
}

/// Somebody who looks at one execution. Dropping it ends that.
pub(crate) struct Look {
    live: Arc<Live>,
    execution_arn: Arc<str>,
    news: watch::Receiver<bool>,
}

impl Live {
    /// Begins to look at an execution, whether it is there or not.
    pub(crate) fn look(self: &Arc<Live>, execution_arn: &str) -> Look {
        let execution_arn: Arc<str> = execution_arn.into();
        self.looking.fetch_add(1, Ordering::SeqCst);
        let news = self.with(|executions| {
            let sender = executions.entry(Arc::clone(&execution_arn)).or_default();
            sender.subscribe()
        });
        Look {
            live: Arc::clone(self),
            execution_arn,
            news,
        }
    }

    /// Sends everybody away: the server stops.
    pub(crate) fn stop(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.with(BTreeMap::clear);
    }

    fn with<T>(&self, change: impl FnOnce(&mut BTreeMap<Arc<str>, watch::Sender<bool>>) -> T) -> T {
        change(
            &mut self
                .executions
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

impl Look {
    /// Waits for news since the last call; `false` where there will be none, because the server stops.
    pub(crate) async fn next(&mut self) -> bool {
        !self.live.is_stopping.load(Ordering::SeqCst) && self.news.changed().await.is_ok()
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        self.live.looking.fetch_sub(1, Ordering::SeqCst);
        self.live.with(|executions| {
            let is_last = executions
                .get(&self.execution_arn)
                .is_some_and(|sender| sender.receiver_count() <= 1);
            if is_last {
                executions.remove(&self.execution_arn);
            }
        });
    }
}

impl Listener for Live {
    fn recorded(&self, header: &Arc<ExecutionHeader>, _: &Arc<Program>, _: &[Event]) {
        if self.looking.load(Ordering::SeqCst) == 0 {
            return;
        }
        self.with(|executions| {
            if let Some(sender) = executions.get(&header.execution_arn) {
                sender.send_replace(true);
            }
        });
    }
}
