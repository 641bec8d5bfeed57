//! What is known of an execution without reading its journal: enough to describe and to list it.

use std::sync::Arc;

use passo_json::Payload;
use passo_store::{Batch, Snapshot, Space, StoreError};
use passo_vocab::{ErrorName, Failure, Timestamp};

use crate::Key;
use crate::codec::{Reader, Writer};

/// The table: the execution's key to its [`Summary`].
pub(crate) const SPACE: Space = Space::new("execution");

const VERSION: u8 = 2;

/// The status of an execution as users see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutionStatus {
    /// `RUNNING`
    Running,
    /// `SUCCEEDED`
    Succeeded,
    /// `FAILED`
    Failed,
    /// `TIMED_OUT`
    TimedOut,
    /// `ABORTED`
    Aborted,
    /// `PENDING_REDRIVE`: a Map run's child that waits for its redrive.
    PendingRedrive,
}

const STATUSES: [ExecutionStatus; 6] = [
    ExecutionStatus::Running,
    ExecutionStatus::Succeeded,
    ExecutionStatus::Failed,
    ExecutionStatus::TimedOut,
    ExecutionStatus::Aborted,
    ExecutionStatus::PendingRedrive,
];

impl ExecutionStatus {
    /// As the API spells it.
    pub fn name(self) -> &'static str {
        match self {
            ExecutionStatus::Running => "RUNNING",
            ExecutionStatus::Succeeded => "SUCCEEDED",
            ExecutionStatus::Failed => "FAILED",
            ExecutionStatus::TimedOut => "TIMED_OUT",
            ExecutionStatus::Aborted => "ABORTED",
            ExecutionStatus::PendingRedrive => "PENDING_REDRIVE",
        }
    }

    /// The status that the API spells `name`.
    pub fn from_name(name: &str) -> Option<ExecutionStatus> {
        STATUSES.into_iter().find(|status| status.name() == name)
    }

    fn code(self) -> u8 {
        match self {
            ExecutionStatus::Running => 0,
            ExecutionStatus::Succeeded => 1,
            ExecutionStatus::Failed => 2,
            ExecutionStatus::TimedOut => 3,
            ExecutionStatus::Aborted => 4,
            ExecutionStatus::PendingRedrive => 5,
        }
    }

    fn from_code(code: u8) -> Option<ExecutionStatus> {
        STATUSES.into_iter().find(|status| status.code() == code)
    }
}

/// One execution, as `DescribeExecution` and `ListExecutions` show it, without its input.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Its ARN.
    pub execution_arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The state machine that it runs.
    pub state_machine_arn: Arc<str>,
    /// The version that it was started by.
    pub state_machine_version_arn: Option<Arc<str>>,
    /// The alias that it was started by.
    pub state_machine_alias_arn: Option<Arc<str>>,
    /// The Map run that it is a child of.
    pub map_run_arn: Option<Arc<str>>,
    /// Its status.
    pub status: ExecutionStatus,
    /// When it was started.
    pub started_at: Timestamp,
    /// Its place among the executions of its partition: greater for those that were started later, also within
    /// one millisecond.
    pub order: u64,
    /// When it ended.
    pub stopped_at: Option<Timestamp>,
    /// What it put out, where it succeeded.
    pub output: Option<Payload>,
    /// Error and cause, where it did not.
    pub failure: Option<Failure>,
    /// How many times it was redriven.
    pub redrive_count: u32,
    /// When it was last redriven.
    pub redriven_at: Option<Timestamp>,
    /// `traceHeader`, as given.
    pub trace_header: Option<Arc<str>>,
    /// The id of the request that gave it its name, where one did.
    pub named_by: Option<Arc<str>>,
    /// The definition that it runs.
    pub definition: Key,
    /// Why it is in quarantine: a broken invariant of ours. Its journal is kept, it is not driven any further.
    pub quarantine: Option<Arc<str>>,
}

pub(crate) fn put(batch: &mut Batch, execution: Key, summary: &Summary) {
    batch.put(SPACE, execution.as_bytes(), encode(summary));
}

pub(crate) fn get(snapshot: &dyn Snapshot, execution: Key) -> Result<Option<Summary>, StoreError> {
    let value = snapshot.get(SPACE, execution.as_bytes())?;
    value.as_deref().map(decode).transpose()
}

fn encode(summary: &Summary) -> Vec<u8> {
    let mut writer = Writer::new(VERSION);
    writer.text(&summary.execution_arn);
    writer.text(&summary.name);
    writer.text(&summary.state_machine_arn);
    for text in [
        &summary.state_machine_version_arn,
        &summary.state_machine_alias_arn,
        &summary.map_run_arn,
        &summary.trace_header,
        &summary.named_by,
        &summary.quarantine,
    ] {
        writer.optional(text.as_deref(), Writer::text);
    }
    writer.byte(summary.status.code());
    writer.time(summary.started_at);
    writer.number(summary.order);
    writer.optional(summary.stopped_at, Writer::time);
    writer.optional(summary.output.as_ref(), |writer, output| {
        writer.text(output.text());
    });
    writer.optional(summary.failure.as_ref(), |writer, failure| {
        writer.optional(failure.error.as_ref().map(ErrorName::as_str), Writer::text);
        writer.optional(failure.cause.as_deref(), Writer::text);
    });
    writer.number(u64::from(summary.redrive_count));
    writer.optional(summary.redriven_at, Writer::time);
    writer.bytes(summary.definition.as_bytes());
    writer.finish()
}

fn decode(bytes: &[u8]) -> Result<Summary, StoreError> {
    let reader = &mut Reader::new(bytes, VERSION)?;
    let [execution_arn, name, state_machine_arn] = [reader.text()?, reader.text()?, reader.text()?];
    let mut text = || reader.optional(Reader::text);
    let (state_machine_version_arn, state_machine_alias_arn) = (text()?, text()?);
    let (map_run_arn, trace_header) = (text()?, text()?);
    let (named_by, quarantine) = (text()?, text()?);
    Ok(Summary {
        execution_arn,
        name,
        state_machine_arn,
        state_machine_version_arn,
        state_machine_alias_arn,
        map_run_arn,
        trace_header,
        named_by,
        quarantine,
        status: ExecutionStatus::from_code(reader.byte()?).ok_or_else(|| damaged("status"))?,
        started_at: reader.time()?,
        order: reader.number()?,
        stopped_at: reader.optional(Reader::time)?,
        output: reader.optional(read_payload)?,
        failure: reader.optional(read_failure)?,
        redrive_count: u32::try_from(reader.number()?).map_err(|_| damaged("redrive count"))?,
        redriven_at: reader.optional(Reader::time)?,
        definition: Key::from_bytes(reader.bytes()?).ok_or_else(|| damaged("definition"))?,
    })
}

fn read_payload(reader: &mut Reader<'_>) -> Result<Payload, StoreError> {
    Payload::from_text(reader.text()?).map_err(|_| damaged("output"))
}

fn read_failure(reader: &mut Reader<'_>) -> Result<Failure, StoreError> {
    Ok(Failure {
        error: reader.optional(Reader::text)?.map(ErrorName::new),
        cause: reader.optional(Reader::text)?,
    })
}

fn damaged(what: &str) -> StoreError {
    StoreError::Corrupt(format!("the {what} of an execution cannot be read"))
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn example() -> Summary {
        Summary {
            execution_arn: Arc::from("arn:aws:states:us-east-1:000000000000:execution:m:e"),
            name: Arc::from("e"),
            state_machine_arn: Arc::from("arn:aws:states:us-east-1:000000000000:stateMachine:m"),
            state_machine_version_arn: None,
            state_machine_alias_arn: Some(Arc::from("alias")),
            map_run_arn: None,
            status: ExecutionStatus::Failed,
            started_at: Timestamp::from_epoch_millis(-1),
            order: u64::MAX,
            stopped_at: Some(Timestamp::from_epoch_millis(i64::MAX)),
            output: Some(Payload::from(json!({"a": [1, 2.5]}))),
            failure: Some(Failure {
                error: Some(ErrorName::new("Oops")),
                cause: None,
            }),
            redrive_count: 3,
            redriven_at: None,
            trace_header: Some(Arc::from("Root=1")),
            named_by: Some(Arc::from("request")),
            definition: Key::of("definition"),
            quarantine: None,
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let summary = example();
        assert_eq!(decode(&encode(&summary)), Ok(summary));
    }

    #[test]
    fn every_cut_of_a_record_is_an_error() {
        let bytes = encode(&example());
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn statuses_keep_their_codes() {
        for status in STATUSES {
            assert_eq!(ExecutionStatus::from_code(status.code()), Some(status));
            assert_eq!(ExecutionStatus::from_name(status.name()), Some(status));
        }
    }
}
