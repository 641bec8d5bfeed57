//! Who started an execution, and which executions it has started.
//!
//! A child says itself who its parent is where it was given `AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID`. Otherwise the
//! request that started it tells: its id is made of the parent and its task. That is looked for among a bounded number of executions
//! that ran at the time.

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_json::{Json, ObjectBuilder};
use passo_runtime::{Key, Runtime};
use passo_states::Definitions;
use passo_vocab::AccountId;

use super::Refusal;
use super::backstage::Asked;
use super::executions::{self, Search};
use super::journal::{Attempt, Journal};
use super::query::Query;
use crate::audience::Audience;

/// What AWS's guide has a parent give to its children.
const STARTED_BY: &str = "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID";
/// Executions whose journals are read to find a parent.
const PARENTS_MAX: usize = 50;
/// Children that are told.
const CHILDREN_MAX: usize = 200;

/// One execution and its relations.
pub(super) async fn answer(
    audience: &Audience,
    query: &Query,
    asked: &Asked,
) -> Result<Json, Refusal> {
    let arn = query.required("execution")?.to_owned();
    let parents = executions::parents(&audience.backstage, &Query::of(""), asked).await?;
    let runtime = audience.backstage.runtime()?.clone();
    let definitions = Arc::clone(&audience.definitions);
    let account = asked.caller.account.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let journal = Journal::find(&runtime, &definitions, &arn, &account)?;
        let all = All {
            runtime: &runtime,
            definitions: &definitions,
            account: &account,
        };
        let parent = match all.said_parent(&journal)? {
            Some(parent) => Some(parent),
            None => all.found_parent(&journal, parents)?,
        };
        let mut shown = ObjectBuilder::new();
        shown
            .insert("executionArn", arn)
            .insert("name", Arc::clone(&journal.summary.name))
            .insert("status", journal.summary.status.name())
            .insert_some("parent", parent)
            .insert("children", all.children(&journal)?);
        Ok(Json::from(shown.build()))
    });
    reading.await.map_err(|_| Refusal::unavailable())?
}

struct All<'a> {
    runtime: &'a Runtime,
    definitions: &'a Definitions,
    account: &'a AccountId,
}

impl All<'_> {
    /// The parent that the input names, where it is there.
    fn said_parent(&self, child: &Journal) -> Result<Option<Json>, Refusal> {
        let said = child.header.input.json().get(STARTED_BY);
        let Some(arn) = said.and_then(Json::as_str) else {
            return Ok(None);
        };
        if !super::is_of(arn, self.account) {
            return Ok(None);
        }
        let parent = Journal::read(self.runtime, self.definitions, arn)?;
        Ok(parent.map(|parent| {
            let attempts = parent.attempts();
            let arn = &*child.summary.execution_arn;
            let started = |attempt: &&Attempt| {
                started_by(attempt).as_deref() == Some(arn) || has_id_of(attempt, child)
            };
            shown_parent(&parent, attempts.iter().find(started), "input")
        }))
    }

    /// The parent whose task's request has named the child, among those that ran when the child was started.
    fn found_parent(
        &self,
        child: &Journal,
        machines: Vec<Arc<str>>,
    ) -> Result<Option<Json>, Refusal> {
        let may_be = child.summary.named_by.is_some() || is_request_id(&child.summary.name);
        if child.header.map_run.is_some() || !may_be {
            return Ok(None);
        }
        let started_at = child.summary.started_at;
        let search = Search::of(&Query::of(""))?;
        let mut found = None;
        let mut read = 0;
        search.run(self.runtime, machines, None, usize::MAX, &mut |summary| {
            let ran = summary.started_at <= started_at
                && summary.stopped_at.is_none_or(|at| at >= started_at)
                && summary.execution_arn != child.summary.execution_arn;
            if !ran {
                return Ok(ControlFlow::Continue(false));
            }
            read += 1;
            if let Some(parent) =
                Journal::read(self.runtime, self.definitions, &summary.execution_arn)?
            {
                let attempts = parent.attempts();
                if let Some(attempt) = attempts.iter().find(|attempt| has_id_of(attempt, child)) {
                    found = Some(shown_parent(&parent, Some(attempt), "request"));
                }
            }
            Ok(match found.is_none() && read < PARENTS_MAX {
                true => ControlFlow::Continue(true),
                false => ControlFlow::Break(()),
            })
        })?;
        Ok(found)
    }

    fn children(&self, parent: &Journal) -> Result<Vec<Json>, Refusal> {
        let mut children = Vec::new();
        for attempt in parent.attempts() {
            let Some(arn) = started_by(&attempt) else {
                continue;
            };
            if children.len() == CHILDREN_MAX {
                break;
            }
            let known = self.runtime.execution(Key::of(&arn));
            let known = known.map_err(|error| Refusal::store(&error))?;
            let status = known.map(|(summary, _)| summary.status.name());
            let mut shown = ObjectBuilder::new();
            shown
                .insert("executionArn", arn)
                .insert("state", attempt.state)
                .insert("event", number(attempt.event))
                .insert_some("status", status);
            children.push(Json::from(shown.build()));
        }
        Ok(children)
    }
}

fn shown_parent(parent: &Journal, attempt: Option<&Attempt>, by: &str) -> Json {
    let mut shown = ObjectBuilder::new();
    shown
        .insert("executionArn", Arc::clone(&parent.summary.execution_arn))
        .insert("status", parent.summary.status.name())
        .insert("knownBy", by);
    if let Some(attempt) = attempt {
        shown
            .insert("state", Arc::clone(&attempt.state))
            .insert("event", number(attempt.event));
    }
    Json::from(shown.build())
}

fn number(event: u64) -> i64 {
    i64::try_from(event).unwrap_or(i64::MAX)
}

/// The execution that a task has started, as the service said.
fn started_by(attempt: &Attempt) -> Option<String> {
    let starts = ["startExecution", "startSyncExecution"];
    if !starts.iter().any(|verb| attempt.resource.contains(verb)) {
        return None;
    }
    attempt.said.iter().find_map(|said| {
        let said = Json::parse(said).ok()?;
        let arn = said
            .get("ExecutionArn")
            .or_else(|| said.get("executionArn"));
        Some(arn?.as_str()?.to_owned())
    })
}

/// Whether a task's request has given an execution its name.
fn has_id_of(attempt: &Attempt, child: &Journal) -> bool {
    let id = attempt.request_id.as_str();
    *child.summary.name == *id || child.summary.named_by.as_deref() == Some(id)
}

/// Whether an execution may have its name from a request.
fn is_request_id(name: &str) -> bool {
    name.len() == 36 && name.bytes().filter(|byte| *byte == b'-').count() == 4
}
