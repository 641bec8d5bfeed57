//! From an input to events and commands.

use std::sync::Arc;

use passo_asl::program::Program;
use passo_expr::Environment;
use passo_vocab::{ErrorName, Failure};

use super::plan::Page;
use super::state::{ChildStatus, MapRun, MapRunStatus, Phase};
use super::{MapRunCommand, MapRunDecision, MapRunEvent, MapRunInput};
use crate::{Budget, Invariant, MapRunOutcome, Progress};

/// Children that may wait before the next page is read.
const AHEAD_MAX: usize = 1000;

struct Turn<'a> {
    run: &'a mut MapRun,
    program: &'a Program,
    environment: &'a Environment,
    decision: &'a mut MapRunDecision,
    emitted: u32,
}

impl MapRun {
    /// Takes one input and moves on until nothing can move or the budget is used up, as
    /// [`Execution::decide`](crate::Execution::decide) does.
    ///
    /// # Errors
    /// When an invariant is broken; the Map run must then be set aside.
    pub fn decide(
        &mut self,
        program: &Program,
        input: MapRunInput,
        environment: &Environment,
        budget: Budget,
        decision: &mut MapRunDecision,
    ) -> Result<Progress, Invariant> {
        let mut turn = Turn {
            run: self,
            program,
            environment,
            decision,
            emitted: 0,
        };
        turn.accept(input)?;
        turn.run(budget)
    }

    /// After recovery: the commands whose answers are still missing.
    pub fn pending_commands(&self) -> Vec<MapRunCommand> {
        let mut commands = Vec::new();
        match self.phase {
            Phase::Created => return commands,
            // Whoever waits for the end may not have heard of it.
            Phase::Finished => {
                return vec![MapRunCommand::Finish {
                    redrives: self.redrives,
                    outcome: self.ended_as(),
                }];
            }
            Phase::Running | Phase::Ending => {}
        }
        for (&index, child) in &self.children {
            if let (ChildStatus::Running, Some(name)) = (&child.status, &child.name) {
                commands.push(MapRunCommand::StartChild {
                    index,
                    name: Arc::clone(name),
                    input: child.input.clone(),
                    redrives: child.redrives,
                });
                if self.phase == Phase::Ending {
                    commands.push(MapRunCommand::StopChild { index });
                }
            }
        }
        commands
    }
}

impl MapRun {
    /// How it ended; none while it is under way.
    pub fn outcome(&self) -> Option<MapRunOutcome> {
        (self.phase == Phase::Finished).then(|| self.ended_as())
    }

    fn ended_as(&self) -> MapRunOutcome {
        match (self.status, &self.failure) {
            (MapRunStatus::Aborted, _) => MapRunOutcome::Aborted,
            (_, Some(failure)) => MapRunOutcome::Failed(failure.clone()),
            (_, None) => MapRunOutcome::Succeeded(self.result()),
        }
    }
}

impl Turn<'_> {
    fn accept(&mut self, input: MapRunInput) -> Result<(), Invariant> {
        match input {
            MapRunInput::Start if self.run.phase == Phase::Created => {
                self.emit(MapRunEvent::Started {
                    at: self.environment.now,
                })
            }
            MapRunInput::Start | MapRunInput::Continue => Ok(()),
            MapRunInput::ItemsRead {
                after,
                items,
                source,
                cursor,
                last,
            } => {
                if self.run.phase != Phase::Running || !self.run.reading || self.run.read != after {
                    return Ok(());
                }
                self.plan(Page {
                    items,
                    source,
                    cursor,
                    last,
                })
            }
            MapRunInput::ReadFailed(_) if !self.run.reading => Ok(()),
            MapRunInput::ReadFailed(failure) => self.end(Some(failure)),
            MapRunInput::ChildFinished { index, outcome } => {
                if self.run.child(index).map(|child| &child.status) != Some(&ChildStatus::Running) {
                    return Ok(());
                }
                self.emit(MapRunEvent::ChildFinished {
                    index,
                    outcome,
                    at: self.environment.now,
                })
            }
            MapRunInput::Update(update) => match self.run.phase {
                Phase::Running => self.emit(MapRunEvent::Updated(update)),
                Phase::Created | Phase::Ending | Phase::Finished => Ok(()),
            },
            MapRunInput::Stop => self.end(None),
            MapRunInput::Redrive { count } => self.redrive(count),
            MapRunInput::ResultsWritten(details) => {
                if !self.run.writing || self.run.written.is_some() {
                    return Ok(());
                }
                self.emit(MapRunEvent::ResultsWritten { details })
            }
            MapRunInput::WriteFailed(failure) => {
                if self.run.phase == Phase::Finished || !self.run.writing {
                    return Ok(());
                }
                self.finish(Some(failure), false)
            }
        }
    }

    /// Catches up with the redrives of the execution: one that was stopped and redriven before the stop came here goes
    /// on with the children that it has, and with those that had failed.
    fn redrive(&mut self, count: u32) -> Result<(), Invariant> {
        match self.run.phase {
            Phase::Created | Phase::Ending => return Ok(()),
            Phase::Running | Phase::Finished => {}
        }
        while self.run.redrives < count {
            self.emit(MapRunEvent::Redriven {
                at: self.environment.now,
            })?;
        }
        Ok(())
    }

    fn run(&mut self, budget: Budget) -> Result<Progress, Invariant> {
        loop {
            if self.emitted >= budget.get() {
                return Ok(Progress::More);
            }
            let before = self.emitted;
            match self.run.phase {
                Phase::Created | Phase::Finished => return Ok(Progress::Settled),
                Phase::Running => self.step()?,
                Phase::Ending => self.ending_step()?,
            }
            if self.emitted == before {
                return Ok(Progress::Settled);
            }
        }
    }

    fn step(&mut self) -> Result<(), Invariant> {
        if self.beyond_tolerance() {
            let cause = "The specified tolerated failure threshold was exceeded";
            return self.end(Some(Failure::new(
                ErrorName::EXCEED_TOLERATED_FAILURE_THRESHOLD,
                cause,
            )));
        }
        if let Some(index) = self.run.pending.front().copied()
            && self.run.running < self.run.spec.max_concurrency
        {
            return self.start_child(index);
        }
        if !self.run.all_read {
            return self.read();
        }
        if self.run.pending.is_empty() && self.run.running == 0 {
            return self.complete(None, false);
        }
        Ok(())
    }

    fn ending_step(&mut self) -> Result<(), Invariant> {
        if self.run.running > 0 {
            return Ok(());
        }
        let failure = self.run.failure.clone();
        let aborted = failure.is_none();
        self.complete(failure, aborted)
    }

    fn start_child(&mut self, index: u32) -> Result<(), Invariant> {
        let Some(child) = self.run.child(index) else {
            return Err(Invariant::new("a child was planned"));
        };
        let redrives = child
            .redrives
            .saturating_add(u32::from(child.name.is_some()));
        let name = child
            .name
            .clone()
            .unwrap_or_else(|| self.run.draw_name(&self.environment.entropy));
        let input = child.input.clone();
        self.emit(MapRunEvent::ChildStarted {
            index,
            name: Arc::clone(&name),
            at: self.environment.now,
        })?;
        self.decision.commands.push(MapRunCommand::StartChild {
            index,
            name,
            input,
            redrives,
        });
        Ok(())
    }

    fn read(&mut self) -> Result<(), Invariant> {
        if let Some(items) = self.run.own_items() {
            return self.plan(Page {
                items,
                source: None,
                cursor: None,
                last: true,
            });
        }
        if !self.run.reading && self.run.pending.len() < AHEAD_MAX {
            self.run.reading = true;
            self.decision.commands.push(MapRunCommand::ReadItems {
                after: self.run.read,
                cursor: self.run.cursor.clone(),
            });
        }
        Ok(())
    }

    /// Makes children of the items of one page.
    fn plan(&mut self, page: Page) -> Result<(), Invariant> {
        match self.run.planned(self.program, self.environment, page) {
            Ok(planned) => self.emit(planned),
            Err(failure) => self.end(Some(failure)),
        }
    }

    /// Either limit that is given counts; without any, no item may fail.
    fn beyond_tolerance(&self) -> bool {
        let spec = &self.run.spec;
        let failed = self.run.items.unsuccessful();
        let count = match (
            spec.tolerated_failure_count,
            spec.tolerated_failure_percentage,
        ) {
            (None, None) => Some(0),
            (count, _) => count,
        };
        if count.is_some_and(|most| failed > most) {
            return true;
        }
        // A share of the whole is known when all of it was read.
        let Some(most) = spec
            .tolerated_failure_percentage
            .filter(|_| self.run.all_read)
        else {
            return false;
        };
        self.run.items.total > 0 && failed as f64 * 100.0 > most * self.run.items.total as f64
    }

    /// Stops what runs; the end follows when all children have ended.
    fn end(&mut self, failure: Option<Failure>) -> Result<(), Invariant> {
        if self.run.phase != Phase::Running {
            return Ok(());
        }
        self.emit(MapRunEvent::Ending { failure })?;
        for (&index, child) in &self.run.children {
            if child.status == ChildStatus::Running {
                self.decision
                    .commands
                    .push(MapRunCommand::StopChild { index });
            }
        }
        Ok(())
    }

    /// All children have ended: results are written where the state says so, then it is over.
    fn complete(&mut self, failure: Option<Failure>, aborted: bool) -> Result<(), Invariant> {
        if self.run.spec.exports() && self.run.written.is_none() && !aborted {
            if !self.run.writing {
                self.run.writing = true;
                self.decision.commands.push(MapRunCommand::WriteResults);
            }
            return Ok(());
        }
        self.finish(failure, aborted)
    }

    fn finish(&mut self, failure: Option<Failure>, aborted: bool) -> Result<(), Invariant> {
        self.emit(MapRunEvent::Finished {
            failure,
            aborted,
            at: self.environment.now,
        })?;
        self.decision.commands.push(MapRunCommand::Finish {
            redrives: self.run.redrives,
            outcome: self.run.ended_as(),
        });
        Ok(())
    }

    fn emit(&mut self, event: MapRunEvent) -> Result<(), Invariant> {
        self.run.evolve(&event)?;
        self.decision.events.push(event);
        self.emitted = self.emitted.saturating_add(1);
        Ok(())
    }
}
