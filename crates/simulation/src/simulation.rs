//! One run: what happens, in which order, and what goes wrong.

mod callers;
mod commits;
mod plans;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use passo_runtime::{Audit, Auditor, Settings, TABLES};
use passo_store::{Direction, FaultyStore, KeyRange, Store as _};
use passo_vocab::Timestamp;

use crate::checker::Checker;
use crate::client::{Plan, Requests};
use crate::process::{Compiler, Process};
use crate::random::Random;
use crate::report::{Defect, Report};
use crate::workflow::{Kind, Temper};
use crate::world::{Happening, World};
use plans::{plan, schedule};

/// Purposes of chance, so that what is planned does not depend on what happens.
const PLANS: u64 = 1;
const WORLD: u64 = 2;
const EVENTS: u64 = 3;
const PARTITIONS: u64 = 4;

/// How many partitions a life of the process has; each life draws anew.
const PARTITIONS_OFTEN: [usize; 5] = [1, 2, 3, 5, 16];

/// Settings that callers ask for are greater than this, and less than no cap at all.
const UPDATES_FROM: u32 = 1_000;

/// Steps in which nothing goes wrong any more and everything must come to its end.
const CALM_STEPS_MAX: u64 = 50_000;

/// Runs everything that `seed` says; `trace` hears each step.
///
/// # Errors
/// Where anything that must hold does not.
pub fn simulate(seed: u64, trace: &mut dyn FnMut(&str)) -> Result<Report, Defect> {
    let temper = if seed.is_multiple_of(2) {
        Temper::Steady
    } else {
        Temper::Wild
    };
    let mut disturbed = Simulation::new(seed, temper, true, trace)?;
    let report = disturbed.run()?;
    let outcomes = std::mem::take(&mut disturbed.checker.outcomes);
    let plans = std::mem::take(&mut disturbed.plans);
    if temper == Temper::Steady {
        let mut undisturbed = Simulation::new(seed, temper, false, trace)?;
        undisturbed.run()?;
        for (name, expect) in std::mem::take(&mut undisturbed.checker.outcomes) {
            let found = outcomes.get(&name);
            // An Express execution that its caller does not wait for may be gone with a crash.
            let may_be_gone = plans
                .iter()
                .any(|plan| plan.name == name && plan.kind == Kind::Express);
            if found != Some(&expect) && !(found.is_none() && may_be_gone) {
                let what = format!("{name}: ended as {found:?}, undisturbed as {expect:?}");
                undisturbed.checker.wrong(what);
            }
        }
        undisturbed.verdict()?;
    }
    Ok(report)
}

struct Simulation<'a> {
    seed: u64,
    temper: Temper,
    random: Random,
    /// Whether anything fails.
    is_disturbed: bool,
    store: FaultyStore,
    compiler: Arc<Compiler>,
    settings: Settings,
    /// Says how many partitions each life of the process has.
    lives: Random,
    process: Process,
    world: World,
    requests: Requests,
    checker: Checker,
    plans: Vec<Plan>,
    /// What was durable when it was last looked at.
    known: Audit,
    auditor: Auditor,
    /// Settings of Map runs that callers have asked for, none twice.
    updates: u32,
    now: Timestamp,
    /// The latest time that a clock has shown which was then set back.
    latest: Timestamp,
    report: Report,
    trace: &'a mut dyn FnMut(&str),
}

impl<'a> Simulation<'a> {
    fn new(
        seed: u64,
        temper: Temper,
        is_disturbed: bool,
        trace: &'a mut dyn FnMut(&str),
    ) -> Result<Simulation<'a>, Defect> {
        let defect = |what: String| Defect {
            seed,
            step: 0,
            what: vec![what],
        };
        let random = Random::new(seed, PLANS);
        let lives = Random::new(seed, PARTITIONS);
        let now = Timestamp::from_epoch_millis(1_700_000_000_000);
        let days = random.pick(&[0, 1, 90, 400], 1);
        let settings = Settings {
            retention: Duration::from_secs(days * 86_400 + 3_600),
            resting_executions_max: random.count(3),
            internal_messages_max: random.pick(&[1, 2, 7, 2_000], 1),
            decision_events_max: random.pick(&[1, 4, 1_000, 1_000], 1),
            partitions: lives.pick(&PARTITIONS_OFTEN, 1),
            ..Settings::default()
        };
        let store = FaultyStore::new();
        let compiler = Arc::new(Compiler::default());
        let process = Process::start(&store, &compiler, settings, now, random.any());
        let process = process.map_err(|error| defect(error.to_string()))?;
        let mut world = World::new(Random::new(seed, WORLD), temper);
        let mut plans = Vec::new();
        for number in 0..=random.count(3) {
            let plan = plan(number, &random, temper, &compiler).map_err(defect)?;
            schedule(&mut world, &random, temper, number, now);
            trace(&format!("plan {}: {}", plan.name, plan.text));
            plans.push(plan);
        }
        Ok(Simulation {
            seed,
            temper,
            random: Random::new(seed, EVENTS),
            is_disturbed,
            store,
            compiler,
            settings,
            lives,
            process,
            world,
            requests: Requests::default(),
            checker: Checker::default(),
            plans,
            known: Audit::default(),
            auditor: Auditor::default(),
            updates: UPDATES_FROM,
            now,
            latest: now,
            report: Report::default(),
            trace,
        })
    }

    fn run(&mut self) -> Result<Report, Defect> {
        let chaos = if self.is_disturbed {
            50 + self.random.below(400)
        } else {
            0
        };
        for _ in 0..chaos {
            self.step()?;
        }
        self.log("calm");
        self.is_disturbed = false;
        for step in 0..CALM_STEPS_MAX {
            if step % 64 == 0 {
                self.insist();
            }
            if !self.step()? && self.plans.iter().all(|plan| plan.is_acknowledged) {
                self.finish()?;
                return Ok(self.report);
            }
        }
        self.checker.wrong("it never comes to rest");
        self.verdict()?;
        Ok(self.report)
    }

    /// What only a caller can bring about: starts that were never acknowledged, the end of endless loops.
    fn insist(&mut self) {
        let soon = self.now.plus_millis(1);
        for (number, plan) in self.plans.iter().enumerate() {
            if !plan.is_acknowledged && !self.requests.waits_for_start(number) {
                let start = Happening::Start {
                    plan: number,
                    attempt: 0,
                };
                self.world.at(soon, start);
            }
            if plan.is_endless && plan.kind == Kind::Standard && plan.ended_at.is_none() {
                self.world.at(soon, Happening::Stop { plan: number });
            }
        }
    }

    /// One thing. Whether anything can still happen.
    fn step(&mut self) -> Result<bool, Defect> {
        self.report.steps += 1;
        let mut goes_on = true;
        if self.is_disturbed && self.random.per_mille(8) {
            self.log("killed");
            self.crash()?;
        } else if self.process.pending.len() >= self.settings.turns_in_flight_max
            || (!self.process.pending.is_empty() && self.random.per_mille(400))
        {
            self.commit()?;
        } else {
            goes_on = self.turn();
        }
        self.hear();
        self.verdict()?;
        Ok(goes_on)
    }

    /// Lets the partition work, as its thread would. Whether anything can still happen.
    fn turn(&mut self) -> bool {
        for _ in 0..=self.random.count(4) {
            match self.world.take_due(self.now) {
                Some(happening) => self.deliver(happening),
                None => break,
            }
        }
        let (now, seed) = (self.now, self.random.any());
        let partitions = &mut self.process.partitions;
        partitions.release();
        let most = self.random.count(5) + 1;
        let due = match partitions.fire_timers(now, self.random.any(), most) {
            Ok(due) => due,
            Err(error) => {
                self.checker.wrong(format!("timers: {error}"));
                false
            }
        };
        let ready = self.process.partitions.go_on(now, seed);
        if self.random.per_mille(50)
            && let Err(error) = self.process.partitions.forget(now, most)
        {
            self.checker.wrong(format!("forget: {error}"));
        }
        self.end_turn();
        if ready || due || self.world.next().is_some_and(|at| at <= self.now) {
            return true;
        }
        self.pass_time()
    }

    fn end_turn(&mut self) {
        for (partition, turn) in self.process.partitions.end_turns() {
            self.log(&format!(
                "turn {} of partition {partition} with {} operations",
                turn.number,
                turn.batch.operations().len()
            ));
            self.process.pending.push_back((partition, turn));
        }
    }

    /// Nothing is due: time moves to whatever comes next.
    fn pass_time(&mut self) -> bool {
        let next = [self.world.next(), self.process.partitions.next_timer()];
        let next = next.into_iter().flatten().min();
        let hasty = self.is_disturbed && self.temper == Temper::Wild && self.random.per_mille(100);
        if !self.process.pending.is_empty() && !hasty {
            return true;
        }
        let Some(next) = next else {
            return !self.process.pending.is_empty();
        };
        let late = if hasty {
            self.random.millis(86_400_000)
        } else {
            0
        };
        self.now = self.now.max(next).plus_millis(late);
        self.log("time passes");
        true
    }

    /// Everything has ended; then everything is forgotten.
    fn finish(&mut self) -> Result<(), Defect> {
        self.audit()?;
        self.checker
            .all_ended(&self.known, &self.plans, self.report.crashes);
        if self.process.offers.values().any(|tasks| !tasks.is_empty()) {
            self.checker.wrong("tasks wait for workers for ever");
        }
        self.verdict()?;
        let ended = self.plans.iter().filter(|plan| plan.ended_at.is_some());
        self.report.ended = ended.count() as u64;
        let retention = i64::try_from(self.settings.retention.as_millis()).unwrap_or(i64::MAX);
        self.now = self.now.max(self.latest).plus_millis(retention);
        self.now = self.now.plus_millis(1);
        self.log("everything is forgotten");
        for _ in 0..1_000 {
            self.process.partitions.release();
            let more = self.process.partitions.forget(self.now, 3).unwrap_or(false);
            self.end_turn();
            while !self.process.pending.is_empty() {
                self.commit()?;
            }
            self.process.partitions.release();
            if !more {
                break;
            }
        }
        if !self.process.partitions.is_empty() {
            let figures = self.process.partitions.load_figures();
            self.checker
                .wrong(format!("something is left in memory: {figures:?}"));
        }
        let snapshot = self.store.snapshot();
        let snapshot = snapshot.map_err(|error| self.defect(error.to_string()))?;
        for table in TABLES {
            let mut rows = 0_u64;
            let all = KeyRange::all();
            let _ = snapshot.scan(table, &all, Direction::Forward, &mut |_, _| {
                rows += 1;
                ControlFlow::Continue(())
            });
            if rows > 0 {
                self.checker
                    .wrong(format!("{rows} rows are left in table {}", table.name()));
            }
        }
        self.verdict()
    }

    fn verdict(&mut self) -> Result<(), Defect> {
        if self.checker.wrong.is_empty() {
            return Ok(());
        }
        Err(Defect {
            seed: self.seed,
            step: self.report.steps,
            what: std::mem::take(&mut self.checker.wrong),
        })
    }

    fn defect(&self, what: String) -> Defect {
        Defect {
            seed: self.seed,
            step: self.report.steps,
            what: vec![what],
        }
    }

    fn log(&mut self, what: &str) {
        let at = self.now.epoch_millis();
        (self.trace)(&format!("{} {at} {what}", self.report.steps));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_seeds_are_clean() {
        for seed in 0..60 {
            let outcome = simulate(seed, &mut |_| {});
            assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
        }
    }

    /// Each of these once showed a defect: rows of forgotten executions, a Map run that left while it was waited for, one
    /// that outlived its execution because a redrive overtook its stop, a timer that fired twice, a Map run that late news
    /// of its data kept in memory.
    #[test]
    fn seeds_that_once_failed_are_clean() {
        for seed in [
            2_699, 33_873, 51_596, 68_249, 86_083, 104_895, 105_449, 105_617, 106_643, 203_999,
            208_289,
        ] {
            let outcome = simulate(seed, &mut |_| {});
            assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
        }
    }

    #[test]
    fn a_seed_does_the_same_again() {
        let run = || {
            let mut lines = Vec::new();
            let _ = simulate(7, &mut |line| lines.push(line.to_owned()));
            lines
        };
        assert_eq!(run(), run());
    }
}
