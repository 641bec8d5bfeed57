//! Callers: what they asked for, what they were answered, and what they ask again after a crash.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use passo_asl::program::Program;
use passo_engine::{ExecutionHeader, Limits, WorkflowType};
use passo_json::{Payload, json};
use passo_runtime::{
    Accepted, Finished, InputError, Key, Reply, Start, StartError, Started, TakenTask,
};
use passo_vocab::Timestamp;

use crate::workflow::Kind;
use crate::world::Happening;

const ARN: &str = "arn:aws:states:us-east-1:000000000000";

/// An execution that a caller wants; an Express one may have to be asked for again and again.
pub(crate) struct Plan {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) text: Arc<str>,
    pub(crate) program: Arc<Program>,
    pub(crate) is_endless: bool,
    /// Whether a caller was told that it was started; for a synchronous one, how it ended.
    pub(crate) is_acknowledged: bool,
    /// When it ended, as far as the disk has said.
    pub(crate) ended_at: Option<Timestamp>,
    /// Executions asked for: each start of an Express workflow is one of its own.
    pub(crate) attempts: Vec<Attempt>,
}

/// One execution of an Express workflow.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) key: Key,
    /// The life of the process that it was started in, and ends with.
    pub(crate) life: u64,
    /// Whether a caller was told that it was started.
    pub(crate) is_acknowledged: bool,
    /// Whether the disk has said how it ended.
    pub(crate) is_stored: bool,
}

impl Plan {
    /// A name for outcomes that an undisturbed run has as well.
    pub(crate) fn key(&self) -> Key {
        Key::of(&self.arn(0))
    }

    fn arn(&self, attempt: usize) -> String {
        match self.kind {
            Kind::Standard => format!("{ARN}:execution:machine:{}", self.name),
            Kind::Express | Kind::Synchronous => {
                format!("{ARN}:express:machine:{}:{attempt}", self.name)
            }
        }
    }

    /// The number of the attempt that the next start makes.
    pub(crate) fn next_attempt(&self) -> usize {
        match self.kind {
            Kind::Standard => 0,
            Kind::Express | Kind::Synchronous => self.attempts.len(),
        }
    }

    /// The request that starts it.
    pub(crate) fn start(
        &mut self,
        life: u64,
        started: Option<Reply<Result<Started, StartError>>>,
        finished: Option<Reply<Finished>>,
    ) -> Start {
        let arn = self.arn(self.next_attempt());
        let (workflow_type, limits) = match self.kind {
            Kind::Standard => (WorkflowType::Standard, Limits::STANDARD),
            Kind::Express | Kind::Synchronous => {
                self.attempts.push(Attempt {
                    key: Key::of(&arn),
                    life,
                    is_acknowledged: false,
                    is_stored: false,
                });
                (WorkflowType::Express, Limits::EXPRESS)
            }
        };
        let header = ExecutionHeader {
            execution_arn: Arc::from(arn),
            name: Arc::from(self.name.as_str()),
            state_machine_arn: Arc::from(format!("{ARN}:stateMachine:machine")),
            state_machine_name: Arc::from("machine"),
            role_arn: Arc::from("arn:aws:iam::000000000000:role/role"),
            state_machine_version_arn: None,
            state_machine_alias_arn: None,
            workflow_type,
            block: Program::ROOT,
            map_run: None,
            region: Arc::from("us-east-1"),
            input: Payload::from(json!({"input": 1})),
            started_at: Timestamp::from_epoch_millis(0),
            limits,
            // Every second execution has a test case. Nobody acts on it here: that it stays is what is looked after.
            mocks: self
                .text
                .len()
                .is_multiple_of(2)
                .then(|| Arc::from(self.name.as_str())),
        };
        Start {
            header,
            program: self.program.clone(),
            definition: self.text.clone(),
            trace_header: None,
            named_by: (workflow_type == WorkflowType::Standard)
                .then(|| Arc::from(self.name.as_str())),
            started,
            finished,
        }
    }
}

/// An answer that reached its caller.
pub(crate) enum Heard {
    Started,
    Finished,
    Input(Result<Accepted, InputError>),
    Taken(Option<TakenTask>),
}

type Inbox = Arc<Mutex<Vec<(u64, Heard)>>>;

/// Requests without an answer yet.
#[derive(Default)]
pub(crate) struct Requests {
    inbox: Inbox,
    open: BTreeMap<u64, Happening>,
    last: u64,
}

impl Requests {
    /// Notes a request, and gives what takes its answer.
    pub(crate) fn ask<T: 'static>(
        &mut self,
        request: Happening,
        heard: fn(T) -> Heard,
    ) -> Reply<T> {
        self.last += 1;
        let number = self.last;
        self.open.insert(number, request);
        let inbox = self.inbox.clone();
        Box::new(move |answer| {
            let mut inbox = inbox.lock().unwrap_or_else(PoisonError::into_inner);
            inbox.push((number, heard(answer)));
        })
    }

    /// Whether somebody waits for the start of a plan.
    pub(crate) fn waits_for_start(&self, number: usize) -> bool {
        let mut open = self.open.values();
        open.any(|request| matches!(request, Happening::Start { plan, .. } if *plan == number))
    }

    /// Answers that have come in, with what they answer.
    pub(crate) fn answers(&mut self) -> Vec<(Happening, Heard)> {
        let mut inbox = self.inbox.lock().unwrap_or_else(PoisonError::into_inner);
        let answers = std::mem::take(&mut *inbox);
        drop(inbox);
        let answers = answers.into_iter();
        answers
            .filter_map(|(number, heard)| Some((self.open.remove(&number)?, heard)))
            .collect()
    }

    /// The connection is gone: every request that has no answer.
    pub(crate) fn lost(&mut self) -> Vec<Happening> {
        std::mem::take(&mut self.open).into_values().collect()
    }
}
