//! What an integration sees of the server while it does one task.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use passo_engine::TaskUpdate;
use passo_integrations::{Host, Wait};
use passo_runtime::{Clock, UnderWay};
use passo_service::BoxFuture;
use passo_vocab::Timestamp;
use tokio::sync::{Notify, OwnedSemaphorePermit, mpsc};

use crate::execution_ends::ExecutionEnds;

/// The host of one task.
pub(crate) struct TaskHost {
    pub(crate) updates: mpsc::UnboundedSender<TaskUpdate>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ends: Arc<ExecutionEnds>,
    pub(crate) hold: Arc<Hold>,
    pub(crate) cancel: Arc<Cancel>,
}

/// The wish that a task ends.
#[derive(Default)]
pub(crate) struct Cancel {
    wish: Notify,
    follows: AtomicBool,
}

impl Cancel {
    /// Asks the task to end by itself, where it follows an execution that is to be stopped. Whether it does.
    pub(crate) fn ask(&self) -> bool {
        let follows = self.follows.load(Ordering::SeqCst);
        if follows {
            self.wish.notify_one();
        }
        follows
    }
}

/// What a task holds while it is at work, and lays down while it waits for another execution: a place among the tasks
/// at work, and virtual time.
#[derive(Default)]
pub(crate) struct Hold {
    held: Mutex<(Option<OwnedSemaphorePermit>, Option<Arc<UnderWay>>)>,
}

impl Hold {
    pub(crate) fn new(place: OwnedSemaphorePermit, under_way: Arc<UnderWay>) -> Hold {
        Hold {
            held: Mutex::new((Some(place), Some(under_way))),
        }
    }

    pub(crate) fn lay_down(&self) {
        drop(std::mem::take(
            &mut *self.held.lock().unwrap_or_else(PoisonError::into_inner),
        ));
    }

    fn take_up(&self, under_way: UnderWay) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.1 = Some(Arc::new(under_way));
    }
}

impl Host for TaskHost {
    fn report(&self, update: TaskUpdate) {
        // The other side lives as long as the task does.
        let _ = self.updates.send(update);
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn ended(&self, execution_arn: &str) -> BoxFuture<'static, Wait> {
        let end = self.ends.next(execution_arn);
        let hold = Arc::clone(&self.hold);
        let cancel = Arc::clone(&self.cancel);
        cancel.follows.store(true, Ordering::SeqCst);
        Box::pin(async move {
            hold.lay_down();
            tokio::select! {
                end = end => {
                    if let Ok(under_way) = end {
                        hold.take_up(under_way);
                    }
                    Wait::Ended
                }
                () = cancel.wish.notified() => Wait::Cancelled,
            }
        })
    }

    /// Real time, whatever the server's clock says: what is waited for is elsewhere.
    fn pause(&self, time: Duration) -> BoxFuture<'static, Wait> {
        let hold = Arc::clone(&self.hold);
        let cancel = Arc::clone(&self.cancel);
        cancel.follows.store(true, Ordering::SeqCst);
        Box::pin(async move {
            hold.lay_down();
            tokio::select! {
                () = tokio::time::sleep(time) => Wait::Ended,
                () = cancel.wish.notified() => Wait::Cancelled,
            }
        })
    }
}
