//! One execution in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use passo_asl::program::{IntegrationPattern, Program};
use passo_engine::journal;
use passo_engine::{
    Event, Execution, ExecutionHeader, MapRunId, Status, TaskId, TaskUpdate, TimerId, WorkflowType,
};
use passo_vocab::Timestamp;

use crate::Key;
use crate::partition::message::{Finished, Reply};
use crate::tables::open::Resume;
use crate::tables::summary::{ExecutionStatus, Summary};

/// An execution with everything that its partition must know to drive and to store it.
pub(super) struct Live {
    pub(crate) execution: Execution,
    pub(crate) header: Arc<ExecutionHeader>,
    pub(crate) program: Arc<Program>,
    pub(crate) definition: Arc<str>,
    /// Its Map runs that are in memory: it stays as long as they do.
    pub(crate) map_runs: BTreeMap<MapRunId, Key>,
    pub(crate) summary: Summary,
    pub(crate) encoder: journal::Encoder,
    /// Events that no turn has taken yet.
    pub(crate) events: Vec<Event>,
    /// The number of the first of them.
    pub(crate) first_event: u64,
    pub(crate) timers: BTreeMap<TimerId, Timestamp>,
    /// Tasks that are under way inside this process, and those that end when they were submitted.
    tasks: BTreeMap<TaskId, IntegrationPattern>,
    /// Tasks that wait for a worker, with their activity.
    pub(crate) activities: BTreeMap<TaskId, Key>,
    /// Whether its header is in the store.
    pub(crate) is_stored: bool,
    /// What the table of open executions says of it, as far as this process knows.
    pub(crate) resume: Option<Resume>,
    /// When it had ended, where a redrive has opened it again since it was last written.
    pub(crate) reopened_from: Option<Timestamp>,
    /// Whether it used up its budget and waits to go on.
    pub(crate) is_ready: bool,
    /// Whether this turn has already noted it.
    pub(crate) is_touched: bool,
    /// Whether its summary must be written.
    pub(crate) is_changed: bool,
    /// The last turn that it was part of.
    pub(crate) last_turn: u64,
    pub(crate) last_moved: Timestamp,
    pub(crate) finished: Vec<Reply<Finished>>,
}

impl Live {
    pub(crate) fn new(
        execution: Execution,
        header: Arc<ExecutionHeader>,
        program: Arc<Program>,
        definition: Arc<str>,
        summary: Summary,
    ) -> Live {
        Live {
            last_moved: header.started_at,
            encoder: journal::Encoder::new(&header),
            execution,
            header,
            program,
            definition,
            map_runs: BTreeMap::new(),
            summary,
            events: Vec::new(),
            first_event: 1,
            timers: BTreeMap::new(),
            tasks: BTreeMap::new(),
            activities: BTreeMap::new(),
            is_stored: false,
            resume: None,
            reopened_from: None,
            is_ready: false,
            is_touched: false,
            is_changed: true,
            last_turn: 0,
            finished: Vec::new(),
        }
    }

    /// Standard executions are stored as they go, Express ones when they end.
    pub(crate) fn is_stored_as_it_goes(&self) -> bool {
        match self.header.workflow_type {
            WorkflowType::Standard => true,
            WorkflowType::Express => false,
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.summary.status != ExecutionStatus::Running
    }

    /// Whether nothing inside this process will move it: only a timer or a caller can.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.tasks.is_empty()
            && self.map_runs.is_empty()
            && !self.is_ready
            && self.events.is_empty()
            && self.finished.is_empty()
    }

    pub(crate) fn resume(&self) -> Resume {
        let moves = !self.tasks.is_empty() || self.execution.awaits_map_runs() || self.is_ready;
        if moves && self.summary.quarantine.is_none() {
            Resume::AtOnce
        } else {
            Resume::WhenWoken
        }
    }

    /// Notes a task that is about to be done inside this process.
    pub(crate) fn task_started(&mut self, task: TaskId, pattern: IntegrationPattern) {
        self.tasks.insert(task, pattern);
    }

    pub(crate) fn task_cancelled(&mut self, task: TaskId) {
        self.tasks.remove(&task);
    }

    /// Notes what became of a task: whether it is still under way here.
    pub(crate) fn task_updated(&mut self, task: TaskId, update: &TaskUpdate) {
        let over = match update {
            TaskUpdate::Started { .. } | TaskUpdate::Heartbeat => false,
            TaskUpdate::Submitted(_) => {
                self.tasks.get(&task) == Some(&IntegrationPattern::WaitForTaskToken)
            }
            TaskUpdate::ScheduleFailed(_)
            | TaskUpdate::StartFailed(_)
            | TaskUpdate::SubmitFailed(_)
            | TaskUpdate::Succeeded(_)
            | TaskUpdate::Failed(_)
            | TaskUpdate::TimedOut(_) => true,
        };
        if over {
            self.tasks.remove(&task);
        }
    }

    /// Brings the summary up to what the execution says of itself.
    pub(crate) fn update_summary(&mut self, now: Timestamp) {
        let (status, output, failure) = match self.execution.status() {
            Status::Running => (ExecutionStatus::Running, None, None),
            Status::Succeeded { output } => {
                (ExecutionStatus::Succeeded, Some(output.clone()), None)
            }
            Status::Failed { failure } => (ExecutionStatus::Failed, None, Some(failure.clone())),
            Status::TimedOut { failure } => {
                (ExecutionStatus::TimedOut, None, Some(failure.clone()))
            }
            Status::Aborted { failure } => (ExecutionStatus::Aborted, None, Some(failure.clone())),
        };
        let redrives = self.execution.redrive_count();
        if self.summary.status == status && self.summary.redrive_count == redrives {
            return;
        }
        if self.summary.redrive_count != redrives {
            self.summary.redriven_at = Some(now);
        }
        self.summary.redrive_count = redrives;
        self.reopened_from = self.reopened_from.or(self.summary.stopped_at);
        self.summary.status = status;
        self.summary.output = output;
        self.summary.failure = failure;
        self.summary.stopped_at = (status != ExecutionStatus::Running).then_some(now);
        self.is_changed = true;
    }

    /// Whoever waits for the end, with what to tell them.
    pub(crate) fn take_finished(&mut self) -> Vec<(Reply<Finished>, Finished)> {
        let Some(stopped_at) = self.summary.stopped_at else {
            return Vec::new();
        };
        let finished = Finished {
            status: self.execution.status().clone(),
            started_at: self.header.started_at,
            stopped_at,
        };
        self.finished
            .drain(..)
            .map(|reply| (reply, finished.clone()))
            .collect()
    }
}

/// What runs, and the definition that it was made from.
pub(super) type Runnable = (Arc<Program>, Arc<str>);

/// Programs that are in use or were recently, by the key of their definition.
pub(super) type Programs = BTreeMap<Key, Runnable>;

/// Definitions whose text is known to be in the store.
pub(crate) type StoredDefinitions = BTreeSet<Key>;
