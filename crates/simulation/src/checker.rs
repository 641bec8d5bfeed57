//! What must hold, whatever happened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use passo_engine::{Event, EventKind, ExecutionHeader, History, StartTask, TaskId, WorkflowType};
use passo_runtime::{Audit, AuditedExecution, ExecutionStatus, Key};
use passo_vocab::Timestamp;

use crate::client::{Attempt, Plan};
use crate::process::Process;
use crate::workflow::Kind;

/// How an execution ended, without times.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    status: ExecutionStatus,
    output: Option<String>,
    /// States entered, in alphabetical order: what runs side by side may interleave.
    entered: Vec<String>,
}

/// Collects what is wrong, and what must stay the same.
#[derive(Default)]
pub(crate) struct Checker {
    pub(crate) wrong: Vec<String>,
    pub(crate) outcomes: BTreeMap<String, Outcome>,
    /// Every task that was ever asked for, with what was asked.
    tasks: BTreeMap<(Key, Timestamp, TaskId), String>,
    answered_tokens: BTreeSet<Arc<str>>,
}

impl Checker {
    pub(crate) fn wrong(&mut self, what: impl Into<String>) {
        self.wrong.push(what.into());
    }

    /// What is durable now.
    pub(crate) fn durable(
        &mut self,
        before: &Audit,
        audit: &mut Audit,
        plans: &mut [Plan],
        now: Timestamp,
        retention_millis: i64,
    ) {
        self.wrong.append(&mut audit.findings);
        for plan in plans {
            if plan.kind != Kind::Standard {
                self.attempts(audit, plan);
                continue;
            }
            match audit.executions.get(&plan.key()) {
                Some(found) => {
                    plan.ended_at = found.summary.stopped_at;
                    let is_known = before.executions.get(&plan.key());
                    let is_known = is_known.is_some_and(|known| Arc::ptr_eq(known, found));
                    if found.summary.stopped_at.is_some() && !is_known {
                        self.legal(found);
                        self.outcomes.insert(plan.name.clone(), outcome(found));
                    }
                }
                None if plan.is_acknowledged => {
                    let forgotten = plan
                        .ended_at
                        .is_some_and(|at| now.millis_since(at) >= retention_millis);
                    if !forgotten {
                        self.wrong(format!("{}: acknowledged, but gone", plan.name));
                    }
                }
                None => {}
            }
        }
    }

    /// Executions of an Express workflow are there once they have ended, all with the same outcome where the world is
    /// steady.
    fn attempts(&mut self, audit: &Audit, plan: &mut Plan) {
        for attempt in &mut plan.attempts {
            let Some(found) = audit.executions.get(&attempt.key) else {
                continue;
            };
            if found.summary.stopped_at.is_none() {
                self.wrong.push(format!(
                    "{}: an Express execution is kept before it ends",
                    plan.name
                ));
            }
            if !std::mem::replace(&mut attempt.is_stored, true) {
                plan.ended_at = found.summary.stopped_at;
                self.legal(found);
                self.outcomes.insert(plan.name.clone(), outcome(found));
            }
        }
    }

    /// A synchronous caller hears of an end that is durable.
    pub(crate) fn finished(&mut self, name: &str, attempt: &Attempt) {
        if !attempt.is_stored {
            self.wrong(format!("{name}: its end was told before it was durable"));
        }
    }

    /// What was durable before still is: journals only grow, whatever happened in between.
    pub(crate) fn grown(&mut self, before: &Audit, after: &Audit) {
        for (key, old) in &before.executions {
            let Some(new) = after.executions.get(key) else {
                continue;
            };
            let same = old.header.started_at == new.header.started_at;
            if same && !Arc::ptr_eq(old, new) && !new.events.starts_with(&old.events) {
                self.wrong(format!("{}: its journal has changed", old.header.name));
            }
        }
    }

    /// A history that AWS could have written.
    fn legal(&mut self, execution: &AuditedExecution) {
        let name = &execution.header.name;
        let mut last = 0;
        for event in History::project(&execution.program, &execution.header, &execution.events) {
            let (id, previous) = (event.id.number(), event.previous_event_id.number());
            if id != last + 1 || previous >= id {
                self.wrong.push(format!(
                    "{name}: event {id} follows {last}, because of {previous}"
                ));
            }
            last = id;
        }
        let mut inside: BTreeMap<u32, u32> = BTreeMap::new();
        for event in &execution.events {
            let depth = inside.entry(event.frame.number()).or_default();
            match &event.kind {
                EventKind::StateEntered { .. } => *depth = 1,
                EventKind::StateExited { .. } if *depth == 0 => {
                    self.wrong
                        .push(format!("{name}: a state was left that was not entered"));
                }
                EventKind::StateExited { .. } => *depth = 0,
                _ => {}
            }
        }
    }

    /// A task is asked for: once in the life of a process, and of a Standard execution always as the first time.
    pub(crate) fn asked(
        &mut self,
        process: &mut Process,
        execution: Key,
        header: &ExecutionHeader,
        task: &StartTask,
    ) {
        let id = (execution, header.started_at, task.task);
        let asked = format!(
            "{} attempt {}, task {} of the state, mocked by {:?}, with {}",
            task.state_name.as_str(),
            task.retry_count,
            task.invocation,
            header.mocks,
            task.parameters.text()
        );
        if !process.asked.insert(id) {
            self.wrong(format!("{}: task {} asked twice", header.name, task.task));
        }
        // An Express execution that a crash ended begins again, perhaps in the same millisecond, and may go another way.
        if header.workflow_type == WorkflowType::Express {
            return;
        }
        let before = self.tasks.entry(id).or_insert_with(|| asked.clone());
        if *before != asked {
            let what = format!(
                "{}: task {}: {before}, then {asked}",
                header.name, task.task
            );
            self.wrong.push(what);
        }
    }

    /// A caller was told that its answer to a token counts.
    pub(crate) fn token_answered(&mut self, token: &Arc<str>) {
        if !self.answered_tokens.insert(token.clone()) {
            self.wrong("a token was answered twice");
        }
    }

    /// Listeners hear what the journal says, in order, each event once.
    pub(crate) fn recorded(
        &mut self,
        process: &mut Process,
        audit: &Audit,
        header: &ExecutionHeader,
        events: &[Event],
    ) {
        let key = Key::of(&header.execution_arn);
        let Some(found) = audit.executions.get(&key) else {
            return self.wrong(format!("{}: told before it was durable", header.name));
        };
        // Events may look alike, so the first ones told in a life may stand in several places.
        let told = process.told.remove(&(key, header.started_at));
        let places = told.unwrap_or_else(|| (0..found.events.len()).collect());
        let ends: Vec<usize> = places
            .into_iter()
            .filter(|at| {
                let tail = found.events.get(*at..).unwrap_or_default();
                tail.starts_with(events)
            })
            .map(|at| at + events.len())
            .collect();
        if ends.is_empty() {
            self.wrong(format!(
                "{}: told what the journal does not say",
                header.name
            ));
        }
        process.told.insert((key, header.started_at), ends);
    }

    /// The end: everything that was acknowledged has ended, and so has every Map run.
    pub(crate) fn all_ended(&mut self, audit: &Audit, plans: &[Plan], life: u64) {
        for plan in plans {
            let attempts = plan.attempts.iter();
            let mut lost = attempts.filter(|attempt| {
                attempt.is_acknowledged && attempt.life == life && !attempt.is_stored
            });
            if lost.next().is_some() {
                self.wrong(format!("{}: never ends, or leaves nothing", plan.name));
            }
        }
        for found in audit.executions.values() {
            self.legal(found);
            if found.summary.status == ExecutionStatus::Running {
                self.wrong(format!("{}: never ends", found.summary.execution_arn));
            }
        }
        for run in audit.map_runs.values() {
            if run.stopped_at.is_none() {
                self.wrong(format!("a Map run never ends: {run:?}"));
            }
        }
    }
}

fn outcome(found: &AuditedExecution) -> Outcome {
    let mut entered: Vec<String> = found
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::StateEntered { state, .. } => found.program.state(*state),
            _ => None,
        })
        .map(|state| state.name.as_str().to_owned())
        .collect();
    entered.sort();
    Outcome {
        status: found.summary.status,
        output: found
            .summary
            .output
            .as_ref()
            .map(|output| output.text().to_owned()),
        entered,
    }
}
