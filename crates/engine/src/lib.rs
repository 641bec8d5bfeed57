//! The interpreter of Step Functions, as a pure function.
//!
//! [`Execution::decide`] takes an [`Input`] and answers with [`Event`]s and [`Command`]s; [`Execution::evolve`] applies
//! an event and is the only writer of state. Replaying events is therefore the same as having processed them.
//! [`History`] turns events into what users see, [`journal`] into bytes. The crate knows no clock, no chance, no
//! service and no storage: time and entropy come in with each call, work goes out as commands.
#![forbid(unsafe_code)]

mod command;
mod data;
mod decide;
mod decision;
mod event;
mod evolve;
mod execution;
mod flow;
mod history;
mod ids;
mod input;
pub mod journal;
mod limits;
pub mod map;
pub mod single_state;
mod status;
mod token;
mod wait_scale;

pub use command::{Command, StartTask, TaskProgress};
pub use data::Data;
pub use decision::{Budget, Decision, Invariant, Progress};
pub use event::{
    Assignments, Closing, EvaluationFailed, Event, EventKind, MapRunStarted, MapStarted,
    TaskScheduled,
};
pub use execution::{Execution, ExecutionHeader};
pub use flow::Inspection;
pub use history::{History, HistoryEvent};
pub use ids::{EventId, FrameId, MapRunId, PayloadId, Sequence, TaskId, TimerId};
pub use input::{Input, MapRunOutcome, TaskUpdate};
pub use limits::Limits;
pub use passo_vocab::WorkflowType;
pub use status::Status;
pub use token::execution_arn_of_token;
pub use wait_scale::WaitScale;
