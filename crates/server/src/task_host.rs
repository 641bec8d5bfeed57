//! What an integration sees of the server while it does one task.

use std::sync::{Arc, Mutex, PoisonError};

use passo_engine::TaskUpdate;
use passo_integrations::Host;
use passo_runtime::{Clock, UnderWay};
use passo_service::BoxFuture;
use passo_vocab::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::execution_ends::ExecutionEnds;

/// The host of one task.
pub(crate) struct TaskHost {
    pub(crate) updates: mpsc::UnboundedSender<TaskUpdate>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ends: Arc<ExecutionEnds>,
    pub(crate) hold: Arc<Hold>,
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

    fn ended(&self, execution_arn: &str) -> BoxFuture<'static, ()> {
        let end = self.ends.next(execution_arn);
        let hold = Arc::clone(&self.hold);
        Box::pin(async move {
            hold.lay_down();
            if let Ok(under_way) = end.await {
                hold.take_up(under_way);
            }
        })
    }
}
