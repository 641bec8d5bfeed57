//! Bringing executions back into memory: one that is woken, or all that must go on after a restart.

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_asl::program::TaskResource;
use passo_engine::{Command, Execution, ExecutionHeader, Input, TaskProgress};
use passo_store::{Direction, KeyRange, Snapshot, StoreError};
use passo_vocab::Timestamp;

use super::Partition;
use super::live::{Live, Runnable};
use super::turn::Effect;
use crate::Key;
use crate::tables::open::Resume;
use crate::tables::summary::Summary;
use crate::tables::timer::Timer;
use crate::tables::{activity, definition, journal, open, summary, timer};

/// Programs kept after the last execution that ran them has left memory.
const PROGRAMS_MAX: usize = 1000;

impl Partition {
    /// Reads what was under way when the process ended: every timer, and every execution that cannot wait to be woken.
    /// Tasks without a result are asked for again, with the ids that they had.
    ///
    /// # Errors
    /// Where the store cannot be read. An execution that cannot be read does not stop the others.
    pub fn recover(&mut self, now: Timestamp, seed: u64) -> Result<(), StoreError> {
        let snapshot = self.store.snapshot()?;
        let (timers, share) = (&mut self.timers, self.share);
        snapshot.scan(
            timer::SPACE,
            &KeyRange::all(),
            Direction::Forward,
            &mut |key, _| {
                if let Some(timer) = timer::from_key(key)
                    && share.owns(timer.execution)
                {
                    timers.set(timer);
                }
                ControlFlow::Continue(())
            },
        )?;
        let effects = &mut self.turn.effects;
        snapshot.scan(
            activity::SPACE,
            &KeyRange::all(),
            Direction::Forward,
            &mut |key, value| {
                let task = activity::from_row(key, value);
                let own = task.filter(|task| share.owns(task.execution));
                effects.extend(own.map(Effect::OfferActivityTask));
                ControlFlow::Continue(())
            },
        )?;
        let mut at_once = Vec::new();
        let open = &mut self.open;
        snapshot.scan(
            open::SPACE,
            &KeyRange::all(),
            Direction::Forward,
            &mut |key, value| {
                if let Some(key) = Key::from_bytes(key).filter(|key| share.owns(*key)) {
                    *open = open.saturating_add(1);
                    if open::from_value(value) == Resume::AtOnce {
                        at_once.push(key);
                    }
                }
                ControlFlow::Continue(())
            },
        )?;
        for key in at_once {
            if self.load(key)? && !self.is_set_aside(key) {
                self.ask_again(key);
                self.drive(key, Input::Continue, now, seed);
            }
        }
        self.find_orphans()
    }

    /// Whether an execution in memory is in quarantine: nothing is asked for it any more.
    pub(super) fn is_set_aside(&self, key: Key) -> bool {
        let live = self.live.get(&key);
        live.is_some_and(|live| live.summary.quarantine.is_some())
    }

    /// Makes sure that an execution is in memory. Whether there is such an execution.
    pub(super) fn load(&mut self, key: Key) -> Result<bool, StoreError> {
        debug_assert!(self.share.owns(key), "an execution has one owner");
        if self.live.contains_key(&key) {
            return Ok(true);
        }
        if self.forgotten.contains_key(&key) {
            return Ok(false);
        }
        let snapshot = self.store.snapshot()?;
        let Some(summary) = summary::get(snapshot.as_ref(), key)? else {
            return Ok(false);
        };
        match self.rebuild(snapshot.as_ref(), key, summary.clone()) {
            Ok(live) => {
                self.adopt(key, live);
                Ok(true)
            }
            Err(StoreError::Corrupt(reason)) => self.set_aside(key, summary, &reason),
            Err(error) => Err(error),
        }
    }

    /// The header and the summary of an execution that is not in memory.
    pub(super) fn stored_header(
        &self,
        key: Key,
    ) -> Result<Option<(ExecutionHeader, Summary)>, StoreError> {
        if self.forgotten.contains_key(&key) {
            return Ok(None);
        }
        let snapshot = self.store.snapshot()?;
        let Some(summary) = summary::get(snapshot.as_ref(), key)? else {
            return Ok(None);
        };
        Ok(Some((journal::header(snapshot.as_ref(), key)?, summary)))
    }

    fn rebuild(
        &mut self,
        snapshot: &dyn Snapshot,
        key: Key,
        summary: Summary,
    ) -> Result<Live, StoreError> {
        let header = journal::header(snapshot, key)?;
        let program = self.program(snapshot, summary.definition)?;
        let replayed = journal::events(snapshot, key, &header)?;
        let mut execution = Execution::new(header.clone());
        for event in &replayed.events {
            let applied = execution.evolve(&program.0, event);
            applied.map_err(|invariant| StoreError::Corrupt(invariant.to_string()))?;
        }
        let (program, definition) = program;
        let mut live = Live::new(execution, Arc::new(header), program, definition, summary);
        live.encoder = replayed.encoder;
        live.first_event = replayed.events.len() as u64 + 1;
        live.last_moved = replayed
            .events
            .last()
            .map_or(live.last_moved, |event| event.at);
        live.is_stored = true;
        live.is_changed = false;
        Ok(live)
    }

    fn program(&mut self, snapshot: &dyn Snapshot, key: Key) -> Result<Runnable, StoreError> {
        if let Some(known) = self.programs.get(&key) {
            return Ok(known.clone());
        }
        let text = snapshot
            .get(definition::SPACE, key.as_bytes())?
            .unwrap_or_default();
        let text = String::from_utf8(text).unwrap_or_default();
        let program = self
            .definitions
            .program(&text)
            .map_err(StoreError::Corrupt)?;
        let runnable = (program, Arc::from(text));
        self.remember(key, runnable.clone());
        self.stored_definitions.insert(key);
        Ok(runnable)
    }

    /// Keeps a program for the next execution that runs it.
    pub(super) fn remember(&mut self, definition: Key, runnable: Runnable) {
        if self.programs.len() >= PROGRAMS_MAX {
            self.programs
                .retain(|_, (program, _)| Arc::strong_count(program) > 1);
        }
        self.programs.entry(definition).or_insert(runnable);
    }

    /// Takes a rebuilt execution in, with the timers that the table already has.
    fn adopt(&mut self, key: Key, mut live: Live) {
        // One that was set aside has no timers, and gets none.
        let wanted = if live.summary.quarantine.is_none() {
            live.execution.pending_commands(&live.program)
        } else {
            Vec::new()
        };
        for command in wanted {
            match command {
                Command::SetTimer { timer, at } => {
                    live.timers.insert(timer, at);
                    self.timers.set(Timer {
                        at,
                        execution: key,
                        id: timer,
                    });
                }
                Command::StartTask(task) => {
                    let waits = task.progress == TaskProgress::Scheduled;
                    if let (TaskResource::Activity { arn }, true) = (&task.resource, waits) {
                        live.activities.insert(task.task, Key::of(arn));
                    }
                }
                Command::StartMapRun { .. }
                | Command::RedriveMapRun { .. }
                | Command::StopMapRun { .. }
                | Command::CancelTask { .. }
                | Command::CancelTimer { .. }
                | Command::Finish { .. } => {}
            }
        }
        // Whoever asked for it may have nothing to tell it: then it leaves again with the next release.
        let queue = if live.is_closed() {
            &mut self.over
        } else {
            &mut self.resting
        };
        queue.push_back((live.last_turn, key));
        self.live.insert(key, Box::new(live));
    }

    /// Asks again for everything whose answer is missing; timers and queues of activities have tables of their own.
    fn ask_again(&mut self, key: Key) {
        let Some(live) = self.live.get(&key) else {
            return;
        };
        for command in live.execution.pending_commands(&live.program) {
            let waits_for_worker = matches!(&command, Command::StartTask(task)
                if matches!(task.resource, TaskResource::Activity { .. }));
            if !waits_for_worker && !matches!(command, Command::SetTimer { .. }) {
                self.perform(key, command);
            }
        }
    }

    /// An execution whose journal cannot be read goes into quarantine; nothing of it is lost, or driven.
    fn set_aside(
        &mut self,
        key: Key,
        mut summary: Summary,
        reason: &str,
    ) -> Result<bool, StoreError> {
        if summary.quarantine.is_none() {
            summary.quarantine = Some(Arc::from(reason));
            summary::put(&mut self.turn.batch, key, &summary);
        }
        // Only its journal says which timers it has, and that cannot be read.
        for timer in self.timers.of(key) {
            self.timers.cancel(timer);
            timer::delete(&mut self.turn.batch, timer);
        }
        Ok(false)
    }
}
