//! The runtime's task port: tasks are done by integrations on the server's services.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use passo_engine::{Input, TaskId, TaskUpdate};
use passo_integrations::TaskContext;
use passo_runtime::{Clock, Key, Message, Refused, Runtime, TaskPort, TaskRequest};
use passo_service::{Caller, Directory};
use passo_vocab::{AccountId, Arn, ErrorName, Failure, Region};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::AbortHandle;

use crate::execution_ends::ExecutionEnds;
use crate::mocking;
use crate::task_host::{Cancel, Hold, TaskHost};

/// Tasks at work at the same time; further ones wait.
const AT_WORK_MAX: usize = 4096;
/// How long a task that has news waits when the runtime takes none.
const RETRY_AFTER: Duration = Duration::from_millis(20);

/// Does tasks.
pub(crate) struct Tasks {
    shared: Arc<Shared>,
}

struct Shared {
    handle: Handle,
    ready: watch::Sender<Option<Ready>>,
    places: Arc<Semaphore>,
    at_work: Mutex<AtWork>,
    clock: Arc<dyn Clock>,
    ends: Arc<ExecutionEnds>,
}

/// Tasks at work: how each is ended.
type AtWork = BTreeMap<(Key, TaskId), (AbortHandle, Arc<Cancel>)>;

/// What comes into being after the task port.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) runtime: Runtime,
    pub(crate) directory: Directory,
}

impl Ready {
    pub(crate) fn new(runtime: &Runtime, directory: &Directory) -> Ready {
        Ready {
            runtime: runtime.clone(),
            directory: directory.clone(),
        }
    }
}

impl Tasks {
    /// A port whose tasks run on the current tokio runtime.
    pub(crate) fn new(clock: Arc<dyn Clock>, ends: Arc<ExecutionEnds>) -> Tasks {
        Tasks {
            shared: Arc::new(Shared {
                handle: Handle::current(),
                ready: watch::Sender::new(None),
                places: Arc::new(Semaphore::new(AT_WORK_MAX)),
                at_work: Mutex::default(),
                clock,
                ends,
            }),
        }
    }

    /// Lets tasks begin: those of recovered executions have waited for it.
    pub(crate) fn begin(&self, ready: Ready) {
        self.shared.ready.send_replace(Some(ready));
    }

    /// Ends every task, without telling its execution: it is asked for again after the next start.
    pub(crate) fn stop(&self) {
        self.shared.places.close();
        for (_, (task, _)) in std::mem::take(&mut *self.shared.at_work()) {
            task.abort();
        }
        // The runtime holds the port, and the port the runtime.
        self.shared.ready.send_replace(None);
    }
}

impl TaskPort for Tasks {
    fn start(&self, request: TaskRequest) {
        let shared = Arc::clone(&self.shared);
        let key = (request.execution, request.task.task);
        // Held until the task is in the table, so that it cannot end before.
        let mut at_work = self.shared.at_work();
        let cancel = Arc::new(Cancel::default());
        let asked = Arc::clone(&cancel);
        let task = self.shared.handle.spawn(async move {
            shared.perform(request, asked).await;
            shared.at_work().remove(&key);
        });
        if let Some((old, _)) = at_work.insert(key, (task.abort_handle(), cancel)) {
            old.abort();
        }
    }

    fn cancel(&self, execution: Key, task: TaskId) {
        let task = self.shared.at_work().remove(&(execution, task));
        if let Some((task, cancel)) = task
            && !cancel.ask()
        {
            task.abort();
        }
    }
}

impl Shared {
    fn at_work(&self) -> MutexGuard<'_, AtWork> {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn perform(&self, request: TaskRequest, cancel: Arc<Cancel>) {
        let TaskRequest {
            execution,
            header,
            task,
            under_way,
        } = request;
        let mut ready = self.ready.subscribe();
        let Ok(ready) = ready
            .wait_for(Option::is_some)
            .await
            .map(|ready| ready.clone())
        else {
            return;
        };
        let Some(Ready { runtime, directory }) = ready else {
            return;
        };
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
            return;
        };
        let (updates, mut news) = mpsc::unbounded_channel();
        let hold = Arc::new(Hold::new(place, under_way));
        let id = task.task;
        let work = async {
            if let Some(answer) = mocking::answer(&header, &task) {
                let _ = updates.send(TaskUpdate::Started { worker: None });
                let _ = updates.send(answer);
                drop(updates);
                return;
            }
            let Some(context) = context(&header.execution_arn, &header.region, id) else {
                let cause = "The execution's ARN names no account and region.";
                let failure = Failure::new(ErrorName::RUNTIME, cause);
                let _ = updates.send(TaskUpdate::Failed(failure));
                drop(updates);
                return;
            };
            let host = TaskHost {
                updates,
                clock: Arc::clone(&self.clock),
                ends: Arc::clone(&self.ends),
                hold: Arc::clone(&hold),
                cancel,
            };
            passo_integrations::run(&task, &context, &directory, &host).await;
        };
        let report = async {
            while let Some(update) = news.recv().await {
                tell(&runtime, execution, id, update).await;
            }
        };
        tokio::join!(work, report);
        hold.lay_down();
    }
}

fn context(execution_arn: &Arc<str>, region: &str, task: TaskId) -> Option<TaskContext> {
    let arn = Arn::parse(execution_arn).ok()?;
    Some(TaskContext {
        caller: Caller {
            account: AccountId::parse(arn.account()).ok()?,
            region: Region::parse(region).ok()?,
        },
        execution_arn: Arc::clone(execution_arn),
        request_id: passo_integrations::request_id(execution_arn, task),
    })
}

/// Hands news on, however long that takes; a runtime that stops asks for the task again after the next start.
async fn tell(runtime: &Runtime, execution: Key, task: TaskId, update: TaskUpdate) {
    loop {
        let message = Message::Input {
            execution,
            input: Input::Task {
                task,
                update: update.clone(),
            },
            reply: None,
        };
        match runtime.send(execution, message) {
            Ok(()) | Err(Refused::Stopping | Refused::NoToken) => return,
            Err(Refused::Busy | Refused::Full) => tokio::time::sleep(RETRY_AFTER).await,
        }
    }
}
