//! Whether the tables agree with the journals. Reads only; the journals are the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use passo_asl::program::{IntegrationPattern, Program, TaskResource};
use passo_engine::{Command, Event, Execution, ExecutionHeader, Status, TaskProgress};
use passo_store::{Batch, Direction, KeyRange, Operation, Snapshot, Space, StoreError};

use crate::Key;
use crate::ports::Definitions;
use crate::tables::activity::ActivityTask;
use crate::tables::map_run::MapRunRecord;
use crate::tables::open::Resume;
use crate::tables::summary::{ExecutionStatus, Summary};
use crate::tables::timer::Timer;
use crate::tables::{activity, closed, journal, listing, map_run, open, summary, timer};

/// Every table of the runtime that goes when executions are forgotten. Definitions stay.
pub const TABLES: [Space; 11] = [
    summary::SPACE,
    journal::SPACE,
    open::SPACE,
    closed::SPACE,
    listing::SPACE,
    timer::SPACE,
    activity::SPACE,
    map_run::SPACE,
    map_run::JOURNAL,
    map_run::LISTING,
    map_run::OPEN,
];

/// Tables whose rows follow from the journals.
const DERIVED: [Space; 5] = [
    open::SPACE,
    closed::SPACE,
    listing::SPACE,
    timer::SPACE,
    activity::SPACE,
];

/// What an audit read.
#[derive(Debug, Default)]
pub struct Audit {
    /// Every execution; the same `Arc` as in an earlier audit where nothing of it has changed.
    pub executions: BTreeMap<Key, Arc<AuditedExecution>>,
    /// Every Map run.
    pub map_runs: BTreeMap<Key, MapRunRecord>,
    /// What is wrong, a sentence each; empty where all is well.
    pub findings: Vec<String>,
}

/// One execution, rebuilt from its journal.
#[derive(Debug)]
pub struct AuditedExecution {
    /// What its summary says.
    pub summary: Summary,
    /// Its fixed part.
    pub header: ExecutionHeader,
    /// What it runs.
    pub program: Arc<Program>,
    /// Its journal.
    pub events: Vec<Event>,
}

/// Replays every journal of `snapshot` and compares with what the tables say. Meant for tests and for
/// stores of modest size: everything is held in memory.
///
/// # Errors
/// Where the store cannot be read.
pub fn audit(snapshot: &dyn Snapshot, definitions: &dyn Definitions) -> Result<Audit, StoreError> {
    Auditor::default().audit(snapshot, definitions)
}

/// Audits one store again and again: what has not changed since is not replayed again.
#[derive(Debug, Default)]
pub struct Auditor {
    known: BTreeMap<Key, Known>,
}

/// What was found of one execution, and the bytes that it was found in.
#[derive(Debug)]
struct Known {
    bytes: Vec<u8>,
    audited: Arc<AuditedExecution>,
    findings: Vec<String>,
    rows: Batch,
}

impl Auditor {
    /// As [`audit`].
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn audit(
        &mut self,
        snapshot: &dyn Snapshot,
        definitions: &dyn Definitions,
    ) -> Result<Audit, StoreError> {
        let mut audit = Audit::default();
        let mut expected = Batch::new();
        let stored = stored(snapshot, &mut audit.findings)?;
        self.known.retain(|key, _| stored.contains_key(key));
        for (key, bytes) in stored {
            if self
                .known
                .get(&key)
                .is_none_or(|known| known.bytes != bytes)
            {
                self.known.remove(&key);
                match look(snapshot, definitions, key, bytes) {
                    Ok(known) => {
                        self.known.insert(key, known);
                    }
                    Err(error) => audit.findings.push(format!("execution {key}: {error}")),
                }
            }
            if let Some(known) = self.known.get(&key) {
                audit.findings.extend_from_slice(&known.findings);
                expected.append(known.rows.clone());
                audit.executions.insert(key, known.audited.clone());
            }
        }
        for space in DERIVED {
            compare_rows(snapshot, space, &expected, &mut audit.findings)?;
        }
        for key in keys(snapshot, map_run::SPACE)? {
            let Some(key) = Key::from_bytes(&key) else {
                continue;
            };
            let Some(record) = map_run::get(snapshot, key)? else {
                continue;
            };
            let owner = Key::of(&record.execution_arn);
            if !audit.executions.contains_key(&owner) {
                let arn = &record.map_run_arn;
                audit
                    .findings
                    .push(format!("Map run {arn} belongs to no execution"));
            }
            audit.map_runs.insert(key, record);
        }
        Ok(audit)
    }
}

/// Every execution's summary and journal, as bytes.
fn stored(
    snapshot: &dyn Snapshot,
    findings: &mut Vec<String>,
) -> Result<BTreeMap<Key, Vec<u8>>, StoreError> {
    let mut stored = BTreeMap::new();
    snapshot.scan(
        summary::SPACE,
        &KeyRange::all(),
        Direction::Forward,
        &mut |key, value| {
            match Key::from_bytes(key) {
                Some(key) => drop(stored.insert(key, value.to_vec())),
                None => findings.push("a summary has no key".to_owned()),
            }
            ControlFlow::Continue(())
        },
    )?;
    snapshot.scan(
        journal::SPACE,
        &KeyRange::all(),
        Direction::Forward,
        &mut |key, value| {
            let owner = key.get(..Key::BYTES).and_then(Key::from_bytes);
            match owner.and_then(|owner| stored.get_mut(&owner)) {
                Some(bytes) => {
                    bytes.extend_from_slice(key);
                    bytes.extend_from_slice(value);
                }
                None => findings.push("a row of a journal belongs to no execution".to_owned()),
            }
            ControlFlow::Continue(())
        },
    )?;
    Ok(stored)
}

/// Replays one execution.
fn look(
    snapshot: &dyn Snapshot,
    definitions: &dyn Definitions,
    key: Key,
    bytes: Vec<u8>,
) -> Result<Known, StoreError> {
    let (audited, execution) = rebuild(snapshot, definitions, key)?;
    let (mut findings, mut rows) = (Vec::new(), Batch::new());
    compare(key, &audited, &execution, &mut findings);
    expect_rows(key, &audited, &execution, &mut rows);
    Ok(Known {
        bytes,
        audited: Arc::new(audited),
        findings,
        rows,
    })
}

fn rebuild(
    snapshot: &dyn Snapshot,
    definitions: &dyn Definitions,
    key: Key,
) -> Result<(AuditedExecution, Execution), StoreError> {
    let damaged = |what: &str| StoreError::Corrupt(what.to_owned());
    let summary = summary::get(snapshot, key)?.ok_or_else(|| damaged("its summary is gone"))?;
    let header = journal::header(snapshot, key)?;
    let text = snapshot.get(
        crate::tables::definition::SPACE,
        summary.definition.as_bytes(),
    )?;
    let text = text.ok_or_else(|| damaged("its definition is gone"))?;
    let text = String::from_utf8(text).map_err(|_| damaged("its definition is not UTF-8"))?;
    let program = definitions.program(&text).map_err(StoreError::Corrupt)?;
    let events = journal::events(snapshot, key, &header)?.events;
    let mut execution = Execution::new(header.clone());
    for event in &events {
        let applied = execution.evolve(&program, event);
        applied.map_err(|invariant| StoreError::Corrupt(invariant.to_string()))?;
    }
    let audited = AuditedExecution {
        summary,
        header,
        program,
        events,
    };
    Ok((audited, execution))
}

/// The summary is what the journal replays to.
fn compare(
    key: Key,
    audited: &AuditedExecution,
    execution: &Execution,
    findings: &mut Vec<String>,
) {
    let summary = &audited.summary;
    if let Some(reason) = &summary.quarantine {
        findings.push(format!(
            "{}: in quarantine: {reason}",
            summary.execution_arn
        ));
    }
    let (status, output, failure) = match execution.status() {
        Status::Running => (ExecutionStatus::Running, None, None),
        Status::Succeeded { output } => (ExecutionStatus::Succeeded, Some(output), None),
        Status::Failed { failure } => (ExecutionStatus::Failed, None, Some(failure)),
        Status::TimedOut { failure } => (ExecutionStatus::TimedOut, None, Some(failure)),
        Status::Aborted { failure } => (ExecutionStatus::Aborted, None, Some(failure)),
    };
    let ended_at = match status {
        ExecutionStatus::Running => None,
        _ => audited.events.last().map(|event| event.at),
    };
    let header = &audited.header;
    let pairs = [
        ("key", key == Key::of(&summary.execution_arn)),
        ("status", summary.status == status),
        ("output", summary.output.as_ref() == output),
        ("failure", summary.failure.as_ref() == failure),
        ("end", summary.stopped_at == ended_at),
        ("start", summary.started_at == header.started_at),
        (
            "redrives",
            summary.redrive_count == execution.redrive_count(),
        ),
        ("name", summary.name == header.name),
        ("Map run", summary.map_run_arn == header.map_run),
    ];
    for (what, _) in pairs.iter().filter(|(_, same)| !same) {
        let arn = &summary.execution_arn;
        findings.push(format!("{arn}: the summary's {what} is not the journal's"));
    }
}

/// The rows that an execution must have in the derived tables.
fn expect_rows(key: Key, audited: &AuditedExecution, execution: &Execution, rows: &mut Batch) {
    let header = &audited.header;
    let parent = header.map_run.as_deref();
    let parent = parent.unwrap_or(&header.state_machine_arn);
    listing::put(rows, Key::of(parent), audited.summary.order, key);
    if let Some(stopped_at) = audited.summary.stopped_at {
        closed::put(rows, stopped_at, key);
        return;
    }
    if audited.summary.quarantine.is_some() {
        open::put(rows, key, Resume::WhenWoken);
        return;
    }
    let mut resume = Resume::WhenWoken;
    for command in execution.pending_commands(&audited.program) {
        match command {
            Command::SetTimer { timer, at } => {
                let timer = Timer {
                    at,
                    execution: key,
                    id: timer,
                };
                timer::put(rows, timer);
            }
            Command::StartTask(task) => match &task.resource {
                TaskResource::Activity { arn } => {
                    if task.progress == TaskProgress::Scheduled {
                        let waiting = ActivityTask {
                            activity: Key::of(arn),
                            scheduled_at: header.started_at,
                            execution: key,
                            task: task.task,
                        };
                        activity::put(rows, waiting);
                    }
                }
                TaskResource::Service {
                    pattern: IntegrationPattern::WaitForTaskToken,
                    ..
                } if matches!(task.progress, TaskProgress::Submitted(_)) => {}
                TaskResource::Service { .. } | TaskResource::LambdaFunction { .. } => {
                    resume = Resume::AtOnce;
                }
            },
            Command::StartMapRun { .. } | Command::RedriveMapRun { .. } => {
                resume = Resume::AtOnce;
            }
            Command::CancelTask { .. }
            | Command::CancelTimer { .. }
            | Command::StopMapRun { .. }
            | Command::Finish { .. } => {}
        }
    }
    open::put(rows, key, resume);
}

fn compare_rows(
    snapshot: &dyn Snapshot,
    space: Space,
    expected: &Batch,
    findings: &mut Vec<String>,
) -> Result<(), StoreError> {
    let mut missing = BTreeMap::new();
    for operation in expected.operations() {
        if let Operation::Put {
            space: of,
            key,
            value,
        } = operation
            && *of == space
        {
            missing.insert(key.clone(), value.clone());
        }
    }
    let name = space.name();
    snapshot.scan(
        space,
        &KeyRange::all(),
        Direction::Forward,
        &mut |key, value| {
            match missing.remove(key) {
                None => findings.push(format!("table {name}: row {key:02x?} should not be there")),
                // Loading an execution at once is never wrong; waiting for something that never comes is.
                Some(expect)
                    if space == open::SPACE
                        && open::from_value(&expect) == Resume::AtOnce
                        && open::from_value(value) == Resume::WhenWoken =>
                {
                    findings.push(format!("table {name}: a restart would not load {key:02x?}"));
                }
                Some(_) => {}
            }
            ControlFlow::Continue(())
        },
    )?;
    for key in missing.keys() {
        findings.push(format!("table {name}: row {key:02x?} is missing"));
    }
    Ok(())
}

fn keys(snapshot: &dyn Snapshot, space: Space) -> Result<BTreeSet<Vec<u8>>, StoreError> {
    let mut keys = BTreeSet::new();
    snapshot.scan(
        space,
        &KeyRange::all(),
        Direction::Forward,
        &mut |key, _| {
            keys.insert(key.to_vec());
            ControlFlow::Continue(())
        },
    )?;
    Ok(keys)
}
