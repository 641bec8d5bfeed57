//! What a partition is told, and how it answers.

use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::map::{MapRunInput, MapRunUpdate};
use passo_engine::{ExecutionHeader, Input, Status, TaskId, TaskUpdate, execution_arn_of_token};
use passo_json::Payload;
use passo_store::StoreError;
use passo_vocab::Timestamp;

use crate::Key;

/// Takes one answer; called once, after what it says is durable.
pub type Reply<T> = Box<dyn FnOnce(T) + Send>;

/// One message to a partition.
pub enum Message {
    /// Start an execution.
    Start(Box<Start>),
    /// Pass an input on to an execution. The reply says whether there is such an execution, and is open.
    Input {
        /// The execution.
        execution: Key,
        /// What to tell it.
        input: Input,
        /// Who wants to know.
        reply: Option<Reply<Result<Accepted, InputError>>>,
    },
    /// News of the task that waits for a token.
    Token {
        /// The token, as it was given out.
        token: Arc<str>,
        /// What became of the task.
        update: TaskUpdate,
        /// Who wants to know.
        reply: Option<Reply<Result<Accepted, InputError>>>,
    },
    /// Change the settings of a Map run that is under way.
    UpdateMapRun {
        /// The execution that it belongs to.
        execution: Key,
        /// The Map run.
        map_run: Key,
        /// What changes.
        update: MapRunUpdate,
        /// Who wants to know.
        reply: Reply<Result<Accepted, InputError>>,
    },
    /// Pass on what became of the data set of a Map run, or of its results. It is ignored where the run no longer waits
    /// for it.
    MapRun {
        /// The execution that it belongs to.
        execution: Key,
        /// The Map run.
        map_run: Key,
        /// What to tell it.
        input: MapRunInput,
    },
    /// A worker takes a task of an activity.
    TakeActivityTask {
        /// The execution.
        execution: Key,
        /// The task.
        task: TaskId,
        /// The name that the worker gave.
        worker: Option<Arc<str>>,
        /// The worker; it gets nothing where the task no longer waits.
        reply: Reply<Option<TakenTask>>,
    },
}

impl Message {
    /// The execution that it is for; none where it carries a token that is none.
    pub fn execution(&self) -> Option<Key> {
        match self {
            Message::Start(start) => Some(Key::of(&start.header.execution_arn)),
            Message::Token { token, .. } => execution_arn_of_token(token).map(|arn| Key::of(&arn)),
            Message::Input { execution, .. }
            | Message::UpdateMapRun { execution, .. }
            | Message::MapRun { execution, .. }
            | Message::TakeActivityTask { execution, .. } => Some(*execution),
        }
    }
}

/// A task of an activity, in the hands of a worker.
#[derive(Clone, Debug, PartialEq)]
pub struct TakenTask {
    /// What the worker answers with.
    pub token: Arc<str>,
    /// What it is to work on.
    pub input: Payload,
}

/// An execution to start.
pub struct Start {
    /// Its fixed part; `started_at` is set by the partition.
    pub header: ExecutionHeader,
    /// What it runs.
    pub program: Arc<Program>,
    /// The definition's text, kept with the execution.
    pub definition: Arc<str>,
    /// `traceHeader`, as given.
    pub trace_header: Option<Arc<str>>,
    /// The id of the request that gave the name, where one did: then an execution of the same ARN may exist, and one
    /// that the same request started is the one that was asked for.
    pub named_by: Option<Arc<str>>,
    /// Who waits for the start.
    pub started: Option<Reply<Result<Started, StartError>>>,
    /// Who waits for the end: `StartSyncExecution`.
    pub finished: Option<Reply<Finished>>,
}

/// An execution that was started, now or by the same request before.
#[derive(Clone, Debug, PartialEq)]
pub struct Started {
    /// Its ARN.
    pub execution_arn: Arc<str>,
    /// When it was started.
    pub started_at: Timestamp,
}

/// Why an execution was not started.
#[derive(Clone, Debug, PartialEq)]
pub enum StartError {
    /// There is, or was, one of the same name by another request, with another input, or it has ended.
    AlreadyExists,
    /// The store cannot be read or is full.
    Store(StoreError),
    /// The runtime stops.
    Stopping,
}

/// An execution that has ended.
#[derive(Clone, Debug)]
pub struct Finished {
    /// How.
    pub status: Status,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended.
    pub stopped_at: Timestamp,
}

/// An input was taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accepted {
    /// When.
    pub at: Timestamp,
}

/// Why an input was not taken.
#[derive(Clone, Debug, PartialEq)]
pub enum InputError {
    /// There is no such execution.
    NotFound,
    /// It has ended.
    Closed,
    /// It goes on, but nothing in it waits for this token any more.
    TaskOver,
    /// The store cannot be read.
    Store(StoreError),
    /// The runtime stops.
    Stopping,
}
