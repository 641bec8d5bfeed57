//! How a service reaches the others, which come into being after it.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use passo_json::Json;

use crate::{Call, Directory, Fault};

/// A handle to the directory of all services, given to a service before that directory exists. Clones are the same handle.
///
/// The composition root makes one, hands it to the services that call others (SNS delivers to SQS and Lambda, EventBridge to
/// all), then calls [`Peers::open`] with the directory. A call before that waits. [`Peers::close`] ends it, since directory and
/// services hold each other.
#[derive(Clone, Default)]
pub struct Peers {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    stage: Stage,
    waiting: Vec<Waker>,
}

#[derive(Clone, Default)]
enum Stage {
    #[default]
    Before,
    Open(Arc<Directory>),
    Closed,
}

impl Peers {
    /// A handle whose directory is not there yet.
    pub fn new() -> Peers {
        Peers::default()
    }

    /// From now on `directory` is what calls go to; those that waited go on.
    pub fn open(&self, directory: Directory) {
        self.enter(Stage::Open(Arc::new(directory)));
    }

    /// Lets the directory go; calls fail from now on.
    pub fn close(&self) {
        self.enter(Stage::Closed);
    }

    /// The directory, once it is there.
    ///
    /// # Errors
    /// Where the server stops.
    pub async fn directory(&self) -> Result<Arc<Directory>, Fault> {
        poll_fn(|context| {
            let mut state = self.state();
            match state.stage.clone() {
                Stage::Open(directory) => Poll::Ready(Ok(directory)),
                Stage::Closed => Poll::Ready(Err(Fault::service("The server stops."))),
                Stage::Before => {
                    state.waiting.push(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// Calls the service called `name` (as in [`Directory::by_name`]).
    ///
    /// # Errors
    /// What that service answers; a fault of ours where there is no such service, or the server stops.
    pub async fn call(&self, name: &str, call: Call) -> Result<Json, Fault> {
        let directory = self.directory().await?;
        let Some(service) = directory.by_name(name).cloned() else {
            let message = format!("The service '{name}' is not available here.");
            return Err(Fault::service(message));
        };
        // A long call does not keep the directory alive.
        drop(directory);
        service.call(call).await
    }

    fn enter(&self, stage: Stage) {
        let (old, waiting) = {
            let mut state = self.state();
            (
                std::mem::replace(&mut state.stage, stage),
                std::mem::take(&mut state.waiting),
            )
        };
        // Outside of the lock: services may use the handle when they are dropped, or woken.
        drop(old);
        for waker in waiting {
            waker.wake();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::Context;

    use passo_json::json;
    use passo_vocab::{AccountId, Region};

    use super::*;
    use crate::{BoxFuture, Caller, RequestId, Service};

    struct Echo;

    impl Service for Echo {
        fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
            Box::pin(std::future::ready(Ok(call.parameters)))
        }
    }

    fn call() -> Call {
        Call {
            operation: "Echo".into(),
            parameters: json!({"a": 1}),
            caller: Caller {
                account: AccountId::parse("000000000000").unwrap(),
                region: Region::parse("us-east-1").unwrap(),
            },
            request_id: RequestId::new("id"),
        }
    }

    fn now<T>(future: impl Future<Output = T>) -> Option<T> {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    #[test]
    fn a_call_waits_for_the_directory_and_fails_after_the_end() {
        let peers = Peers::new();
        let early = peers.clone();
        let mut waiting = Box::pin(async move { early.call("echo", call()).await });
        assert!(now(waiting.as_mut()).is_none());
        peers.open(Directory::new().with_name("echo", Arc::new(Echo)));
        assert_eq!(now(waiting.as_mut()), Some(Ok(json!({"a": 1}))));
        let nobody = now(peers.call("other", call())).unwrap().unwrap_err();
        assert_eq!(nobody.message, "The service 'other' is not available here.");
        peers.close();
        assert!(now(peers.call("echo", call())).unwrap().is_err());
    }
}
