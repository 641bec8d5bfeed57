//! The events of a Map run as bytes. Each record stands for itself; its header is the Map run's spec, which the
//! journal of the parent execution gives back.

use std::sync::Arc;

use passo_json::{Json, Payload};
use passo_vocab::Timestamp;

use super::JournalError;
use super::reader::Reader;
use super::writer::{
    write_failure, write_length, write_optional_unsigned, write_signed, write_text, write_unsigned,
};
use crate::map::{ChildOutcome, MapRunEvent, MapRunUpdate, PlannedChild};

const STARTED: u8 = 1;
const PLANNED: u8 = 2;
const CHILD_STARTED: u8 = 3;
const CHILD_FINISHED: u8 = 4;
const UPDATED: u8 = 5;
const ENDING: u8 = 6;
const RESULTS_WRITTEN: u8 = 7;
const FINISHED: u8 = 8;
const REDRIVEN: u8 = 9;
/// As `PLANNED`, with where the next page begins.
const PLANNED_FROM: u8 = 10;

const SUCCEEDED: u8 = 0;
const FAILED: u8 = 1;
const TIMED_OUT: u8 = 2;
const ABORTED: u8 = 3;

/// Adds the record of one event of a Map run.
// tidy: long, because every kind has its place here.
pub fn encode_map_run_event(event: &MapRunEvent, out: &mut Vec<u8>) {
    match event {
        MapRunEvent::Started { at } => {
            out.push(STARTED);
            write_time(*at, out);
        }
        MapRunEvent::Planned {
            children,
            waiting,
            read,
            cursor,
            last,
        } => {
            out.push(if cursor.is_some() {
                PLANNED_FROM
            } else {
                PLANNED
            });
            write_length(children.len(), out);
            for child in children {
                write_text(child.input.text(), out);
                write_unsigned(u64::from(child.items), out);
            }
            write_length(waiting.len(), out);
            waiting
                .iter()
                .for_each(|item| write_text(&item.to_text(), out));
            write_unsigned(*read, out);
            out.push(u8::from(*last));
            cursor.iter().for_each(|cursor| write_text(cursor, out));
        }
        MapRunEvent::ChildStarted { index, name, at } => {
            out.push(CHILD_STARTED);
            write_unsigned(u64::from(*index), out);
            write_text(name, out);
            write_time(*at, out);
        }
        MapRunEvent::ChildFinished { index, outcome, at } => {
            out.push(CHILD_FINISHED);
            write_unsigned(u64::from(*index), out);
            write_outcome(outcome, out);
            write_time(*at, out);
        }
        MapRunEvent::Updated(update) => {
            out.push(UPDATED);
            write_optional_unsigned(update.max_concurrency.map(u64::from), out);
            write_optional_unsigned(update.tolerated_failure_count, out);
            write_optional_unsigned(update.tolerated_failure_percentage.map(f64::to_bits), out);
        }
        MapRunEvent::Ending { failure } => {
            out.push(ENDING);
            out.push(u8::from(failure.is_some()));
            failure
                .iter()
                .for_each(|failure| write_failure(failure, out));
        }
        MapRunEvent::ResultsWritten { details } => {
            out.push(RESULTS_WRITTEN);
            write_text(&details.to_text(), out);
        }
        MapRunEvent::Finished {
            failure,
            aborted,
            at,
        } => {
            out.push(FINISHED);
            out.push(u8::from(failure.is_some()));
            failure
                .iter()
                .for_each(|failure| write_failure(failure, out));
            out.push(u8::from(*aborted));
            write_time(*at, out);
        }
        MapRunEvent::Redriven { at } => {
            out.push(REDRIVEN);
            write_time(*at, out);
        }
    }
}

/// Takes one record of a Map run from the front of `bytes`; none when they are used up.
///
/// # Errors
/// When the bytes are not such a record.
pub fn decode_map_run_event(bytes: &mut &[u8]) -> Result<Option<MapRunEvent>, JournalError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let mut reader = Reader { bytes };
    let event = event(&mut reader)?;
    *bytes = reader.bytes;
    Ok(Some(event))
}

fn event(reader: &mut Reader<'_>) -> Result<MapRunEvent, JournalError> {
    Ok(match reader.byte()? {
        STARTED => MapRunEvent::Started { at: time(reader)? },
        PLANNED => planned(reader, false)?,
        PLANNED_FROM => planned(reader, true)?,
        CHILD_STARTED => MapRunEvent::ChildStarted {
            index: reader.small()?,
            name: Arc::from(reader.text()?),
            at: time(reader)?,
        },
        CHILD_FINISHED => MapRunEvent::ChildFinished {
            index: reader.small()?,
            outcome: outcome(reader)?,
            at: time(reader)?,
        },
        UPDATED => MapRunEvent::Updated(MapRunUpdate {
            max_concurrency: reader
                .optional_unsigned()?
                .map(u32::try_from)
                .transpose()
                .map_err(|_| JournalError::Number)?,
            tolerated_failure_count: reader.optional_unsigned()?,
            tolerated_failure_percentage: reader.optional_unsigned()?.map(f64::from_bits),
        }),
        ENDING => MapRunEvent::Ending {
            failure: optional_failure(reader)?,
        },
        RESULTS_WRITTEN => MapRunEvent::ResultsWritten {
            details: json(reader)?,
        },
        FINISHED => MapRunEvent::Finished {
            failure: optional_failure(reader)?,
            aborted: reader.byte()? != 0,
            at: time(reader)?,
        },
        REDRIVEN => MapRunEvent::Redriven { at: time(reader)? },
        unknown => return Err(JournalError::UnknownTag(unknown)),
    })
}

fn planned(reader: &mut Reader<'_>, goes_on: bool) -> Result<MapRunEvent, JournalError> {
    let mut children = Vec::new();
    for _ in 0..reader.length()? {
        children.push(PlannedChild {
            input: payload(reader)?,
            items: reader.small()?,
        });
    }
    let mut waiting = Vec::new();
    for _ in 0..reader.length()? {
        waiting.push(json(reader)?);
    }
    Ok(MapRunEvent::Planned {
        children,
        waiting,
        read: reader.unsigned()?,
        last: reader.byte()? != 0,
        cursor: match goes_on {
            true => Some(Arc::from(reader.text()?)),
            false => None,
        },
    })
}

fn write_outcome(outcome: &ChildOutcome, out: &mut Vec<u8>) {
    match outcome {
        ChildOutcome::Succeeded(output) => {
            out.push(SUCCEEDED);
            write_text(output.text(), out);
        }
        ChildOutcome::Failed(failure) => {
            out.push(FAILED);
            write_failure(failure, out);
        }
        ChildOutcome::TimedOut(failure) => {
            out.push(TIMED_OUT);
            write_failure(failure, out);
        }
        ChildOutcome::Aborted => out.push(ABORTED),
    }
}

fn outcome(reader: &mut Reader<'_>) -> Result<ChildOutcome, JournalError> {
    Ok(match reader.byte()? {
        SUCCEEDED => ChildOutcome::Succeeded(payload(reader)?),
        FAILED => ChildOutcome::Failed(reader.failure()?),
        TIMED_OUT => ChildOutcome::TimedOut(reader.failure()?),
        ABORTED => ChildOutcome::Aborted,
        unknown => return Err(JournalError::UnknownTag(unknown)),
    })
}

fn optional_failure(reader: &mut Reader<'_>) -> Result<Option<passo_vocab::Failure>, JournalError> {
    match reader.byte()? {
        0 => Ok(None),
        _ => reader.failure().map(Some),
    }
}

fn write_time(at: Timestamp, out: &mut Vec<u8>) {
    write_signed(at.epoch_millis(), out);
}

fn time(reader: &mut Reader<'_>) -> Result<Timestamp, JournalError> {
    reader.signed().map(Timestamp::from_epoch_millis)
}

fn payload(reader: &mut Reader<'_>) -> Result<Payload, JournalError> {
    Payload::from_text(reader.text()?).map_err(|_| JournalError::Payload)
}

fn json(reader: &mut Reader<'_>) -> Result<Json, JournalError> {
    Json::parse(reader.text()?).map_err(|_| JournalError::Payload)
}
