//! A runtime to test with: a store, a virtual clock, and a task port that does what a test says.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use passo_asl::program::Program;
use passo_asl::{CompileOptions, Format};
use passo_engine::{ExecutionHeader, Input, Limits, TaskId, TaskUpdate, WorkflowType};
use passo_json::{Json, Payload};
use passo_runtime::{
    Clock, Definitions, Entropy, ExecutionStatus, InputError, Key, Message, NoDataSets, Polling,
    Ports, Refused, Reply, Runtime, Settings, Start, StartError, Started, Summary, SystemClock,
    TakenTask, TaskPort, TaskRequest, VirtualClock,
};
use passo_store::Store;
use passo_vocab::Timestamp;

/// How long a test waits for something that happens in microseconds.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Compiler;

impl Definitions for Compiler {
    fn program(&self, text: &str) -> Result<Arc<Program>, String> {
        match passo_asl::compile(text, Format::Json, &CompileOptions::default()) {
            Ok(compiled) => Ok(Arc::new(compiled.program)),
            Err(diagnostics) => Err(format!("{diagnostics:?}")),
        }
    }
}

/// Gives no seed twice, also not to the next life of a process: what is named by chance has a name of its own.
pub struct Counter;

impl Entropy for Counter {
    fn seed(&self) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        NEXT.fetch_add(1, Ordering::SeqCst)
    }
}

/// What a test does with a task: gives news of it, in order.
pub type Work = dyn Fn(&TaskRequest) -> Vec<TaskUpdate> + Send + Sync;

/// Does tasks on the spot.
struct Tasks {
    work: Box<Work>,
    runtime: Mutex<Option<Runtime>>,
    /// Asked for before the runtime was there: during recovery.
    early: Mutex<Vec<TaskRequest>>,
}

impl Tasks {
    fn attach(&self, runtime: &Runtime) {
        *self.runtime.lock().unwrap() = Some(runtime.clone());
        for request in std::mem::take(&mut *self.early.lock().unwrap()) {
            self.start(request);
        }
    }
}

impl TaskPort for Tasks {
    fn start(&self, request: TaskRequest) {
        let runtime = self.runtime.lock().unwrap().clone();
        let Some(runtime) = runtime else {
            self.early.lock().unwrap().push(request);
            return;
        };
        for update in (self.work)(&request) {
            let input = Input::Task {
                task: request.task.task,
                update,
            };
            let message = Message::Input {
                execution: request.execution,
                input,
                reply: None,
            };
            let _ = runtime.send(request.execution, message);
        }
    }

    fn cancel(&self, _execution: Key, _task: TaskId) {}
}

pub struct World {
    pub runtime: Runtime,
    tasks: Arc<Tasks>,
}

impl World {
    /// On virtual time: whatever waits for a timer alone is over at once.
    pub fn new(store: Arc<dyn Store>, work: Box<Work>) -> World {
        let clock = VirtualClock::new(Timestamp::from_epoch_millis(1_700_000_000_000));
        World::with_clock(store, work, Arc::new(clock), Settings::default())
    }

    /// On the machine's time: for what waits for a caller, which virtual time does not.
    pub fn on_real_time(store: Arc<dyn Store>, work: Box<Work>) -> World {
        World::with_partitions(store, work, 1)
    }

    /// On the machine's time, with as many partitions.
    pub fn with_partitions(store: Arc<dyn Store>, work: Box<Work>, partitions: usize) -> World {
        let settings = Settings {
            partitions,
            ..Settings::default()
        };
        World::with_clock(store, work, Arc::new(SystemClock), settings)
    }

    fn with_clock(
        store: Arc<dyn Store>,
        work: Box<Work>,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> World {
        let runtime = Mutex::new(None);
        let tasks = Arc::new(Tasks {
            work,
            runtime,
            early: Mutex::default(),
        });
        let ports = Ports {
            store,
            clock,
            entropy: Arc::new(Counter),
            definitions: Arc::new(Compiler),
            tasks: tasks.clone(),
            data: Arc::new(NoDataSets),
            listeners: Vec::new(),
        };
        let runtime = Runtime::open(ports, settings).unwrap();
        tasks.attach(&runtime);
        World { runtime, tasks }
    }

    pub fn start(
        &self,
        name: &str,
        definition: &Json,
        input: &Json,
    ) -> Result<Started, StartError> {
        self.begin(name, definition, input)
            .recv_timeout(PATIENCE)
            .unwrap()
    }

    /// As `start`, without waiting for the answer.
    pub fn begin(
        &self,
        name: &str,
        definition: &Json,
        input: &Json,
    ) -> Receiver<Result<Started, StartError>> {
        self.try_begin(name, definition, input).unwrap()
    }

    /// As `begin`, where it may be refused.
    pub fn try_begin(
        &self,
        name: &str,
        definition: &Json,
        input: &Json,
    ) -> Result<Receiver<Result<Started, StartError>>, Refused> {
        let request = format!("request {}", Counter.seed());
        self.begin_as(name, definition, input, &request)
    }

    /// As `try_begin`, by the request of that id.
    pub fn begin_as(
        &self,
        name: &str,
        definition: &Json,
        input: &Json,
        request: &str,
    ) -> Result<Receiver<Result<Started, StartError>>, Refused> {
        let text = definition.to_text();
        let (answer, answered) = channel();
        let header = header(name, input);
        let key = Key::of(&header.execution_arn);
        let start = Start {
            header,
            program: Compiler.program(&text).unwrap(),
            definition: Arc::from(text),
            trace_header: None,
            named_by: Some(Arc::from(request)),
            started: Some(Box::new(move |outcome| {
                let _ = answer.send(outcome);
            })),
            finished: None,
        };
        self.runtime.send(key, Message::Start(Box::new(start)))?;
        Ok(answered)
    }

    pub fn tell(&self, name: &str, input: Input) -> Result<(), InputError> {
        let key = key(name);
        let (answer, answered) = channel();
        let reply: Reply<_> = Box::new(move |outcome| {
            let _ = answer.send(outcome);
        });
        let message = Message::Input {
            execution: key,
            input,
            reply: Some(reply),
        };
        self.runtime.send(key, message).unwrap();
        answered.recv_timeout(PATIENCE).unwrap().map(|_| ())
    }

    pub fn summary(&self, name: &str) -> Option<Summary> {
        self.runtime
            .execution(key(name))
            .unwrap()
            .map(|(summary, _)| summary)
    }

    /// Whether the execution runs; not where the store cannot be read.
    pub fn summary_is_running(&self, name: &str) -> bool {
        let known = self.runtime.execution(key(name));
        matches!(known, Ok(Some((summary, _))) if summary.status == ExecutionStatus::Running)
    }

    /// Waits until the execution has ended; virtual time makes that soon.
    pub fn end(&self, name: &str) -> Summary {
        wait_for(|| {
            self.summary(name)
                .filter(|summary| summary.status != ExecutionStatus::Running)
        })
    }

    /// Answers a token; nothing where it is none.
    pub fn answer(&self, token: &str, update: TaskUpdate) -> Option<Result<(), InputError>> {
        let (answer, answered) = channel();
        let reply: Reply<_> = Box::new(move |outcome| {
            let _ = answer.send(outcome);
        });
        match self
            .runtime
            .send_token(Arc::from(token), update, Some(reply))
        {
            Err(Refused::NoToken) => None,
            sent => {
                sent.unwrap();
                Some(answered.recv_timeout(PATIENCE).unwrap().map(|_| ()))
            }
        }
    }

    /// A worker that waits for a task of an activity.
    pub fn poll(&self, activity: &str) -> Worker {
        let (taken, tasks) = channel();
        let reply: Reply<_> = Box::new(move |task| {
            let _ = taken.send(task);
        });
        Worker {
            _polling: self.runtime.poll_activity(activity, None, reply),
            tasks,
        }
    }

    /// The types of the history's events.
    pub fn history(&self, name: &str) -> Vec<String> {
        let (summary, header) = self.runtime.execution(key(name)).unwrap().unwrap();
        let events = self
            .runtime
            .events(Key::of(&summary.execution_arn), &header)
            .unwrap();
        events
            .iter()
            .filter(|event| event.is_visible())
            .map(|event| short(&event.kind))
            .collect()
    }

    pub fn stop(self) {
        self.runtime.stop();
        *self.tasks.runtime.lock().unwrap() = None;
    }
}

pub struct Worker {
    _polling: Polling,
    tasks: Receiver<Option<TakenTask>>,
}

impl Worker {
    pub fn take(&self) -> Option<TakenTask> {
        self.tasks.recv_timeout(PATIENCE).unwrap()
    }
}

/// Waits for something that is about to happen on another thread.
pub fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(std::time::Instant::now() < deadline, "nothing happens");
        std::thread::yield_now();
    }
}

fn short(kind: &impl std::fmt::Debug) -> String {
    let text = format!("{kind:?}");
    text.split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_owned()
}

pub fn arn(name: &str) -> String {
    format!("arn:aws:states:us-east-1:000000000000:execution:machine:{name}")
}

pub fn key(name: &str) -> Key {
    Key::of(&arn(name))
}

pub fn header(name: &str, input: &Json) -> ExecutionHeader {
    ExecutionHeader {
        execution_arn: Arc::from(arn(name)),
        name: Arc::from(name),
        state_machine_arn: Arc::from("arn:aws:states:us-east-1:000000000000:stateMachine:machine"),
        state_machine_name: Arc::from("machine"),
        role_arn: Arc::from("arn:aws:iam::000000000000:role/role"),
        state_machine_version_arn: None,
        state_machine_alias_arn: None,
        workflow_type: WorkflowType::Standard,
        block: Program::ROOT,
        map_run: None,
        region: Arc::from("us-east-1"),
        input: Payload::from(input.clone()),
        started_at: Timestamp::from_epoch_millis(0),
        limits: Limits::STANDARD,
        mocks: None,
    }
}
