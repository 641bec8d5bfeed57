//! From an event to the next state.

use std::sync::Arc;

use passo_vocab::Timestamp;

use super::state::{Child, ChildStatus, MapRun, MapRunStatus, Phase};
use super::{ChildOutcome, MapRunEvent, MapRunUpdate, PlannedChild};
use crate::Invariant;
use crate::map::Counts;

/// AWS's bound, which is also what 0 means.
const CONCURRENCY_MAX: u32 = 10_000;

impl MapRun {
    /// Applies one event; the only writer of state.
    ///
    /// # Errors
    /// When the event does not fit.
    pub fn evolve(&mut self, event: &MapRunEvent) -> Result<(), Invariant> {
        match event {
            MapRunEvent::Started { at } => {
                self.phase = Phase::Running;
                self.started_at = Some(*at);
            }
            MapRunEvent::Planned {
                children,
                waiting,
                read,
                cursor,
                last,
            } => {
                self.plan(children);
                self.waiting.clone_from(waiting);
                self.read = *read;
                self.cursor.clone_from(cursor);
                self.all_read = *last;
                self.reading = false;
            }
            MapRunEvent::ChildStarted { index, name, at } => self.start(*index, name, *at)?,
            MapRunEvent::ChildFinished { index, outcome, at } => {
                self.finish_child(*index, outcome, *at)?;
            }
            MapRunEvent::Updated(update) => self.update(update),
            MapRunEvent::Ending { failure } => {
                self.phase = Phase::Ending;
                self.failure.clone_from(failure);
                self.abort_pending();
            }
            MapRunEvent::ResultsWritten { details } => {
                self.written = Some(details.clone());
                self.items.results_written = ended(&self.items);
                self.executions.results_written = ended(&self.executions);
            }
            MapRunEvent::Finished {
                failure,
                aborted,
                at,
            } => {
                self.phase = Phase::Finished;
                self.failure.clone_from(failure);
                self.stopped_at = Some(*at);
                self.status = match (aborted, failure) {
                    (true, _) => MapRunStatus::Aborted,
                    (false, Some(_)) => MapRunStatus::Failed,
                    (false, None) => MapRunStatus::Succeeded,
                };
            }
            MapRunEvent::Redriven { at } => self.redrive(*at),
        }
        Ok(())
    }

    fn plan(&mut self, planned: &[PlannedChild]) {
        for child in planned {
            let index = self.planned;
            self.planned = self.planned.saturating_add(1);
            self.pending.push_back(index);
            add(
                &mut self.items,
                &mut self.executions,
                &ChildStatus::Pending,
                child.items,
                true,
            );
            self.items.total = self.items.total.saturating_add(u64::from(child.items));
            self.executions.total = self.executions.total.saturating_add(1);
            let child = Child {
                input: child.input.clone(),
                items: child.items,
                name: None,
                status: ChildStatus::Pending,
                started_at: None,
                stopped_at: None,
                redrives: 0,
            };
            self.children.insert(index, child);
        }
    }

    fn start(&mut self, index: u32, name: &Arc<str>, at: Timestamp) -> Result<(), Invariant> {
        if self.pending.pop_front() != Some(index) {
            return Err(Invariant::new("children start in order"));
        }
        self.running = self.running.saturating_add(1);
        let child = self.turn(index, ChildStatus::Running)?;
        if child.name.is_some() {
            child.redrives = child.redrives.saturating_add(1);
        }
        child.name = Some(Arc::clone(name));
        child.started_at = child.started_at.or(Some(at));
        child.stopped_at = None;
        Ok(())
    }

    fn finish_child(
        &mut self,
        index: u32,
        outcome: &ChildOutcome,
        at: Timestamp,
    ) -> Result<(), Invariant> {
        self.running = self.running.saturating_sub(1);
        let child = self.turn(index, ChildStatus::Ended(outcome.clone()))?;
        child.stopped_at = Some(at);
        if matches!(outcome, ChildOutcome::Succeeded(_))
            && let Some(child) = self.children.remove(&index)
        {
            self.results.add(&self.spec, &self.arns, index, &child);
        }
        Ok(())
    }

    fn update(&mut self, update: &MapRunUpdate) {
        let spec = Arc::make_mut(&mut self.spec);
        if let Some(most) = update.max_concurrency {
            spec.max_concurrency = if most == 0 {
                CONCURRENCY_MAX
            } else {
                most.min(CONCURRENCY_MAX)
            };
        }
        if let Some(count) = update.tolerated_failure_count {
            spec.tolerated_failure_count = Some(count);
        }
        if let Some(percentage) = update.tolerated_failure_percentage {
            spec.tolerated_failure_percentage = Some(percentage);
        }
    }

    /// Children that were never started count as aborted; a redrive starts them.
    fn abort_pending(&mut self) {
        for index in std::mem::take(&mut self.pending) {
            let _ = self.turn(index, ChildStatus::Ended(ChildOutcome::Aborted));
        }
    }

    fn redrive(&mut self, at: Timestamp) {
        if self.phase == Phase::Finished {
            self.reading = false;
            self.writing = false;
        }
        self.phase = Phase::Running;
        self.status = MapRunStatus::Running;
        self.failure = None;
        self.written = None;
        self.stopped_at = None;
        self.redrives = self.redrives.saturating_add(1);
        self.redriven_at = Some(at);
        let ended = self
            .children
            .iter()
            .filter(|(_, child)| match child.status {
                ChildStatus::Ended(_) => true,
                ChildStatus::Pending | ChildStatus::Running => false,
            });
        let again: Vec<u32> = ended.map(|(index, _)| *index).collect();
        for index in again {
            if self.turn(index, ChildStatus::Pending).is_ok() {
                self.pending.push_back(index);
            }
        }
    }

    /// Moves a child from one status to another, and the counts with it.
    fn turn(&mut self, index: u32, status: ChildStatus) -> Result<&mut Child, Invariant> {
        let child = self
            .children
            .get_mut(&index)
            .ok_or(Invariant::new("a child was planned"))?;
        add(
            &mut self.items,
            &mut self.executions,
            &child.status,
            child.items,
            false,
        );
        add(
            &mut self.items,
            &mut self.executions,
            &status,
            child.items,
            true,
        );
        child.status = status;
        Ok(child)
    }
}

fn ended(counts: &Counts) -> u64 {
    counts
        .succeeded
        .saturating_add(counts.unsuccessful())
        .saturating_add(counts.aborted)
}

fn add(items: &mut Counts, executions: &mut Counts, status: &ChildStatus, of: u32, more: bool) {
    for (counts, by) in [(items, u64::from(of)), (executions, 1)] {
        let count = match status {
            ChildStatus::Pending => &mut counts.pending,
            ChildStatus::Running => &mut counts.running,
            ChildStatus::Ended(ChildOutcome::Succeeded(_)) => &mut counts.succeeded,
            ChildStatus::Ended(ChildOutcome::Failed(_)) => &mut counts.failed,
            ChildStatus::Ended(ChildOutcome::TimedOut(_)) => &mut counts.timed_out,
            ChildStatus::Ended(ChildOutcome::Aborted) => &mut counts.aborted,
        };
        *count = if more {
            count.saturating_add(by)
        } else {
            count.saturating_sub(by)
        };
    }
}
