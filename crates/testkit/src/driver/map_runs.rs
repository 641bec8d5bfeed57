//! Distributed Maps: their runs, and the executions that process their items.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_engine::map::{
    Counts, MapRun, MapRunCommand, MapRunDecision, MapRunInput, MapRunSpec, child_header,
};
use passo_engine::{Budget, Input, MapRunId, Progress};
use passo_json::Payload;
use passo_vocab::{ErrorName, Failure};

use super::run::{Run, Work};
use super::{DriveError, ExecutionKey, Origin};

/// The name of a Map run within a run of the driver.
pub(super) type MapRunKey = (ExecutionKey, MapRunId);

/// A Map run that is under way.
#[derive(Debug)]
pub(super) struct LiveMapRun {
    pub(super) run: MapRun,
    /// Its children that run.
    pub(super) children: BTreeMap<u32, ExecutionKey>,
    /// What the last observer saw of it.
    pub(super) told: Counts,
}

impl LiveMapRun {
    pub(super) fn new(spec: MapRunSpec) -> LiveMapRun {
        LiveMapRun {
            run: MapRun::new(Arc::new(spec)),
            children: BTreeMap::new(),
            told: Counts::default(),
        }
    }
}

impl Run<'_> {
    /// Gives one input to one Map run and performs what it asks for.
    pub(super) fn map_run_turn(
        &mut self,
        key: MapRunKey,
        input: MapRunInput,
    ) -> Result<(), DriveError> {
        self.environment.now = self.clock.now();
        let Some(live) = self.map_runs.get_mut(&key) else {
            return Ok(());
        };
        let mut decision = MapRunDecision::default();
        let progress = live.run.decide(
            self.program,
            input,
            &self.environment,
            Budget::default(),
            &mut decision,
        );
        let items = live.run.item_counts();
        if items != live.told {
            live.told = items;
            self.observer.map_run_moved(key.0, key.1, items);
        }
        match progress.map_err(DriveError::Engine)? {
            Progress::Settled => {}
            Progress::More => {
                let work = Work::MapRun(key, MapRunInput::Continue);
                self.inputs.push_front(work);
            }
        }
        for command in decision.commands {
            self.perform_for_map_run(key, command);
        }
        Ok(())
    }

    fn perform_for_map_run(&mut self, key: MapRunKey, command: MapRunCommand) {
        match command {
            MapRunCommand::ReadItems { .. } => {
                let cause = "Reading items from another service is not supported here; give the items as the state's input.";
                let failure = Failure::new(ErrorName::ITEM_READER_FAILED, cause);
                self.give_map_run(key, MapRunInput::ReadFailed(failure));
            }
            MapRunCommand::WriteResults => {
                let cause = "Writing results to another service is not supported here.";
                let failure = Failure::new(ErrorName::RESULT_WRITER_FAILED, cause);
                self.give_map_run(key, MapRunInput::WriteFailed(failure));
            }
            MapRunCommand::StartChild {
                index,
                name,
                input,
                redrives,
            } => self.start_child(key, index, name, redrives, input),
            MapRunCommand::StopChild { index } => {
                let child = self.map_runs.get(&key);
                if let Some(child) = child.and_then(|live| live.children.get(&index).copied()) {
                    let failure = Failure::default();
                    self.give(child, Input::Stop { failure });
                }
            }
            MapRunCommand::Finish { redrives, outcome } => {
                let (owner, map_run) = key;
                self.map_runs.remove(&key);
                let input = Input::MapRunFinished {
                    map_run,
                    redrives,
                    outcome,
                };
                self.give(owner, input);
            }
        }
    }

    fn start_child(
        &mut self,
        key: MapRunKey,
        index: u32,
        name: Arc<str>,
        redrives: u32,
        input: Payload,
    ) {
        let (parent, map_run) = key;
        let (Some(owner), Some(live)) = (self.live.get(&parent), self.map_runs.get_mut(&key))
        else {
            return;
        };
        self.last_key = self.last_key.next();
        let child = self.last_key;
        live.children.insert(index, child);
        let header = child_header(
            owner.execution.header(),
            live.run.spec(),
            name,
            redrives,
            input,
            self.environment.now,
            live.run.arns(),
        );
        let origin = Origin::MapRunChild {
            parent,
            map_run,
            index,
        };
        self.begin(child, header, origin);
    }
}
