//! Events to bytes.

use passo_asl::program::StateId;
use passo_vocab::{Failure, Timestamp};

use super::tag;
use super::writer::{
    write_failure, write_length, write_optional_text, write_optional_unsigned, write_signed,
    write_text, write_unsigned,
};
use crate::{
    Closing, Data, Event, EventId, EventKind, ExecutionHeader, MapRunStarted, MapStarted,
    PayloadId, TaskScheduled,
};

/// Writes the events of one execution, in order. Keeps nothing but three numbers.
#[derive(Clone, Debug)]
pub struct Encoder {
    pub(super) at: Timestamp,
    pub(super) last: EventId,
    pub(super) next: PayloadId,
}

impl Encoder {
    /// An encoder for the first event after the header. [`Decoder::encoder`](super::Decoder::encoder) goes on after
    /// later ones.
    pub fn new(header: &ExecutionHeader) -> Encoder {
        Encoder {
            at: header.started_at,
            last: EventId::NONE,
            next: PayloadId::INPUT.next(),
        }
    }

    /// Adds the record of the next event.
    pub fn encode(&mut self, event: &Event, out: &mut Vec<u8>) {
        out.push(tag_of(&event.kind));
        write_signed(event.at.millis_since(self.at), out);
        self.at = event.at;
        write_unsigned(u64::from(event.frame.number()), out);
        if event.is_visible() {
            write_unsigned(
                self.last.number().wrapping_sub(event.previous.number()),
                out,
            );
            self.last = self.last.next();
        }
        self.body(&event.kind, out);
    }

    // tidy: long, because every kind has its place here.
    fn body(&mut self, kind: &EventKind, out: &mut Vec<u8>) {
        match kind {
            EventKind::ExecutionStarted { input: data }
            | EventKind::ExecutionSucceeded { output: data }
            | EventKind::TaskSubmitted { output: data }
            | EventKind::TaskSucceeded { output: data }
            | EventKind::ParallelStarted { input: data }
            | EventKind::BranchSucceeded { output: data }
            | EventKind::MapRunSucceeded { output: data } => self.data(data, out),
            EventKind::ExecutionFailed(failure)
            | EventKind::ExecutionTimedOut(failure)
            | EventKind::ExecutionAborted(failure)
            | EventKind::StateFailed(failure)
            | EventKind::TaskScheduleFailed(failure)
            | EventKind::TaskStartFailed(failure)
            | EventKind::TaskSubmitFailed(failure)
            | EventKind::TaskFailed(failure)
            | EventKind::TaskTimedOut { failure, .. }
            | EventKind::BranchFailed(failure)
            | EventKind::MapRunFailed(failure) => write_failure(failure, out),
            EventKind::ClosingStarted(closing) => write_failure(closing_failure(closing), out),
            EventKind::ExecutionRedriven { count } => write_unsigned(u64::from(*count), out),
            EventKind::StateEntered { state, input } => {
                write_state(*state, out);
                self.data(input, out);
            }
            EventKind::StateExited {
                state,
                output,
                assigned,
                next,
            } => {
                write_state(*state, out);
                if let Some(next) = next {
                    write_state(*next, out);
                }
                self.data(output, out);
                if let Some(assigned) = assigned {
                    write_length(assigned.len(), out);
                    for (name, value) in assigned {
                        write_text(name, out);
                        self.data(value, out);
                    }
                }
            }
            EventKind::EvaluationFailed(failed) => {
                write_state(failed.state, out);
                write_failure(&failed.failure, out);
                write_optional_text(failed.location.as_ref(), out);
            }
            EventKind::WaitStarted { until } => write_signed(until.millis_since(self.at), out),
            EventKind::RetryScheduled { retrier, until } => {
                write_unsigned(u64::from(*retrier), out);
                write_signed(until.millis_since(self.at), out);
            }
            EventKind::TaskScheduled(task) => self.task(task, out),
            EventKind::TaskStarted { worker } => write_optional_text(worker.as_ref(), out),
            EventKind::MapStarted(map) => self.map(map, out),
            EventKind::MapIterationStarted { index, input: data }
            | EventKind::MapIterationSucceeded {
                index,
                output: data,
            } => {
                write_unsigned(u64::from(*index), out);
                self.data(data, out);
            }
            EventKind::MapIterationFailed { index, failure } => {
                write_unsigned(u64::from(*index), out);
                write_failure(failure, out);
            }
            EventKind::MapIterationAborted { index } => write_unsigned(u64::from(*index), out),
            EventKind::MapRunStarted(run) => self.map_run(run, out),
            EventKind::MapRunRedriven { map_run_arn, count } => {
                write_text(map_run_arn, out);
                write_unsigned(u64::from(*count), out);
            }
            EventKind::StateAborted
            | EventKind::FrameAborted
            | EventKind::TimerFired
            | EventKind::TaskHeartbeat
            | EventKind::ParallelSucceeded
            | EventKind::ParallelFailed
            | EventKind::MapSucceeded
            | EventKind::MapFailed
            | EventKind::MapRunAborted => {}
        }
    }

    /// A payload's text where it is new, else its name only.
    fn data(&mut self, data: &Data, out: &mut Vec<u8>) {
        write_unsigned(u64::from(data.id.number()), out);
        if data.id == self.next {
            self.next = data.id.next();
            write_text(data.text(), out);
        }
    }

    fn optional_data(&mut self, data: Option<&Data>, out: &mut Vec<u8>) {
        out.push(u8::from(data.is_some()));
        if let Some(data) = data {
            self.data(data, out);
        }
    }

    fn task(&mut self, task: &TaskScheduled, out: &mut Vec<u8>) {
        self.data(&task.parameters, out);
        write_optional_unsigned(task.timeout_seconds, out);
        write_optional_unsigned(task.heartbeat_seconds, out);
        self.optional_data(task.credentials.as_ref(), out);
        write_optional_text(task.token.as_ref(), out);
    }

    fn map(&mut self, map: &MapStarted, out: &mut Vec<u8>) {
        self.data(&map.input, out);
        self.optional_data(map.items.as_ref(), out);
        write_unsigned(u64::from(map.length), out);
        write_unsigned(u64::from(map.concurrency), out);
    }

    fn map_run(&mut self, run: &MapRunStarted, out: &mut Vec<u8>) {
        write_text(&run.map_run_arn, out);
        write_optional_unsigned(run.tolerated_failure_count, out);
        out.push(u8::from(run.tolerated_failure_percentage.is_some()));
        if let Some(percentage) = run.tolerated_failure_percentage {
            out.extend_from_slice(&percentage.to_le_bytes());
        }
        self.optional_data(run.reader_arguments.as_ref(), out);
        out.push(u8::from(run.max_items.is_some()));
        if let Some(most) = run.max_items {
            write_signed(most, out);
        }
        self.optional_data(run.batch_input.as_ref(), out);
        write_optional_unsigned(run.max_items_per_batch, out);
        write_optional_unsigned(run.max_input_bytes_per_batch, out);
        self.optional_data(run.writer_arguments.as_ref(), out);
    }
}

fn write_state(state: StateId, out: &mut Vec<u8>) {
    write_unsigned(u64::from(state.index()), out);
}

fn closing_failure(closing: &Closing) -> &Failure {
    match closing {
        Closing::Stopped(failure) | Closing::TimedOut(failure) => failure,
    }
}

// tidy: long, because every kind has its place here.
fn tag_of(kind: &EventKind) -> u8 {
    match kind {
        EventKind::ExecutionStarted { .. } => tag::EXECUTION_STARTED,
        EventKind::ExecutionSucceeded { .. } => tag::EXECUTION_SUCCEEDED,
        EventKind::ExecutionFailed(_) => tag::EXECUTION_FAILED,
        EventKind::ExecutionTimedOut(_) => tag::EXECUTION_TIMED_OUT,
        EventKind::ExecutionAborted(_) => tag::EXECUTION_ABORTED,
        EventKind::ExecutionRedriven { .. } => tag::EXECUTION_REDRIVEN,
        EventKind::ClosingStarted(closing) => match **closing {
            Closing::Stopped(_) => tag::CLOSING_STOPPED,
            Closing::TimedOut(_) => tag::CLOSING_TIMED_OUT,
        },
        EventKind::StateEntered { .. } => tag::STATE_ENTERED,
        EventKind::StateExited { assigned, next, .. } => match (assigned, next) {
            (None, Some(_)) => tag::STATE_EXITED,
            (None, None) => tag::STATE_EXITED_END,
            (Some(_), Some(_)) => tag::STATE_EXITED_ASSIGNED,
            (Some(_), None) => tag::STATE_EXITED_ASSIGNED_END,
        },
        EventKind::EvaluationFailed(_) => tag::EVALUATION_FAILED,
        EventKind::StateFailed(_) => tag::STATE_FAILED,
        EventKind::StateAborted => tag::STATE_ABORTED,
        EventKind::FrameAborted => tag::FRAME_ABORTED,
        EventKind::WaitStarted { .. } => tag::WAIT_STARTED,
        EventKind::TimerFired => tag::TIMER_FIRED,
        EventKind::RetryScheduled { .. } => tag::RETRY_SCHEDULED,
        EventKind::TaskScheduled(_) => tag::TASK_SCHEDULED,
        EventKind::TaskScheduleFailed(_) => tag::TASK_SCHEDULE_FAILED,
        EventKind::TaskStarted { .. } => tag::TASK_STARTED,
        EventKind::TaskStartFailed(_) => tag::TASK_START_FAILED,
        EventKind::TaskSubmitted { .. } => tag::TASK_SUBMITTED,
        EventKind::TaskSubmitFailed(_) => tag::TASK_SUBMIT_FAILED,
        EventKind::TaskHeartbeat => tag::TASK_HEARTBEAT,
        EventKind::TaskSucceeded { .. } => tag::TASK_SUCCEEDED,
        EventKind::TaskFailed(_) => tag::TASK_FAILED,
        EventKind::TaskTimedOut {
            heartbeat: false, ..
        } => tag::TASK_TIMED_OUT,
        EventKind::TaskTimedOut {
            heartbeat: true, ..
        } => tag::TASK_HEARTBEAT_MISSED,
        EventKind::ParallelStarted { .. } => tag::PARALLEL_STARTED,
        EventKind::BranchSucceeded { .. } => tag::BRANCH_SUCCEEDED,
        EventKind::BranchFailed(_) => tag::BRANCH_FAILED,
        EventKind::ParallelSucceeded => tag::PARALLEL_SUCCEEDED,
        EventKind::ParallelFailed => tag::PARALLEL_FAILED,
        EventKind::MapStarted(_) => tag::MAP_STARTED,
        EventKind::MapIterationStarted { .. } => tag::MAP_ITERATION_STARTED,
        EventKind::MapIterationSucceeded { .. } => tag::MAP_ITERATION_SUCCEEDED,
        EventKind::MapIterationFailed { .. } => tag::MAP_ITERATION_FAILED,
        EventKind::MapIterationAborted { .. } => tag::MAP_ITERATION_ABORTED,
        EventKind::MapSucceeded => tag::MAP_SUCCEEDED,
        EventKind::MapFailed => tag::MAP_FAILED,
        EventKind::MapRunStarted(_) => tag::MAP_RUN_STARTED,
        EventKind::MapRunSucceeded { .. } => tag::MAP_RUN_SUCCEEDED,
        EventKind::MapRunFailed(_) => tag::MAP_RUN_FAILED,
        EventKind::MapRunAborted => tag::MAP_RUN_ABORTED,
        EventKind::MapRunRedriven { .. } => tag::MAP_RUN_REDRIVEN,
    }
}
