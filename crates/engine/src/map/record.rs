//! What is known of one child of a Map run when its results are written.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_json::{Json, ObjectBuilder, Payload, json};
use passo_vocab::{Failure, Timestamp};

use super::child::child_arn;
use super::{ArnRule, Child, ChildOutcome, ChildStatus, MapRunEvent, MapRunSpec};

/// A child and how it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct ChildRecord {
    /// Its number, from 0.
    pub index: u32,
    /// Its input.
    pub input: Payload,
    /// Its name; none where it was never started.
    pub name: Option<Arc<str>>,
    /// How many times it was started again.
    pub redrives: u32,
    /// When it was started first.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub stopped_at: Option<Timestamp>,
    /// How it ended; none where it was never started.
    pub outcome: Option<ChildOutcome>,
}

impl ChildRecord {
    pub(super) fn of(index: u32, child: &Child) -> ChildRecord {
        ChildRecord {
            index,
            input: child.input.clone(),
            name: child.name.clone(),
            redrives: child.redrives,
            started_at: child.started_at,
            stopped_at: child.stopped_at,
            outcome: match &child.status {
                ChildStatus::Ended(outcome) => Some(outcome.clone()),
                ChildStatus::Pending | ChildStatus::Running => None,
            },
        }
    }

    /// The record as AWS writes it.
    ///
    /// Source: Developer Guide, "ResultWriter", its example of a result file.
    pub fn to_json(&self, spec: &MapRunSpec, arns: &ArnRule) -> Json {
        let (status, output, failure) = match &self.outcome {
            Some(ChildOutcome::Succeeded(output)) => ("SUCCEEDED", Some(output), None),
            Some(ChildOutcome::Failed(failure)) => ("FAILED", None, Some(failure)),
            Some(ChildOutcome::TimedOut(failure)) => ("TIMED_OUT", None, Some(failure)),
            Some(ChildOutcome::Aborted) if self.name.is_some() => ("ABORTED", None, None),
            Some(ChildOutcome::Aborted) | None => ("PENDING", None, None),
        };
        let included = || json!({"Included": true});
        let text = |payload: &Payload| Json::from(payload.text());
        let part = |part: fn(&Failure) -> Option<String>| failure.and_then(part);
        let mut record = ObjectBuilder::new();
        record
            .insert_some(
                "Cause",
                part(|failure| failure.cause.as_deref().map(str::to_owned)),
            )
            .insert_some(
                "Error",
                part(|failure| Some(failure.error.as_ref()?.to_string())),
            );
        if let Some(name) = &self.name {
            record.insert("ExecutionArn", child_arn(spec, name, self.redrives, arns));
        }
        record
            .insert("Input", text(&self.input))
            .insert("InputDetails", included())
            .insert_some("Name", self.name.clone().map(Json::from))
            .insert_some("Output", output.map(text))
            .insert_some("OutputDetails", output.map(|_| included()));
        if self.name.is_some() {
            record.insert("RedriveCount", self.redrives);
            let reason = "Execution is SUCCEEDED and cannot be redriven";
            match output {
                Some(_) => record
                    .insert("RedriveStatus", "NOT_REDRIVABLE")
                    .insert("RedriveStatusReason", reason),
                None => record.insert("RedriveStatus", "REDRIVABLE_BY_MAP_RUN"),
            };
        }
        let time = |at: Option<Timestamp>| at.map(|at| Json::from(at.to_string()));
        let machine = format!("{}/{}", spec.state_machine_arn, spec.label);
        record
            .insert_some("StartDate", time(self.started_at))
            .insert("StateMachineArn", machine)
            .insert("Status", status)
            .insert_some("StopDate", time(self.stopped_at));
        Json::from(record.build())
    }

    /// What the child gave back.
    pub fn output(&self) -> Option<&Payload> {
        match &self.outcome {
            Some(ChildOutcome::Succeeded(output)) => Some(output),
            Some(ChildOutcome::Failed(_) | ChildOutcome::TimedOut(_) | ChildOutcome::Aborted)
            | None => None,
        }
    }
}

/// Finds the records of all children in the events of a Map run, without keeping those that it has given.
#[derive(Debug, Default)]
pub struct RecordScan {
    planned: u32,
    open: BTreeMap<u32, ChildRecord>,
}

impl RecordScan {
    /// Takes the next event. Gives the record of a child that has succeeded with it: nothing changes that any more.
    pub fn take(&mut self, event: &MapRunEvent) -> Option<ChildRecord> {
        match event {
            MapRunEvent::Planned { children, .. } => {
                for child in children {
                    let record = ChildRecord {
                        index: self.planned,
                        input: child.input.clone(),
                        name: None,
                        redrives: 0,
                        started_at: None,
                        stopped_at: None,
                        outcome: None,
                    };
                    self.open.insert(self.planned, record);
                    self.planned = self.planned.saturating_add(1);
                }
            }
            MapRunEvent::ChildStarted { index, name, at } => {
                let child = self.open.get_mut(index)?;
                child.redrives = child
                    .redrives
                    .saturating_add(u32::from(child.name.is_some()));
                child.name = Some(Arc::clone(name));
                child.started_at = child.started_at.or(Some(*at));
            }
            MapRunEvent::ChildFinished { index, outcome, at } => {
                let child = self.open.get_mut(index)?;
                child.stopped_at = Some(*at);
                child.outcome = Some(outcome.clone());
                return match outcome {
                    ChildOutcome::Succeeded(_) => self.open.remove(index),
                    ChildOutcome::Failed(_) | ChildOutcome::TimedOut(_) | ChildOutcome::Aborted => {
                        None
                    }
                };
            }
            MapRunEvent::Started { .. }
            | MapRunEvent::Updated(_)
            | MapRunEvent::Ending { .. }
            | MapRunEvent::ResultsWritten { .. }
            | MapRunEvent::Finished { .. }
            | MapRunEvent::Redriven { .. } => {}
        }
        None
    }

    /// The records of all other children, in order.
    pub fn rest(self) -> impl Iterator<Item = ChildRecord> {
        self.open.into_values()
    }
}
