//! Bytes to events.

use std::sync::Arc;

use passo_asl::program::StateId;
use passo_json::Payload;
use passo_vocab::{Failure, Timestamp};

use super::reader::Reader;
use super::{Encoder, JournalError, tag};
use crate::{
    Assignments, Closing, Data, EvaluationFailed, Event, EventId, EventKind, ExecutionHeader,
    FrameId, MapRunStarted, MapStarted, PayloadId, TaskScheduled,
};

/// Reads the events of one execution, in order. Keeps the payloads that were mentioned.
#[derive(Debug)]
pub struct Decoder {
    encoder: Encoder,
    payloads: Vec<Payload>,
}

impl Decoder {
    /// A decoder for the first event after the header.
    pub fn new(header: &ExecutionHeader) -> Decoder {
        Decoder {
            encoder: Encoder::new(header),
            payloads: vec![header.input.clone()],
        }
    }

    /// Takes one record from the front of `bytes`; none when they are used up.
    ///
    /// # Errors
    /// When the bytes are not such a record. The decoder must then not be used any further.
    pub fn decode(&mut self, bytes: &mut &[u8]) -> Result<Option<Event>, JournalError> {
        if bytes.is_empty() {
            return Ok(None);
        }
        let mut reader = Reader { bytes };
        let event = self.event(&mut reader)?;
        *bytes = reader.bytes;
        Ok(Some(event))
    }

    /// An encoder that goes on after the events that were read.
    pub fn encoder(&self) -> Encoder {
        self.encoder.clone()
    }

    fn event(&mut self, reader: &mut Reader<'_>) -> Result<Event, JournalError> {
        let tag = reader.byte()?;
        let at = self.encoder.at.plus_millis(reader.signed()?);
        self.encoder.at = at;
        let frame = FrameId::new(reader.small()?);
        let mut previous = EventId::NONE;
        if is_visible(tag) {
            let last = self.encoder.last;
            previous = EventId::new(last.number().wrapping_sub(reader.unsigned()?));
            self.encoder.last = last.next();
        }
        Ok(Event {
            at,
            frame,
            previous,
            kind: self.kind(tag, reader)?,
        })
    }

    // tidy: long, because every kind has its place here.
    fn kind(&mut self, tag: u8, reader: &mut Reader<'_>) -> Result<EventKind, JournalError> {
        Ok(match tag {
            tag::EXECUTION_STARTED => EventKind::ExecutionStarted {
                input: self.data(reader)?,
            },
            tag::EXECUTION_SUCCEEDED => EventKind::ExecutionSucceeded {
                output: self.data(reader)?,
            },
            tag::EXECUTION_FAILED => EventKind::ExecutionFailed(failure(reader)?),
            tag::EXECUTION_TIMED_OUT => EventKind::ExecutionTimedOut(failure(reader)?),
            tag::EXECUTION_ABORTED => EventKind::ExecutionAborted(failure(reader)?),
            tag::EXECUTION_REDRIVEN => EventKind::ExecutionRedriven {
                count: reader.small()?,
            },
            tag::CLOSING_STOPPED => {
                EventKind::ClosingStarted(Box::new(Closing::Stopped(reader.failure()?)))
            }
            tag::CLOSING_TIMED_OUT => {
                EventKind::ClosingStarted(Box::new(Closing::TimedOut(reader.failure()?)))
            }
            tag::STATE_ENTERED => EventKind::StateEntered {
                state: state(reader)?,
                input: self.data(reader)?,
            },
            tag::STATE_EXITED => self.exited(reader, true, false)?,
            tag::STATE_EXITED_END => self.exited(reader, false, false)?,
            tag::STATE_EXITED_ASSIGNED => self.exited(reader, true, true)?,
            tag::STATE_EXITED_ASSIGNED_END => self.exited(reader, false, true)?,
            tag::EVALUATION_FAILED => EventKind::EvaluationFailed(Box::new(EvaluationFailed {
                state: state(reader)?,
                failure: reader.failure()?,
                location: reader.optional_text()?,
            })),
            tag::STATE_FAILED => EventKind::StateFailed(failure(reader)?),
            tag::STATE_ABORTED => EventKind::StateAborted,
            tag::FRAME_ABORTED => EventKind::FrameAborted,
            tag::WAIT_STARTED => EventKind::WaitStarted {
                until: self.time(reader)?,
            },
            tag::TIMER_FIRED => EventKind::TimerFired,
            tag::RETRY_SCHEDULED => EventKind::RetryScheduled {
                retrier: reader.small()?,
                until: self.time(reader)?,
            },
            tag::TASK_SCHEDULED => EventKind::TaskScheduled(Box::new(self.task(reader)?)),
            tag::TASK_SCHEDULE_FAILED => EventKind::TaskScheduleFailed(failure(reader)?),
            tag::TASK_STARTED => EventKind::TaskStarted {
                worker: reader.optional_text()?,
            },
            tag::TASK_START_FAILED => EventKind::TaskStartFailed(failure(reader)?),
            tag::TASK_SUBMITTED => EventKind::TaskSubmitted {
                output: self.data(reader)?,
            },
            tag::TASK_SUBMIT_FAILED => EventKind::TaskSubmitFailed(failure(reader)?),
            tag::TASK_HEARTBEAT => EventKind::TaskHeartbeat,
            tag::TASK_SUCCEEDED => EventKind::TaskSucceeded {
                output: self.data(reader)?,
            },
            tag::TASK_FAILED => EventKind::TaskFailed(failure(reader)?),
            tag::TASK_TIMED_OUT => EventKind::TaskTimedOut {
                failure: failure(reader)?,
                heartbeat: false,
            },
            tag::TASK_HEARTBEAT_MISSED => EventKind::TaskTimedOut {
                failure: failure(reader)?,
                heartbeat: true,
            },
            tag::PARALLEL_STARTED => EventKind::ParallelStarted {
                input: self.data(reader)?,
            },
            tag::BRANCH_SUCCEEDED => EventKind::BranchSucceeded {
                output: self.data(reader)?,
            },
            tag::BRANCH_FAILED => EventKind::BranchFailed(failure(reader)?),
            tag::PARALLEL_SUCCEEDED => EventKind::ParallelSucceeded,
            tag::PARALLEL_FAILED => EventKind::ParallelFailed,
            tag::MAP_STARTED => EventKind::MapStarted(Box::new(self.map(reader)?)),
            tag::MAP_ITERATION_STARTED => EventKind::MapIterationStarted {
                index: reader.small()?,
                input: self.data(reader)?,
            },
            tag::MAP_ITERATION_SUCCEEDED => EventKind::MapIterationSucceeded {
                index: reader.small()?,
                output: self.data(reader)?,
            },
            tag::MAP_ITERATION_FAILED => EventKind::MapIterationFailed {
                index: reader.small()?,
                failure: failure(reader)?,
            },
            tag::MAP_ITERATION_ABORTED => EventKind::MapIterationAborted {
                index: reader.small()?,
            },
            tag::MAP_SUCCEEDED => EventKind::MapSucceeded,
            tag::MAP_FAILED => EventKind::MapFailed,
            tag::MAP_RUN_STARTED => EventKind::MapRunStarted(Box::new(self.map_run(reader)?)),
            tag::MAP_RUN_SUCCEEDED => EventKind::MapRunSucceeded {
                output: self.data(reader)?,
            },
            tag::MAP_RUN_FAILED => EventKind::MapRunFailed(failure(reader)?),
            tag::MAP_RUN_ABORTED => EventKind::MapRunAborted,
            tag::MAP_RUN_REDRIVEN => EventKind::MapRunRedriven {
                map_run_arn: Arc::from(reader.text()?),
                count: reader.small()?,
            },
            unknown => return Err(JournalError::UnknownTag(unknown)),
        })
    }

    fn data(&mut self, reader: &mut Reader<'_>) -> Result<Data, JournalError> {
        let id = PayloadId::new(reader.small()?);
        if id == self.encoder.next {
            self.encoder.next = id.next();
            let payload = Payload::from_text(reader.text()?).map_err(|_| JournalError::Payload)?;
            self.payloads.push(payload.clone());
            return Ok(Data::new(id, payload));
        }
        let place = usize::try_from(id.number()).map_err(|_| JournalError::Number)?;
        let payload = self
            .payloads
            .get(place)
            .ok_or(JournalError::UnknownPayload(id.number()))?;
        Ok(Data::new(id, payload.clone()))
    }

    fn optional_data(&mut self, reader: &mut Reader<'_>) -> Result<Option<Data>, JournalError> {
        match reader.byte()? {
            0 => Ok(None),
            _ => self.data(reader).map(Some),
        }
    }

    fn exited(
        &mut self,
        reader: &mut Reader<'_>,
        goes_on: bool,
        assigns: bool,
    ) -> Result<EventKind, JournalError> {
        let from = state(reader)?;
        let next = if goes_on { Some(state(reader)?) } else { None };
        let output = self.data(reader)?;
        let assigned = if assigns {
            Some(self.assigned(reader)?)
        } else {
            None
        };
        Ok(EventKind::StateExited {
            state: from,
            output,
            assigned,
            next,
        })
    }

    fn assigned(&mut self, reader: &mut Reader<'_>) -> Result<Assignments, JournalError> {
        let count = reader.length()?;
        let mut assigned = Vec::new();
        for _ in 0..count {
            assigned.push((Arc::from(reader.text()?), self.data(reader)?));
        }
        Ok(assigned.into())
    }

    fn time(&self, reader: &mut Reader<'_>) -> Result<Timestamp, JournalError> {
        Ok(self.encoder.at.plus_millis(reader.signed()?))
    }

    fn task(&mut self, reader: &mut Reader<'_>) -> Result<TaskScheduled, JournalError> {
        Ok(TaskScheduled {
            parameters: self.data(reader)?,
            timeout_seconds: reader.optional_unsigned()?,
            heartbeat_seconds: reader.optional_unsigned()?,
            credentials: self.optional_data(reader)?,
            token: reader.optional_text()?,
        })
    }

    fn map(&mut self, reader: &mut Reader<'_>) -> Result<MapStarted, JournalError> {
        Ok(MapStarted {
            input: self.data(reader)?,
            items: self.optional_data(reader)?,
            length: reader.small()?,
            concurrency: reader.small()?,
        })
    }

    fn map_run(&mut self, reader: &mut Reader<'_>) -> Result<MapRunStarted, JournalError> {
        Ok(MapRunStarted {
            map_run_arn: Arc::from(reader.text()?),
            tolerated_failure_count: reader.optional_unsigned()?,
            tolerated_failure_percentage: match reader.byte()? {
                0 => None,
                _ => Some(reader.float()?),
            },
            reader_arguments: self.optional_data(reader)?,
            max_items: match reader.byte()? {
                0 => None,
                _ => Some(reader.signed()?),
            },
            batch_input: self.optional_data(reader)?,
            max_items_per_batch: reader.optional_unsigned()?,
            max_input_bytes_per_batch: reader.optional_unsigned()?,
            writer_arguments: self.optional_data(reader)?,
        })
    }
}

fn state(reader: &mut Reader<'_>) -> Result<StateId, JournalError> {
    Ok(StateId::new(reader.small()?))
}

fn failure(reader: &mut Reader<'_>) -> Result<Box<Failure>, JournalError> {
    reader.failure().map(Box::new)
}

/// As [`EventKind::is_visible`] answers for the kind with this tag.
fn is_visible(tag: u8) -> bool {
    !matches!(
        tag,
        tag::CLOSING_STOPPED
            | tag::CLOSING_TIMED_OUT
            | tag::STATE_FAILED
            | tag::FRAME_ABORTED
            | tag::WAIT_STARTED
            | tag::TIMER_FIRED
            | tag::RETRY_SCHEDULED
            | tag::TASK_HEARTBEAT
            | tag::BRANCH_SUCCEEDED
            | tag::BRANCH_FAILED
    )
}
