//! Distributed Maps: their runs, and the executions that process their items.
//!
//! A Map run lives with the execution that it belongs to. Its own journal says which children were started; after a restart
//! the execution asks for the run again, the run asks for its unfinished children again, and each child that is
//! there already is found by its name.
//!
//! Execution and run do not send each other orders, which could cross: an execution may be stopped and redriven, and
//! stopped again, while a run still stops its children. Whenever either has moved, the run is aligned with what the
//! execution waits for by then: see [`Partition::align`].

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::map::{
    ArnRule, ChildOutcome, MapRun, MapRunCommand, MapRunDecision, MapRunEvent, MapRunInput,
    MapRunSpec, MapRunStatus, MapRunUpdate, child_header,
};
use passo_engine::{Budget, Command, Execution, ExecutionHeader, Input, MapRunId, Progress};
use passo_expr::Environment;
use passo_json::Payload;
use passo_store::{Snapshot, StoreError};
use passo_vocab::{Failure, Timestamp};

use super::guard::guarded;
use super::message::{Accepted, InputError, Start};
use super::turn::Effect;
use super::{Internal, Partition};
use crate::ports::DataOwner;
use crate::share::slot;
use crate::tables::journal;
use crate::tables::map_run::{self, MapRunRecord};
use crate::{Key, Results};

/// A Map run in memory.
pub(super) struct LiveMapRun {
    run: MapRun,
    program: Arc<Program>,
    definition: Arc<str>,
    /// The execution that it belongs to.
    owner: Key,
    header: Arc<ExecutionHeader>,
    id: MapRunId,
    events: Vec<MapRunEvent>,
    first_event: u64,
    is_listed: bool,
    /// Whether the store says that it is under way.
    is_open: bool,
    is_touched: bool,
    /// The last turn that it was part of.
    last_turn: u64,
}

/// A child's place in its Map run.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChildOf {
    pub(super) map_run: Key,
    pub(super) index: u32,
}

impl Partition {
    /// An execution asks for a Map run: begins it, or brings it back with whatever of it has no answer yet.
    pub(super) fn want_map_run(&mut self, owner: Key, id: MapRunId, spec: MapRunSpec) {
        match self.adopt_map_run(owner, id, spec) {
            Ok(key) => self.internal.push_back(Internal::Align { map_run: key }),
            Err(error) => self.quarantine(owner, &error.to_string()),
        }
    }

    /// An execution no longer waits for a Map run.
    pub(super) fn leave_map_run(&mut self, owner: Key, id: MapRunId) {
        let live = self.live.get(&owner);
        if let Some(map_run) = live.and_then(|live| live.map_runs.get(&id).copied()) {
            self.internal.push_back(Internal::Align { map_run });
        }
    }

    /// Lets a Map run be what its execution wants of it now: it stops where nobody waits for it, is redriven where a later
    /// attempt is waited for, and says how it ended where that is what is waited for. Doing so again changes nothing.
    pub(super) fn align(&mut self, key: Key, now: Timestamp, seed: u64) {
        let Some(run) = self.map_runs.get(&key) else {
            return;
        };
        let (owner, id) = (run.owner, run.id);
        let Some(live) = self.live.get(&owner) else {
            return;
        };
        let redrives = run.run.redrives().0;
        let input = match (live.execution.awaited_redrives(id), run.run.outcome()) {
            (None, None) => MapRunInput::Stop,
            (None, Some(_)) => {
                self.finished_map_runs.push(key);
                return;
            }
            (Some(count), _) if redrives < count => MapRunInput::Redrive { count },
            (Some(_), None) => return,
            (Some(redrives), Some(outcome)) => {
                let input = Input::MapRunFinished {
                    map_run: id,
                    redrives,
                    outcome,
                };
                let _ = self.input(owner, input, now, seed);
                self.finished_map_runs.push(key);
                return;
            }
        };
        self.drive_map_run(key, input, now, seed);
    }

    /// Brings a Map run to memory: a new one, or one that the store knows.
    fn adopt_map_run(
        &mut self,
        owner: Key,
        id: MapRunId,
        spec: MapRunSpec,
    ) -> Result<Key, StoreError> {
        let key = Key::of(&spec.map_run_arn);
        if self.map_runs.contains_key(&key) {
            return Ok(key);
        }
        let Some(live) = self.live.get(&owner) else {
            return Ok(key);
        };
        let (header, program) = (live.header.clone(), live.program.clone());
        let definition = live.definition.clone();
        let arns = ArnRule::new(move |arn| is_beside(owner, arn));
        let mut run = MapRun::new(Arc::new(spec)).with_arns(arns);
        let snapshot = self.store.snapshot()?;
        let mut events = 0_u64;
        let mut apply = |event: MapRunEvent| {
            events = events.saturating_add(1);
            let applied = run.evolve(&event);
            applied.map_err(|invariant| StoreError::Corrupt(invariant.to_string()))?;
            Ok(ControlFlow::Continue(()))
        };
        map_run::visit_events(snapshot.as_ref(), key, &mut apply)?;
        let is_open = events > 0 && run.status() == MapRunStatus::Running;
        let live = LiveMapRun {
            run,
            program,
            definition,
            owner,
            header,
            id,
            first_event: events.saturating_add(1),
            is_listed: events > 0,
            is_open,
            events: Vec::new(),
            is_touched: false,
            last_turn: 0,
        };
        let begins = live.first_event == 1;
        for command in live.run.pending_commands() {
            self.internal.push_back(Internal::MapRunCommand {
                map_run: key,
                command,
            });
        }
        self.map_runs.insert(key, live);
        if let Some(owner) = self.live.get_mut(&owner) {
            owner.map_runs.insert(id, key);
        }
        let first = if begins {
            MapRunInput::Start
        } else {
            MapRunInput::Continue
        };
        self.give_map_run(key, first);
        Ok(key)
    }

    /// After recovery: brings back Map runs that were under way although their executions wait for them no longer. What
    /// cannot be read stays as it is, and so does an execution in quarantine with all that it has.
    pub(super) fn find_orphans(&mut self) -> Result<(), StoreError> {
        let snapshot = self.store.snapshot()?;
        for (map_run, owner, id) in map_run::under_way(snapshot.as_ref())? {
            let known = self.map_runs.contains_key(&map_run);
            let is_own = self.share.owns(owner);
            if known || !is_own || !self.load(owner)? || self.is_set_aside(owner) {
                continue;
            }
            match self.spec_at_start(snapshot.as_ref(), owner, id) {
                Ok(Some(spec)) => self.want_map_run(owner, id, spec),
                Ok(None) => {}
                Err(StoreError::Corrupt(reason)) => self.quarantine(owner, &reason),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// What a Map run was started with: only the journal still says it once its execution has ended.
    fn spec_at_start(
        &self,
        snapshot: &dyn Snapshot,
        owner: Key,
        id: MapRunId,
    ) -> Result<Option<MapRunSpec>, StoreError> {
        let Some(live) = self.live.get(&owner) else {
            return Ok(None);
        };
        let mut execution = Execution::new(ExecutionHeader::clone(&live.header));
        for event in journal::events(snapshot, owner, &live.header)?.events {
            let applied = execution.evolve(&live.program, &event);
            applied.map_err(|invariant| StoreError::Corrupt(invariant.to_string()))?;
            if execution.sequence().number() == id.number() {
                break;
            }
        }
        let commands = execution.pending_commands(&live.program).into_iter();
        let mut specs = commands.filter_map(|command| match command {
            Command::StartMapRun { map_run, spec } if map_run == id => Some(*spec),
            _ => None,
        });
        Ok(specs.next())
    }

    /// Changes the settings of a Map run that is under way.
    pub(super) fn update_map_run(
        &mut self,
        owner: Key,
        map_run: Key,
        update: MapRunUpdate,
        now: Timestamp,
        seed: u64,
    ) -> Result<Accepted, InputError> {
        if !self.load(owner).map_err(InputError::Store)? {
            return Err(InputError::NotFound);
        }
        let found = self.map_runs.get(&map_run);
        if !found.is_some_and(|live| live.run.goes_on()) {
            return Err(InputError::Closed);
        }
        // At once, so that the turn that answers also has what it answers for.
        self.drive_map_run(map_run, MapRunInput::Update(update), now, seed);
        Ok(Accepted { at: now })
    }

    /// Lets one Map run decide.
    pub(super) fn drive_map_run(
        &mut self,
        key: Key,
        input: MapRunInput,
        now: Timestamp,
        seed: u64,
    ) {
        let entropy = self.entropy(seed);
        let Some(live) = self.map_runs.get_mut(&key) else {
            return;
        };
        let environment = Environment { now, entropy };
        let events_max = self.settings.decision_events_max;
        let mut decision = MapRunDecision::default();
        let outcome = guarded(|| {
            let budget = Budget::events(events_max);
            live.run
                .decide(&live.program, input, &environment, budget, &mut decision)
        });
        let progress = match outcome {
            Ok(progress) => progress,
            // The execution that waits for the run is set aside with it; what the step left behind is not stored.
            Err(reason) => {
                let owner = live.owner;
                self.map_runs.remove(&key);
                return self.quarantine(owner, &reason);
            }
        };
        let moved = !decision.events.is_empty();
        live.events.append(&mut decision.events);
        if moved && !live.is_touched {
            live.is_touched = true;
            self.touched_map_runs.push(key);
        }
        for command in decision.commands {
            self.internal.push_back(Internal::MapRunCommand {
                map_run: key,
                command,
            });
        }
        if progress == Progress::More {
            self.give_map_run(key, MapRunInput::Continue);
        }
    }

    pub(super) fn perform_for_map_run(
        &mut self,
        key: Key,
        command: MapRunCommand,
        now: Timestamp,
        seed: u64,
    ) {
        if !self.map_runs.contains_key(&key) {
            return;
        }
        match command {
            MapRunCommand::ReadItems { after, cursor } => {
                let effect = self.data_owner(key).map(|owner| Effect::ReadItems {
                    owner,
                    after,
                    cursor,
                });
                self.turn.effects.extend(effect);
            }
            MapRunCommand::WriteResults => {
                let (store, run) = (Arc::clone(&self.store), self.map_runs.get(&key));
                let arns = run.map(|live| live.run.arns().clone());
                let effect = self.data_owner(key).zip(arns).map(|(owner, arns)| {
                    let results = Results::new(store, key, Arc::clone(&owner.spec), arns);
                    Effect::WriteResults { owner, results }
                });
                self.turn.effects.extend(effect);
            }
            MapRunCommand::StartChild {
                index,
                name,
                input,
                redrives,
            } => {
                self.start_child(
                    ChildOf {
                        map_run: key,
                        index,
                    },
                    name,
                    redrives,
                    input,
                    now,
                    seed,
                );
            }
            MapRunCommand::StopChild { index } => {
                let child = self.children.get(&(key, index)).copied();
                if let Some(child) = child {
                    let failure = Failure {
                        error: None,
                        cause: None,
                    };
                    let _ = self.input(child, Input::Stop { failure }, now, seed);
                }
            }
            // How it ended is asked of the run itself: it may have moved on since it said so.
            MapRunCommand::Finish { .. } => self.align(key, now, seed),
        }
    }

    /// Whose data it is that a Map run reads and writes.
    fn data_owner(&self, map_run: Key) -> Option<DataOwner> {
        let live = self.map_runs.get(&map_run)?;
        Some(DataOwner {
            execution: live.owner,
            header: Arc::clone(&live.header),
            map_run,
            spec: live.run.shared_spec(),
        })
    }

    pub(super) fn give_map_run(&mut self, map_run: Key, input: MapRunInput) {
        self.internal.push_back(Internal::MapRun { map_run, input });
    }

    /// Starts a child, or finds the one that was started before a crash.
    fn start_child(
        &mut self,
        place: ChildOf,
        name: Arc<str>,
        redrives: u32,
        input: Payload,
        now: Timestamp,
        seed: u64,
    ) {
        let Some(live) = self.map_runs.get(&place.map_run) else {
            return;
        };
        let spec = live.run.spec();
        let arns = live.run.arns();
        let header = child_header(&live.header, spec, name, redrives, input, now, arns);
        let child = Key::of(&header.execution_arn);
        let (program, definition) = (live.program.clone(), live.definition.clone());
        let before = self.children.insert((place.map_run, place.index), child);
        if let Some(before) = before.filter(|before| *before != child) {
            self.places.remove(&before);
        }
        self.places.insert(child, place);
        if self.load(child).unwrap_or(false) {
            self.rejoin(place, child, redrives, now, seed);
            return;
        }
        let start = Start {
            header,
            program,
            definition,
            trace_header: None,
            named_by: None,
            started: None,
            finished: None,
        };
        self.start_as(start, now, seed);
    }

    /// A child that exists already: it goes on, is redriven, or tells its end again.
    fn rejoin(&mut self, place: ChildOf, child: Key, redrives: u32, now: Timestamp, seed: u64) {
        let Some(live) = self.live.get(&child) else {
            return;
        };
        let is_standard = live.is_stored_as_it_goes();
        let is_behind = is_standard && live.execution.redrive_count() < redrives;
        match ChildOutcome::of(live.execution.status()) {
            None => {}
            Some(ChildOutcome::Failed(_) | ChildOutcome::TimedOut(_) | ChildOutcome::Aborted)
                if is_behind =>
            {
                let _ = self.input(child, Input::Redrive, now, seed);
            }
            Some(outcome) => {
                self.forget_place(place, child);
                let input = MapRunInput::ChildFinished {
                    index: place.index,
                    outcome,
                };
                self.give_map_run(place.map_run, input);
            }
        }
    }

    /// A child that is over has told its Map run so: a run of a million children must not remember them all.
    pub(super) fn forget_place(&mut self, place: ChildOf, child: Key) {
        self.places.remove(&child);
        self.children.remove(&(place.map_run, place.index));
    }

    /// Adds what changed in Map runs to turn number `turn`.
    pub(super) fn write_map_runs(&mut self, turn: u64) {
        for key in std::mem::take(&mut self.touched_map_runs) {
            let Some(live) = self.map_runs.get_mut(&key) else {
                continue;
            };
            live.is_touched = false;
            live.last_turn = turn;
            if live.events.is_empty() {
                continue;
            }
            let batch = &mut self.turn.batch;
            map_run::put_events(batch, key, live.first_event, &live.events);
            live.first_event += live.events.len() as u64;
            live.events.clear();
            let record = record(live);
            map_run::put(batch, key, &record);
            let is_open = record.status == MapRunStatus::Running;
            if is_open != live.is_open {
                live.is_open = is_open;
                if is_open {
                    map_run::open(batch, key, live.owner, live.id);
                } else {
                    map_run::close(batch, key);
                }
            }
            if !live.is_listed {
                live.is_listed = true;
                map_run::list(batch, &record);
            }
        }
        for key in std::mem::take(&mut self.finished_map_runs) {
            self.ended_map_runs.push_back((turn, key));
        }
    }

    /// Whether an execution that goes on waits for a Map run: its redrive may still be on the way to the run.
    fn is_waited_for(&self, owner: Key, id: MapRunId) -> bool {
        let owner = self.live.get(&owner);
        owner.is_some_and(|live| {
            let awaits = live.execution.awaited_redrives(id).is_some();
            awaits && live.summary.quarantine.is_none()
        })
    }

    /// An execution whose Map run has left memory may leave it as well.
    fn forget_map_run(&mut self, owner: Key, id: MapRunId) {
        let Some(live) = self.live.get_mut(&owner) else {
            return;
        };
        live.map_runs.remove(&id);
        if live.is_at_rest() {
            let queue = if live.is_closed() {
                &mut self.over
            } else {
                &mut self.resting
            };
            queue.push_back((live.last_turn, owner));
        }
    }

    /// Lets go of Map runs that are over, once the turns up to `durable` are: a redrive must not read an older journal
    /// than the one in memory.
    pub(super) fn release_map_runs(&mut self, durable: u64) {
        while let Some((turn, key)) = self.ended_map_runs.front().copied() {
            if turn > durable {
                return;
            }
            self.ended_map_runs.pop_front();
            let Some(live) = self.map_runs.get(&key) else {
                continue;
            };
            // One that goes on ends again.
            if live.run.outcome().is_none() || self.is_waited_for(live.owner, live.id) {
                continue;
            }
            // Late news of it has come since, which may have changed nothing.
            let last_turn = if live.is_touched {
                self.turns + 1
            } else {
                live.last_turn
            };
            if last_turn > durable {
                self.ended_map_runs.push_back((last_turn, key));
                continue;
            }
            self.release_map_run(key);
        }
    }

    fn release_map_run(&mut self, key: Key) {
        if let Some(over) = self.map_runs.remove(&key) {
            self.forget_map_run(over.owner, over.id);
        }
        let children = self.children.range((key, 0)..=(key, u32::MAX));
        let children: Vec<(u32, Key)> = children
            .map(|((_, index), child)| (*index, *child))
            .collect();
        for (index, child) in children {
            self.children.remove(&(key, index));
            self.places.remove(&child);
        }
    }
}

fn record(live: &LiveMapRun) -> MapRunRecord {
    let (run, spec) = (&live.run, live.run.spec());
    let (redrive_count, redriven_at) = run.redrives();
    MapRunRecord {
        map_run_arn: spec.map_run_arn.clone(),
        execution_arn: live.header.execution_arn.clone(),
        state_machine_arn: format!("{}/{}", live.header.state_machine_arn, spec.label).into(),
        status: run.status(),
        started_at: run.started_at().unwrap_or(live.header.started_at),
        stopped_at: run.stopped_at(),
        max_concurrency: spec.max_concurrency,
        tolerated_failure_count: spec.tolerated_failure_count.unwrap_or(0),
        tolerated_failure_percentage: spec.tolerated_failure_percentage.unwrap_or(0.0),
        item_counts: run.item_counts(),
        execution_counts: run.execution_counts(),
        redrive_count,
        redriven_at,
    }
}

/// Whether an execution has the slot of another one: children have that of the run's execution, so that all have one
/// owner.
fn is_beside(other: Key, execution_arn: &str) -> bool {
    slot(Key::of(execution_arn)) == slot(other)
}
