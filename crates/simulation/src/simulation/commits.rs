//! What becomes durable, and what happens after it: effects, crashes, audits.

use passo_runtime::Effect;
use passo_store::{Batch, Durability, Fault, Store as _};

use super::{PARTITIONS_OFTEN, Simulation};
use crate::partitions::Ended;
use crate::process::Process;
use crate::report::Defect;
use crate::workflow::Temper;
use crate::world::Happening;

impl Simulation<'_> {
    /// Some turns become durable together, or not.
    pub(super) fn commit(&mut self) -> Result<(), Defect> {
        let group = self.random.count(self.process.pending.len()) + 1;
        let fault = self.fault();
        let batches: Vec<Batch> = self
            .process
            .pending
            .iter()
            .take(group)
            .map(|(_, turn)| turn.batch.clone())
            .collect();
        self.log(&format!("commit of {group} turns meets {fault:?}"));
        if self.is_disturbed && self.random.per_mille(300) {
            // Each for itself, synced by the last: a crash between them keeps a prefix.
            let crash = fault != Fault::None && fault != Fault::Full;
            let calm = self.random.count(batches.len() + 1);
            self.store.plan(std::iter::repeat_n(
                Fault::None,
                if crash { calm } else { 0 },
            ));
            self.store.plan(crash.then_some(fault));
            for batch in &batches {
                let _ = self.store.commit(batch, Durability::Buffered);
            }
            let _ = self.store.commit(&Batch::new(), Durability::Synced);
        } else {
            let mut whole = Batch::new();
            batches.into_iter().for_each(|batch| whole.append(batch));
            if !whole.is_empty() {
                self.store.plan([fault]);
                let outcome = self.store.commit(&whole, Durability::Synced);
                if outcome.is_err() && !self.store.is_crashed() {
                    return Ok(());
                }
            }
        }
        if self.store.is_crashed() {
            return self.crash();
        }
        self.report.commits += 1;
        let turns: Vec<Ended> = self.process.pending.drain(..group).collect();
        self.perform(turns)
    }

    pub(super) fn fault(&self) -> Fault {
        if !self.is_disturbed {
            return Fault::None;
        }
        match self.random.below(100) {
            0..3 => Fault::CrashBefore,
            3..6 => Fault::CrashAfter,
            6..12 => Fault::Full,
            _ => Fault::None,
        }
    }

    /// What these turns asked for happens, now that they are durable.
    pub(super) fn perform(&mut self, turns: Vec<Ended>) -> Result<(), Defect> {
        self.audit()?;
        for (partition, turn) in turns {
            self.process.partitions.is_durable(partition, &turn);
            for effect in turn.effects {
                match effect {
                    Effect::StartTask {
                        execution,
                        header,
                        task,
                    } => {
                        self.checker
                            .asked(&mut self.process, execution, &header, &task);
                        self.world.begin(self.now, execution, &task);
                    }
                    Effect::CancelTask { .. } => {}
                    Effect::ReadItems {
                        owner,
                        after,
                        cursor,
                    } => self.world.read(self.now, &owner, after, cursor.as_ref()),
                    Effect::WriteResults { owner, results } => {
                        let wrong = self.world.write(self.now, &owner, &results);
                        self.checker.wrong.extend(wrong);
                    }
                    Effect::OfferActivityTask(task) => {
                        let offers = self.process.offers.entry(task.activity).or_default();
                        offers.insert(task);
                        let activity = task.activity;
                        let at = self.now.plus_millis(self.random.millis(2_000));
                        self.world.at(at, Happening::Poll { activity });
                    }
                    Effect::WithdrawActivityTask {
                        activity,
                        execution,
                        task,
                    } => {
                        if let Some(offers) = self.process.offers.get_mut(&activity) {
                            offers
                                .retain(|offer| (offer.execution, offer.task) != (execution, task));
                        }
                    }
                    Effect::Answer(answer) => answer(),
                    Effect::Recorded { header, events, .. } => {
                        self.checker
                            .recorded(&mut self.process, &self.known, &header, &events);
                    }
                }
            }
        }
        Ok(())
    }

    /// The process dies and starts again on what is left.
    pub(super) fn crash(&mut self) -> Result<(), Defect> {
        self.report.crashes += 1;
        self.store.restart(self.random.count(4));
        self.world.process_died();
        for request in self.requests.lost() {
            let survives = match &request {
                Happening::Tell { .. } | Happening::Data { .. } | Happening::Poll { .. } => false,
                Happening::Token { .. }
                | Happening::Start { .. }
                | Happening::Stop { .. }
                | Happening::Redrive { .. }
                | Happening::Update { .. } => true,
            };
            if survives {
                let again = self.now.plus_millis(self.random.millis(1_000));
                self.world.at(again, request);
            }
        }
        // Whoever starts a machine may set its clock back.
        if self.temper == Temper::Wild && self.random.per_mille(150) {
            self.latest = self.latest.max(self.now);
            self.now = self.now.plus_millis(-self.random.millis(7_200_000));
        }
        let seed = self.random.any();
        self.settings.partitions = self.lives.pick(&PARTITIONS_OFTEN, 1);
        let process = Process::start(&self.store, &self.compiler, self.settings, self.now, seed);
        self.process = process.map_err(|error| self.defect(format!("recovery: {error}")))?;
        self.audit()
    }

    /// Looks at everything that is durable.
    pub(super) fn audit(&mut self) -> Result<(), Defect> {
        let snapshot = self.store.snapshot();
        let snapshot = snapshot.map_err(|error| self.defect(error.to_string()))?;
        let found = self
            .auditor
            .audit(snapshot.as_ref(), self.compiler.as_ref());
        let mut found = found.map_err(|error| self.defect(error.to_string()))?;
        let retention = i64::try_from(self.settings.retention.as_millis()).unwrap_or(i64::MAX);
        self.checker.durable(
            &self.known,
            &mut found,
            &mut self.plans,
            self.now.max(self.latest),
            retention,
        );
        self.checker.grown(&self.known, &found);
        self.known = found;
        Ok(())
    }
}
