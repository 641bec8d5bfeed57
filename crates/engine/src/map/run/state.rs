//! The Map run itself.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use passo_asl::program::ExecutionType;
use passo_json::{Json, Payload};
use passo_vocab::{Entropy, Failure, Timestamp};

use super::ChildOutcome;
use crate::map::child::child_arn_stem;
use crate::map::{ArnRule, Counts, MapRunSpec, Results};

/// All live state of one Map run. Rebuilt by `evolve`.
#[derive(Clone, Debug)]
pub struct MapRun {
    pub(super) spec: Arc<MapRunSpec>,
    pub(super) arns: ArnRule,
    pub(super) phase: Phase,
    /// Children that have not succeeded, by number: what became of the others is in the results.
    pub(super) children: BTreeMap<u32, Child>,
    /// How many children were planned.
    pub(super) planned: u32,
    pub(super) results: Results,
    /// Children that wait for their start, in order.
    pub(super) pending: VecDeque<u32>,
    pub(super) running: u32,
    /// Items that wait for their batch to fill.
    pub(super) waiting: Vec<Json>,
    pub(super) read: u64,
    /// Where the next page begins, in the reader's words.
    pub(super) cursor: Option<Arc<str>>,
    pub(super) all_read: bool,
    /// Whether the next page was asked for. Not part of what events say: recovery asks again.
    pub(super) reading: bool,
    /// Whether writing was asked for. As `reading`.
    pub(super) writing: bool,
    pub(super) written: Option<Json>,
    pub(super) failure: Option<Failure>,
    pub(super) status: MapRunStatus,
    pub(super) started_at: Option<Timestamp>,
    pub(super) stopped_at: Option<Timestamp>,
    pub(super) redrives: u32,
    pub(super) redriven_at: Option<Timestamp>,
    pub(super) items: Counts,
    pub(super) executions: Counts,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Created,
    Running,
    /// Waits for the children that still run.
    Ending,
    Finished,
}

/// The status of a Map run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapRunStatus {
    /// `RUNNING`
    Running,
    /// `SUCCEEDED`
    Succeeded,
    /// `FAILED`
    Failed,
    /// `ABORTED`
    Aborted,
}

/// One child execution.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// Its input.
    pub input: Payload,
    /// How many items it processes.
    pub items: u32,
    /// Its name, once it was started.
    pub name: Option<Arc<str>>,
    /// Where it is.
    pub status: ChildStatus,
    /// When it was started first.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub stopped_at: Option<Timestamp>,
    /// How many times it was started again.
    pub redrives: u32,
}

/// Where a child is.
#[derive(Clone, Debug, PartialEq)]
pub enum ChildStatus {
    /// Not started, or to be started again.
    Pending,
    /// Under way.
    Running,
    /// Over.
    Ended(ChildOutcome),
}

impl MapRun {
    /// A Map run before its start.
    pub fn new(spec: Arc<MapRunSpec>) -> MapRun {
        MapRun {
            spec,
            arns: ArnRule::any(),
            phase: Phase::Created,
            children: BTreeMap::new(),
            planned: 0,
            results: Results::default(),
            pending: VecDeque::new(),
            running: 0,
            waiting: Vec::new(),
            read: 0,
            cursor: None,
            all_read: false,
            reading: false,
            writing: false,
            written: None,
            failure: None,
            status: MapRunStatus::Running,
            started_at: None,
            stopped_at: None,
            redrives: 0,
            redriven_at: None,
            items: Counts::default(),
            executions: Counts::default(),
        }
    }

    /// The same Map run, whose children get ARNs of this rule from now on.
    pub fn with_arns(self, arns: ArnRule) -> MapRun {
        MapRun { arns, ..self }
    }

    /// Which ARNs its children have.
    pub fn arns(&self) -> &ArnRule {
        &self.arns
    }

    /// What it was started with, as updated since.
    pub fn spec(&self) -> &MapRunSpec {
        &self.spec
    }

    /// The same, to be kept.
    pub fn shared_spec(&self) -> Arc<MapRunSpec> {
        Arc::clone(&self.spec)
    }

    /// Its status.
    pub fn status(&self) -> MapRunStatus {
        self.status
    }

    /// Whether it starts children still: one that ends, or has ended, takes no new settings.
    pub fn goes_on(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Its children that have not succeeded, by number.
    pub fn children(&self) -> &BTreeMap<u32, Child> {
        &self.children
    }

    /// Items by status.
    pub fn item_counts(&self) -> Counts {
        self.items
    }

    /// Children by status.
    pub fn execution_counts(&self) -> Counts {
        self.executions
    }

    /// When it began.
    pub fn started_at(&self) -> Option<Timestamp> {
        self.started_at
    }

    /// When it ended.
    pub fn stopped_at(&self) -> Option<Timestamp> {
        self.stopped_at
    }

    /// How many times it was redriven, and when last.
    pub fn redrives(&self) -> (u32, Option<Timestamp>) {
        (self.redrives, self.redriven_at)
    }

    /// The Map state's result.
    pub(super) fn result(&self) -> Payload {
        self.results.payload(&self.spec, self.written.as_ref())
    }

    /// A name for another child.
    pub(super) fn draw_name(&self, entropy: &Entropy) -> Arc<str> {
        match self.spec.execution_type {
            ExecutionType::Standard => self.arns.draw(&child_arn_stem(&self.spec), entropy),
            // Its ARN has a part of its own to draw.
            ExecutionType::Express => entropy.uuid_v4().into(),
        }
    }

    pub(super) fn child(&self, index: u32) -> Option<&Child> {
        self.children.get(&index)
    }
}
