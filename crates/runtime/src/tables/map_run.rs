//! Map runs: a record of each, and their journals.

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_engine::MapRunId;
use passo_engine::journal::{decode_map_run_event, encode_map_run_event};
use passo_engine::map::{Counts, MapRunEvent, MapRunStatus};
use passo_store::{Batch, Direction, KeyRange, Snapshot, Space, StoreError};
use passo_vocab::Timestamp;

use super::time_bytes;
use crate::Key;
use crate::codec::{Reader, Writer};

/// The key of a Map run to its [`MapRunRecord`].
pub(crate) const SPACE: Space = Space::new("map-run");
/// The key of a Map run and the number of an event to the events of one turn.
pub(crate) const JOURNAL: Space = Space::new("map-run-journal");
/// The key of an execution, a time and the key of a Map run: the Map runs of an execution, newest first.
pub(crate) const LISTING: Space = Space::new("map-run-listing");
/// The key of a Map run that is under way to the key of its execution and the number that this knows it by.
pub(crate) const OPEN: Space = Space::new("map-run-open");

const VERSION: u8 = 1;

/// A Map run, as `DescribeMapRun` and `ListMapRuns` show it.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRunRecord {
    /// Its ARN.
    pub map_run_arn: Arc<str>,
    /// The execution that it belongs to.
    pub execution_arn: Arc<str>,
    /// The state machine of its children, with the Map state's label.
    pub state_machine_arn: Arc<str>,
    /// Its status.
    pub status: MapRunStatus,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub stopped_at: Option<Timestamp>,
    /// Children that may run at the same time; 0 where there is no cap of its own.
    pub max_concurrency: u32,
    /// How many items may fail.
    pub tolerated_failure_count: u64,
    /// What share of the items may fail, 0 to 100.
    pub tolerated_failure_percentage: f64,
    /// Items by status.
    pub item_counts: Counts,
    /// Children by status.
    pub execution_counts: Counts,
    /// How many times it was redriven.
    pub redrive_count: u32,
    /// When it was last redriven.
    pub redriven_at: Option<Timestamp>,
}

pub(crate) fn put(batch: &mut Batch, map_run: Key, record: &MapRunRecord) {
    batch.put(SPACE, map_run.as_bytes(), encode(record));
}

pub(crate) fn list(batch: &mut Batch, record: &MapRunRecord) {
    let (execution, map_run) = (Key::of(&record.execution_arn), Key::of(&record.map_run_arn));
    batch.put(
        LISTING,
        listing_key(execution, record.started_at, map_run),
        Vec::new(),
    );
}

/// Notes that a Map run is under way.
pub(crate) fn open(batch: &mut Batch, map_run: Key, owner: Key, id: MapRunId) {
    let mut value = owner.as_bytes().to_vec();
    value.extend_from_slice(&id.number().to_be_bytes());
    batch.put(OPEN, map_run.as_bytes(), value);
}

/// Notes that it has ended.
pub(crate) fn close(batch: &mut Batch, map_run: Key) {
    batch.delete(OPEN, map_run.as_bytes());
}

/// Map runs that are under way, each with its execution and the number that this knows it by.
pub(crate) fn under_way(snapshot: &dyn Snapshot) -> Result<Vec<(Key, Key, MapRunId)>, StoreError> {
    let mut found = Vec::new();
    snapshot.scan(
        OPEN,
        &KeyRange::all(),
        Direction::Forward,
        &mut |key, value| {
            let parts = value.split_at_checked(Key::BYTES);
            let entry = parts.and_then(|(owner, id)| {
                let id = u64::from_be_bytes(id.try_into().ok()?);
                Some((
                    Key::from_bytes(key)?,
                    Key::from_bytes(owner)?,
                    MapRunId::new(id),
                ))
            });
            found.extend(entry);
            ControlFlow::Continue(())
        },
    )?;
    Ok(found)
}

pub(crate) fn put_events(
    batch: &mut Batch,
    map_run: Key,
    first_event: u64,
    events: &[MapRunEvent],
) {
    let mut bytes = Vec::new();
    for event in events {
        encode_map_run_event(event, &mut bytes);
    }
    let mut key = map_run.as_bytes().to_vec();
    key.extend_from_slice(&first_event.to_be_bytes());
    batch.put(JOURNAL, key, bytes);
}

/// Forgets every Map run of an execution.
pub(crate) fn delete_all(
    batch: &mut Batch,
    snapshot: &dyn Snapshot,
    execution: Key,
) -> Result<(), StoreError> {
    for map_run in of_execution(snapshot, execution)? {
        batch.delete(SPACE, map_run.as_bytes());
        close(batch, map_run);
        batch.delete_range(JOURNAL, KeyRange::prefix(map_run.as_bytes()));
    }
    batch.delete_range(LISTING, KeyRange::prefix(execution.as_bytes()));
    Ok(())
}

pub(crate) fn get(
    snapshot: &dyn Snapshot,
    map_run: Key,
) -> Result<Option<MapRunRecord>, StoreError> {
    snapshot
        .get(SPACE, map_run.as_bytes())?
        .as_deref()
        .map(decode)
        .transpose()
}

/// The Map runs of an execution, newest first.
pub(crate) fn of_execution(
    snapshot: &dyn Snapshot,
    execution: Key,
) -> Result<Vec<Key>, StoreError> {
    let mut found = Vec::new();
    let rows = KeyRange::prefix(execution.as_bytes());
    snapshot.scan(LISTING, &rows, Direction::Forward, &mut |key, _| {
        found.extend(key.get(Key::BYTES + 8..).and_then(Key::from_bytes));
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// Gives each event of a Map run to `visit`, in order, until that breaks or fails.
pub(crate) fn visit_events(
    snapshot: &dyn Snapshot,
    map_run: Key,
    visit: &mut dyn FnMut(MapRunEvent) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    let mut failed = Ok(());
    let rows = KeyRange::prefix(map_run.as_bytes());
    snapshot.scan(JOURNAL, &rows, Direction::Forward, &mut |_, mut row| loop {
        let event = decode_map_run_event(&mut row);
        let event = event.map_err(|error| StoreError::Corrupt(error.to_string()));
        match event.and_then(|event| event.map(&mut *visit).transpose()) {
            Ok(Some(ControlFlow::Continue(()))) => {}
            Ok(Some(ControlFlow::Break(()))) => return ControlFlow::Break(()),
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => {
                failed = Err(error);
                return ControlFlow::Break(());
            }
        }
    })?;
    failed
}

fn listing_key(execution: Key, started_at: Timestamp, map_run: Key) -> Vec<u8> {
    let mut key = execution.as_bytes().to_vec();
    key.extend(time_bytes(started_at).map(|byte| !byte));
    key.extend_from_slice(map_run.as_bytes());
    key
}

fn encode(record: &MapRunRecord) -> Vec<u8> {
    let mut writer = Writer::new(VERSION);
    for text in [
        &record.map_run_arn,
        &record.execution_arn,
        &record.state_machine_arn,
    ] {
        writer.text(text);
    }
    writer.byte(match record.status {
        MapRunStatus::Running => 0,
        MapRunStatus::Succeeded => 1,
        MapRunStatus::Failed => 2,
        MapRunStatus::Aborted => 3,
    });
    writer.time(record.started_at);
    writer.optional(record.stopped_at, Writer::time);
    writer.number(u64::from(record.max_concurrency));
    writer.number(record.tolerated_failure_count);
    writer.number(record.tolerated_failure_percentage.to_bits());
    for counts in [record.item_counts, record.execution_counts] {
        for count in [
            counts.pending,
            counts.running,
            counts.succeeded,
            counts.failed,
            counts.timed_out,
            counts.aborted,
            counts.total,
            counts.results_written,
        ] {
            writer.number(count);
        }
    }
    writer.number(u64::from(record.redrive_count));
    writer.optional(record.redriven_at, Writer::time);
    writer.finish()
}

fn decode(bytes: &[u8]) -> Result<MapRunRecord, StoreError> {
    let reader = &mut Reader::new(bytes, VERSION)?;
    let damaged = || StoreError::Corrupt("a Map run cannot be read".to_owned());
    Ok(MapRunRecord {
        map_run_arn: reader.text()?,
        execution_arn: reader.text()?,
        state_machine_arn: reader.text()?,
        status: match reader.byte()? {
            0 => MapRunStatus::Running,
            1 => MapRunStatus::Succeeded,
            2 => MapRunStatus::Failed,
            3 => MapRunStatus::Aborted,
            _ => return Err(damaged()),
        },
        started_at: reader.time()?,
        stopped_at: reader.optional(Reader::time)?,
        max_concurrency: u32::try_from(reader.number()?).map_err(|_| damaged())?,
        tolerated_failure_count: reader.number()?,
        tolerated_failure_percentage: f64::from_bits(reader.number()?),
        item_counts: counts(reader)?,
        execution_counts: counts(reader)?,
        redrive_count: u32::try_from(reader.number()?).map_err(|_| damaged())?,
        redriven_at: reader.optional(Reader::time)?,
    })
}

fn counts(reader: &mut Reader<'_>) -> Result<Counts, StoreError> {
    Ok(Counts {
        pending: reader.number()?,
        running: reader.number()?,
        succeeded: reader.number()?,
        failed: reader.number()?,
        timed_out: reader.number()?,
        aborted: reader.number()?,
        total: reader.number()?,
        results_written: reader.number()?,
    })
}
