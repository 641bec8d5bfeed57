//! Journals: the header of an execution, then one row per turn in which it moved.

use std::ops::ControlFlow;

use passo_engine::journal::{Decoder, Encoder, JournalError, decode_header, encode_header};
use passo_engine::{Event, ExecutionHeader};
use passo_store::{Batch, Direction, KeyRange, Snapshot, Space, StoreError};

use crate::Key;

/// The table. Row 0 of an execution is its header; the others are numbered by the first event that they hold.
pub(crate) const SPACE: Space = Space::new("journal");

const HEADER: u64 = 0;

/// The events of an execution, and an encoder that goes on after them.
pub(crate) struct Replayed {
    pub(crate) events: Vec<Event>,
    pub(crate) encoder: Encoder,
}

pub(crate) fn put_header(batch: &mut Batch, execution: Key, header: &ExecutionHeader) {
    let mut bytes = Vec::new();
    encode_header(header, &mut bytes);
    batch.put(SPACE, key(execution, HEADER), bytes);
}

pub(crate) fn put_events(
    batch: &mut Batch,
    execution: Key,
    first_event: u64,
    events: &[Event],
    encoder: &mut Encoder,
) {
    let mut bytes = Vec::new();
    for event in events {
        encoder.encode(event, &mut bytes);
    }
    batch.put(SPACE, key(execution, first_event), bytes);
}

pub(crate) fn delete(batch: &mut Batch, execution: Key) {
    batch.delete_range(SPACE, KeyRange::prefix(execution.as_bytes()));
}

pub(crate) fn header(
    snapshot: &dyn Snapshot,
    execution: Key,
) -> Result<ExecutionHeader, StoreError> {
    let bytes = snapshot.get(SPACE, &key(execution, HEADER))?;
    let bytes =
        bytes.ok_or_else(|| StoreError::Corrupt("an execution has no header".to_owned()))?;
    let (header, _) = decode_header(&bytes).map_err(|error| damaged(&error))?;
    Ok(header)
}

pub(crate) fn events(
    snapshot: &dyn Snapshot,
    execution: Key,
    header: &ExecutionHeader,
) -> Result<Replayed, StoreError> {
    let mut decoder = Decoder::new(header);
    let mut events = Vec::new();
    let mut failed = Ok(());
    let mut rows = KeyRange::prefix(execution.as_bytes());
    rows.start = std::ops::Bound::Excluded(key(execution, HEADER));
    snapshot.scan(SPACE, &rows, Direction::Forward, &mut |_, mut row| loop {
        match decoder.decode(&mut row) {
            Ok(Some(event)) => events.push(event),
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => {
                failed = Err(damaged(&error));
                return ControlFlow::Break(());
            }
        }
    })?;
    failed?;
    Ok(Replayed {
        events,
        encoder: decoder.encoder(),
    })
}

fn key(execution: Key, first_event: u64) -> Vec<u8> {
    let mut key = execution.as_bytes().to_vec();
    key.extend_from_slice(&first_event.to_be_bytes());
    key
}

fn damaged(error: &JournalError) -> StoreError {
    StoreError::Corrupt(error.to_string())
}
