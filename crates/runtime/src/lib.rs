//! Makes executions live: partitions, group commit, recovery, timers, retention, quarantine.
//!
//! A [`Partition`] is one owner of many executions: it decides, and says what must become durable. The runtime
//! around it commits turns, and only then performs what they ask for. This crate knows no AWS API, no
//! HTTP, not which integrations exist, nor which backend it runs on. Start at [`Runtime::open`].

#![forbid(unsafe_code)]

mod activities;
mod alarms;
mod audit;
mod clock;
mod codec;
mod committer;
mod effects;
mod figures;
mod in_flight;
mod inbox;
mod key;
mod partition;
mod ports;
mod processor;
mod results;
mod runtime;
mod settings;
mod share;
mod tables;
mod timers;

pub use alarms::Alarm;
pub use audit::{Audit, AuditedExecution, Auditor, TABLES, audit};
pub use clock::{SystemClock, VirtualClock};
pub use figures::{COMMIT_MICROS, Figures};
pub use in_flight::{InFlight, UnderWay};
pub use key::Key;
pub use partition::message::{
    Accepted, Finished, InputError, Message, Reply, Start, StartError, Started, TakenTask,
};
pub use partition::turn::{Effect, Turn};
pub use partition::{Load, Partition};
pub use ports::{
    Clock, DataOwner, DataPort, Definitions, Entropy, Listener, NoDataSets, ReadRequest, TaskPort,
    TaskRequest, WriteRequest,
};
pub use results::Results;
pub use runtime::{OpenError, Polling, Ports, Refused, Runtime};
pub use settings::Settings;
pub use share::Share;
pub use tables::activity::ActivityTask;
pub use tables::map_run::MapRunRecord;
pub use tables::summary::{ExecutionStatus, Summary};
