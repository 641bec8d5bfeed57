//! The port through which the driver has tasks done: Lambda, mocks, and whatever a test brings.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use passo_engine::{StartTask, TaskUpdate};
use passo_vocab::Timestamp;

/// Does tasks. A handler that does not know a resource answers with [`TaskAnswer::Now`] and a failure.
pub trait TaskHandler: Send + Sync {
    /// Begins a task. What it says of the task reaches the execution in the given order.
    fn start(&self, call: TaskCall) -> TaskAnswer;
}

/// One attempt at a task, with what a service would know of its caller.
#[derive(Clone, Debug)]
pub struct TaskCall {
    /// What the execution asks for.
    pub task: StartTask,
    /// The execution that asks.
    pub execution_arn: Arc<str>,
    /// The name of its state machine.
    pub state_machine_name: Arc<str>,
    /// The time, as the execution sees it.
    pub now: Timestamp,
    /// A new UUID for the request; the same seed gives the same one.
    pub request_id: String,
}

/// What became of a task.
pub enum TaskAnswer {
    /// It is over already: nothing was waited for, so a virtual clock stands still.
    Now(Vec<TaskUpdate>),
    /// It goes on; these are its updates once it is over.
    Later(Pin<Box<dyn Future<Output = Vec<TaskUpdate>> + Send>>),
}

impl TaskAnswer {
    /// An answer that is there at once.
    pub fn now(update: TaskUpdate) -> TaskAnswer {
        TaskAnswer::Now(vec![update])
    }

    /// An answer that takes its time.
    pub fn later(future: impl Future<Output = TaskUpdate> + Send + 'static) -> TaskAnswer {
        TaskAnswer::Later(Box::pin(async move { vec![future.await] }))
    }
}
