//! The queries that are known.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_service::{Caller, Fault};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::Work;
use super::work::Outcome;
use crate::faults;

/// Queries that are known; the oldest of those that have ended are forgotten.
const KEPT_MAX: usize = 100;
/// Bytes of results that are kept; those of the last query are, whatever their size.
const KEPT_BYTES_MAX: usize = 64 << 20;
/// Queries of an account that have not ended. Source: CloudWatch Logs quotas, "Logs Insights".
const OPEN_MAX: usize = 30;
/// Queries that run at the same time: each may hold the events that it looks at.
const AT_WORK_MAX: usize = 2;

/// How far a query is.
#[derive(Clone, Debug)]
pub(crate) enum Status {
    Scheduled,
    Running,
    Complete(Arc<Outcome>),
    Failed,
    Cancelled,
}

impl Status {
    /// As the API spells it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Status::Scheduled => "Scheduled",
            Status::Running => "Running",
            Status::Complete(_) => "Complete",
            Status::Failed => "Failed",
            Status::Cancelled => "Cancelled",
        }
    }

    fn is_open(&self) -> bool {
        match self {
            Status::Scheduled | Status::Running => true,
            Status::Complete(_) | Status::Failed | Status::Cancelled => false,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Status::Complete(outcome) => outcome.results.bytes,
            Status::Scheduled | Status::Running | Status::Failed | Status::Cancelled => 0,
        }
    }
}

/// A query that somebody has asked for.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) id: String,
    pub(crate) caller: Caller,
    pub(crate) text: String,
    pub(crate) groups: Vec<String>,
    pub(crate) created_at: i64,
    status: Mutex<Status>,
    /// Set once nobody waits for it any more.
    is_over: Arc<AtomicBool>,
}

impl Asked {
    pub(crate) fn new(
        id: &str,
        caller: &Caller,
        text: &str,
        groups: Vec<String>,
        created_at: i64,
    ) -> Asked {
        Asked {
            id: id.to_owned(),
            caller: caller.clone(),
            text: text.to_owned(),
            groups,
            created_at,
            status: Mutex::new(Status::Scheduled),
            is_over: Arc::default(),
        }
    }

    pub(crate) fn status(&self) -> Status {
        self.lock().clone()
    }

    /// Ends it, and says whether it had not ended.
    pub(crate) fn cancel(&self) -> bool {
        self.is_over.store(true, Ordering::Relaxed);
        self.go_on(Status::Cancelled)
    }

    /// What has ended stays as it is.
    fn go_on(&self, next: Status) -> bool {
        let mut status = self.lock();
        let goes_on = status.is_open();
        if goes_on {
            *status = next;
        }
        goes_on
    }

    fn lock(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Queries {
    /// The oldest first.
    known: Arc<Mutex<VecDeque<Arc<Asked>>>>,
    places: Arc<Semaphore>,
}

impl Default for Queries {
    fn default() -> Queries {
        Queries {
            known: Arc::default(),
            places: Arc::new(Semaphore::new(AT_WORK_MAX)),
        }
    }
}

impl Queries {
    /// Lets a query run, soon.
    ///
    /// # Errors
    /// `LimitExceededException` where the account has too many.
    pub(crate) fn start(&self, asked: Asked, work: Work) -> Result<(), Fault> {
        let handle = Handle::try_current().map_err(|error| Fault::service(error.to_string()))?;
        let asked = Arc::new(asked);
        let mut known = lock(&self.known);
        let open = known.iter().filter(|other| {
            other.caller.account == asked.caller.account && other.status().is_open()
        });
        if open.count() >= OPEN_MAX {
            return Err(faults::limit(&format!(
                "Account maximum query concurrency limit of [{OPEN_MAX}] reached."
            )));
        }
        known.push_back(Arc::clone(&asked));
        forget(&mut known);
        drop(known);
        let (places, known) = (Arc::clone(&self.places), Arc::clone(&self.known));
        handle.spawn(async move {
            let Ok(_place) = places.acquire().await else {
                return;
            };
            if !asked.go_on(Status::Running) {
                return;
            }
            let is_over = Arc::clone(&asked.is_over);
            let done = tokio::task::spawn_blocking(move || work.run(&is_over)).await;
            asked.go_on(match done {
                Ok(Ok(outcome)) => Status::Complete(Arc::new(outcome)),
                Ok(Err(_)) | Err(_) => Status::Failed,
            });
            forget(&mut lock(&known));
        });
        Ok(())
    }

    /// Those of a caller, the newest first.
    pub(crate) fn of(&self, caller: &Caller) -> Vec<Arc<Asked>> {
        let known = lock(&self.known);
        let own = known.iter().rev().filter(|asked| asked.caller == *caller);
        own.cloned().collect()
    }

    /// Ends all of them: the process is about to.
    pub(crate) fn stop(&self) {
        self.places.close();
        for asked in lock(&self.known).iter() {
            asked.cancel();
        }
    }
}

type Known = VecDeque<Arc<Asked>>;

fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets old ones go that have ended, until what is kept is within its bounds.
fn forget(known: &mut Known) {
    let mut bytes: usize = known.iter().map(|asked| asked.status().bytes()).sum();
    while known.len() > KEPT_MAX || bytes > KEPT_BYTES_MAX {
        // The last is what somebody waits for.
        let last = known.len().saturating_sub(1);
        let needless = |asked: &Arc<Asked>| !asked.status().is_open();
        let Some(place) = known.iter().take(last).position(needless) else {
            return;
        };
        if let Some(gone) = known.remove(place) {
            bytes = bytes.saturating_sub(gone.status().bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use passo_vocab::{AccountId, Region};

    use super::*;
    use crate::insights::Results;

    fn asked(id: usize, status: Status) -> Arc<Asked> {
        let caller = Caller {
            account: AccountId::parse("123456789012").unwrap(),
            region: Region::parse("us-east-1").unwrap(),
        };
        let asked = Asked::new(&id.to_string(), &caller, "", Vec::new(), 0);
        *asked.lock() = status;
        Arc::new(asked)
    }

    fn complete(bytes: usize) -> Status {
        let results = Results {
            bytes,
            ..Results::default()
        };
        Status::Complete(Arc::new(Outcome {
            results,
            ..Outcome::default()
        }))
    }

    fn check(known: impl IntoIterator<Item = Status>, expect: &[&str]) {
        let mut known: Known = (0..).zip(known).map(|(id, it)| asked(id, it)).collect();
        forget(&mut known);
        let left: Vec<&str> = known.iter().map(|asked| asked.id.as_str()).collect();
        assert_eq!(left, expect);
    }

    #[test]
    fn old_results_are_forgotten_and_open_queries_are_not() {
        let half = KEPT_BYTES_MAX / 2;
        check([complete(half), complete(half)], &["0", "1"]);
        check([complete(half), complete(half), complete(1)], &["1", "2"]);
        check([complete(half), complete(3 * half)], &["1"]);
        check([Status::Running, complete(3 * half)], &["0", "1"]);
        let many = (0..KEPT_MAX).map(|_| Status::Failed);
        let mut known: Known = [asked(0, Status::Scheduled)].into();
        known.extend((1..).zip(many).map(|(id, it)| asked(id, it)));
        forget(&mut known);
        let ends = (known.front(), known.get(1), known.len());
        let id = |asked: Option<&Arc<Asked>>| asked.map(|asked| asked.id.clone());
        assert_eq!(
            (id(ends.0), id(ends.1), ends.2),
            (Some("0".to_owned()), Some("2".to_owned()), KEPT_MAX)
        );
    }

    #[tokio::test]
    async fn an_account_has_so_many_queries_and_ends_those_that_wait() {
        let queries = Queries {
            places: Arc::new(Semaphore::new(0)),
            ..Queries::default()
        };
        let start = |id| {
            let store = Arc::new(passo_store::MemoryStore::default());
            let work = Work {
                tables: crate::tables::Tables::new(store),
                query: crate::insights::Query::parse("fields @message").unwrap(),
                limits: crate::insights::Limits { rows: 1, now: 0 },
                groups: Vec::new(),
                window: (0, 1),
            };
            let asked = Arc::into_inner(asked(id, Status::Scheduled)).unwrap();
            queries.start(asked, work)
        };
        for id in 0..OPEN_MAX {
            start(id).unwrap();
        }
        let refused = start(OPEN_MAX).unwrap_err();
        assert_eq!(&*refused.code, "LimitExceededException");
        let known = queries.of(&asked(0, Status::Failed).caller);
        assert!(known.iter().all(|it| it.status().name() == "Scheduled"));
        assert!(known[0].cancel());
        start(OPEN_MAX).unwrap();
        queries.places.add_permits(1);
        while queries.of(&known[0].caller)[0].status().is_open() {
            tokio::task::yield_now().await;
        }
        assert_eq!(known[0].status().name(), "Cancelled");
        queries.stop();
    }

    #[test]
    fn what_has_ended_stays_as_it_is() {
        let asked = asked(0, Status::Running);
        assert!(asked.cancel());
        assert!(!asked.cancel());
        assert!(!asked.go_on(complete(1)));
        assert_eq!(asked.status().name(), "Cancelled");
    }
}
