//! Executions as they were measured: all of them counted, some of them read.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use passo_asl::program::Program;
use passo_cost::{Run, Usage};
use passo_engine::{Event, EventKind};
use passo_runtime::{Definitions as _, ExecutionStatus, Key, Runtime, Summary};
use passo_states::Definitions;
use passo_vocab::{Timestamp, WorkflowType};

use super::Refusal;

/// Children of a Map run that are counted, and that are read, at most.
const CHILDREN_MAX: usize = 10_000;
const CHILDREN_READ: usize = 20;
/// Distributed Maps inside of each other that are followed.
const DEPTH_MAX: u32 = 3;

/// An execution that was read, with the children of its Map runs.
pub(super) struct Measured {
    pub(super) workflow_type: WorkflowType,
    pub(super) status: ExecutionStatus,
    pub(super) program: Arc<Program>,
    pub(super) run: Run,
    children: Vec<Sample>,
}

/// Executions of the same kind, of which some were read.
pub(super) struct Sample {
    pub(super) total: u64,
    pub(super) runs: Vec<Measured>,
}

/// Executions that were counted.
pub(super) struct Counted {
    pub(super) total: u64,
    pub(super) looked_at: u64,
    pub(super) longest_millis: u64,
    chosen: Vec<Key>,
}

/// Reads journals, as many as it may.
pub(super) struct Reader {
    runtime: Runtime,
    definitions: Arc<Definitions>,
    now: Timestamp,
    journals_left: Cell<usize>,
}

impl Measured {
    /// What it used, as an execution of its own type or of another. Children keep theirs.
    pub(super) fn usage(
        &self,
        as_type: Option<WorkflowType>,
        megabytes: &dyn Fn(&str) -> u64,
    ) -> Usage {
        let kind = as_type.unwrap_or(self.workflow_type);
        let own = Usage::of(&self.run, kind, megabytes);
        let children = self.children.iter();
        children.fold(own, |sum, sample| sum.and(&sample.usage(None, megabytes)))
    }

    /// The functions that it called, by name.
    pub(super) fn functions(&self, names: &mut BTreeSet<Arc<str>>) {
        names.extend(self.run.functions.keys().cloned());
        for child in self.children.iter().flat_map(|sample| &sample.runs) {
            child.functions(names);
        }
    }

    /// Children of its Map runs.
    pub(super) fn children_total(&self) -> u64 {
        self.children.iter().map(|sample| sample.total).sum()
    }

    /// Those of them that were read.
    pub(super) fn children_read(&self) -> u64 {
        let read = self
            .children
            .iter()
            .map(|sample| sample.runs.len())
            .sum::<usize>();
        u64::try_from(read).unwrap_or(u64::MAX)
    }
}

impl Sample {
    /// What all of them used, if those that were read are like the others.
    pub(super) fn usage(
        &self,
        as_type: Option<WorkflowType>,
        megabytes: &dyn Fn(&str) -> u64,
    ) -> Usage {
        let runs = self.runs.iter();
        let usage = runs.fold(Usage::default(), |sum, run| {
            sum.and(&run.usage(as_type, megabytes))
        });
        usage.scaled(
            self.total,
            u64::try_from(self.runs.len()).unwrap_or(u64::MAX),
        )
    }
}

impl Reader {
    /// One that reads `journals` at most.
    pub(super) fn new(
        runtime: Runtime,
        definitions: Arc<Definitions>,
        now: Timestamp,
        journals: usize,
    ) -> Reader {
        Reader {
            runtime,
            definitions,
            now,
            journals_left: Cell::new(journals),
        }
    }

    /// Reads one execution; `None` where there is none.
    pub(super) fn read(&self, key: Key) -> Result<Option<Measured>, Refusal> {
        self.measure(key, 0)
    }

    /// Counts the executions of a state machine or Map run that began between two times; chooses some of them, spread evenly.
    pub(super) fn count(
        &self,
        parent: &str,
        (since, until): (Timestamp, Timestamp),
        looked_at_max: usize,
        chosen_max: usize,
    ) -> Result<Counted, Refusal> {
        let mut counted = Counted {
            total: 0,
            looked_at: 0,
            longest_millis: 0,
            chosen: Vec::new(),
        };
        let max = u64::try_from(looked_at_max).unwrap_or(u64::MAX);
        let mut stride = 1;
        let visited = self.runtime.executions(parent, None, &mut |summary| {
            if summary.started_at < since || counted.looked_at >= max {
                return ControlFlow::Break(());
            }
            counted.looked_at += 1;
            if summary.started_at < until {
                counted.take(&summary, &mut stride, chosen_max, self.now);
            }
            ControlFlow::Continue(())
        });
        visited.map_err(|error| Refusal::store(&error))?;
        Ok(counted)
    }

    /// Reads those that were chosen.
    pub(super) fn sample(&self, counted: &Counted) -> Result<Sample, Refusal> {
        self.read_all(counted, 0)
    }

    fn read_all(&self, counted: &Counted, depth: u32) -> Result<Sample, Refusal> {
        let mut runs = Vec::new();
        for key in &counted.chosen {
            // One is always read, so that none is free only because others were read first.
            if self.journals_left.get() == 0 && !runs.is_empty() {
                break;
            }
            runs.extend(self.measure(*key, depth)?);
        }
        Ok(Sample {
            total: counted.total,
            runs,
        })
    }

    fn measure(&self, key: Key, depth: u32) -> Result<Option<Measured>, Refusal> {
        let left = self.journals_left.get();
        self.journals_left.set(left.saturating_sub(1));
        let stored = |error| Refusal::store(&error);
        let Some((summary, header)) = self.runtime.execution(key).map_err(stored)? else {
            return Ok(None);
        };
        let text = self
            .runtime
            .definition(summary.definition)
            .map_err(stored)?;
        let text = text.unwrap_or_default();
        let program = self.definitions.program(&text).map_err(Refusal::conflict)?;
        let events = self.runtime.events(key, &header).map_err(stored)?;
        let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let mut measured = Measured {
            workflow_type: header.workflow_type,
            status: summary.status,
            run: Run::of(&program, &events, bytes, self.now),
            program,
            children: Vec::new(),
        };
        if depth < DEPTH_MAX {
            for map_run in map_runs(&events) {
                let all = (
                    Timestamp::from_epoch_millis(i64::MIN),
                    Timestamp::from_epoch_millis(i64::MAX),
                );
                let counted = self.count(map_run, all, CHILDREN_MAX, CHILDREN_READ)?;
                measured.children.push(self.read_all(&counted, depth + 1)?);
            }
        }
        Ok(Some(measured))
    }
}

impl Counted {
    /// Counts one, and chooses every `stride`th: where there are too many, every other one is given up.
    fn take(&mut self, summary: &Summary, stride: &mut u64, max: usize, now: Timestamp) {
        let end = summary.stopped_at.unwrap_or(now);
        let millis = u64::try_from(end.millis_since(summary.started_at)).unwrap_or_default();
        self.longest_millis = self.longest_millis.max(millis);
        if self.total.is_multiple_of(*stride) {
            if self.chosen.len() >= max {
                let mut index = 0;
                self.chosen.retain(|_| {
                    index += 1;
                    index % 2 == 1
                });
                *stride = stride.saturating_mul(2);
            }
            if self.total.is_multiple_of(*stride) {
                self.chosen.push(Key::of(&summary.execution_arn));
            }
        }
        self.total += 1;
    }
}

/// The Map runs that these events began, each once.
fn map_runs(events: &[Event]) -> BTreeSet<&str> {
    let started = events.iter().filter_map(|event| match &event.kind {
        EventKind::MapRunStarted(run) => Some(&*run.map_run_arn),
        _ => None,
    });
    started.collect()
}
