//! What goes into a Map run and what comes out.

use std::sync::Arc;

use passo_json::{Json, Payload};
use passo_vocab::{Failure, Timestamp};

use crate::MapRunOutcome;

/// What the world tells a Map run.
#[derive(Clone, Debug)]
pub enum MapRunInput {
    /// Begin. Ignored once begun.
    Start,
    /// Go on with what can move by itself: after `Progress::More`, and after recovery.
    Continue,
    /// Items were read, in answer to `ReadItems`.
    ItemsRead {
        /// `after` of the command that this answers. An answer that came before is ignored.
        after: u64,
        /// The items, in order.
        items: Vec<Item>,
        /// Where they are from, for `Map.Item.Source`.
        source: Option<Arc<str>>,
        /// Where the next page begins, in words that only the reader knows. None where there is no next one.
        cursor: Option<Arc<str>>,
        /// Whether there are no more.
        last: bool,
    },
    /// Items could not be read.
    ReadFailed(Failure),
    /// A child ended.
    ChildFinished {
        /// Which one.
        index: u32,
        /// How.
        outcome: ChildOutcome,
    },
    /// A caller changes the settings.
    Update(MapRunUpdate),
    /// The execution that it belongs to ends.
    Stop,
    /// The execution that it belongs to goes on: it has let this run go on so many times in all. Ignored while the run
    /// still stops; whoever asks must ask again once it has ended.
    Redrive {
        /// How many times, this one included.
        count: u32,
    },
    /// The results were written, in answer to `WriteResults`; this is what the state's result says of them.
    ResultsWritten(Json),
    /// The results could not be written.
    WriteFailed(Failure),
}

/// One item of a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its value.
    pub value: Json,
    /// Its key, where the data set is an object.
    pub key: Option<Arc<str>>,
}

/// `UpdateMapRun`: what is given changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapRunUpdate {
    /// `maxConcurrency`; 0 is as many as possible.
    pub max_concurrency: Option<u32>,
    /// `toleratedFailureCount`.
    pub tolerated_failure_count: Option<u64>,
    /// `toleratedFailurePercentage`, 0 to 100.
    pub tolerated_failure_percentage: Option<f64>,
}

/// How a child ended.
#[derive(Clone, Debug, PartialEq)]
pub enum ChildOutcome {
    /// `SUCCEEDED`
    Succeeded(Payload),
    /// `FAILED`
    Failed(Failure),
    /// `TIMED_OUT`
    TimedOut(Failure),
    /// `ABORTED`
    Aborted,
}

/// What happened in a Map run.
#[derive(Clone, Debug, PartialEq)]
pub enum MapRunEvent {
    /// It began.
    Started {
        /// When.
        at: Timestamp,
    },
    /// Items became children.
    Planned {
        /// The children, in order.
        children: Vec<PlannedChild>,
        /// Items that wait for their batch to fill.
        waiting: Vec<Json>,
        /// Items read so far.
        read: u64,
        /// Where the next page begins, in the reader's words.
        cursor: Option<Arc<str>>,
        /// Whether there are no more.
        last: bool,
    },
    /// A child was started.
    ChildStarted {
        /// Its number, from 0.
        index: u32,
        /// Its name.
        name: Arc<str>,
        /// When.
        at: Timestamp,
    },
    /// A child ended.
    ChildFinished {
        /// Its number.
        index: u32,
        /// How.
        outcome: ChildOutcome,
        /// When.
        at: Timestamp,
    },
    /// The settings changed.
    Updated(MapRunUpdate),
    /// No more children are started; those that run are stopped. Without a failure it was stopped from outside.
    Ending {
        /// Why.
        failure: Option<Failure>,
    },
    /// The results were written.
    ResultsWritten {
        /// What the state's result says of them.
        details: Json,
    },
    /// It ended.
    Finished {
        /// The failure, if it failed.
        failure: Option<Failure>,
        /// Whether it was stopped.
        aborted: bool,
        /// When.
        at: Timestamp,
    },
    /// It goes on with its unsuccessful children.
    Redriven {
        /// When.
        at: Timestamp,
    },
}

/// A child that was not started yet.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedChild {
    /// Its input.
    pub input: Payload,
    /// How many items it processes.
    pub items: u32,
}

/// What a Map run asks of the world.
#[derive(Clone, Debug)]
pub enum MapRunCommand {
    /// Read the next page of items with the spec's reader.
    ReadItems {
        /// Items read so far.
        after: u64,
        /// Where that page begins, as the reader has said with the page before; none for the first.
        cursor: Option<Arc<str>>,
    },
    /// Run the spec's processor.
    StartChild {
        /// Its number.
        index: u32,
        /// Its name.
        name: Arc<str>,
        /// Its input.
        input: Payload,
        /// How many times it is started again: a Standard child is redriven, an Express child starts anew under its
        /// name.
        redrives: u32,
    },
    /// Stop a child; its end is reported as usual.
    StopChild {
        /// Its number.
        index: u32,
    },
    /// Write the results of all children with the spec's writer.
    WriteResults,
    /// It is over.
    Finish {
        /// How many times it had been redriven.
        redrives: u32,
        /// How.
        outcome: MapRunOutcome,
    },
}

/// What one call of `decide` answers.
#[derive(Debug, Default)]
pub struct MapRunDecision {
    /// In order; each was already applied.
    pub events: Vec<MapRunEvent>,
    /// In order.
    pub commands: Vec<MapRunCommand>,
}
