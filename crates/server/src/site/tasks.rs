//! Decisions that executions wait for: which there are, and making them.
//!
//! A decision is known by an id that is not its token, so that it can be mailed and bookmarked: whoever has the id still has to
//! be let in by this server.

use std::sync::Arc;

use passo_json::{Json, Object, ObjectBuilder, json};
use passo_runtime::{Definitions as _, ExecutionStatus, Key, Runtime, Summary};
use passo_states::Definitions;
use passo_vocab::{AccountId, Timestamp};

use super::asked_of::AskedOf;
use super::backstage::{Asked, Backstage};
use super::executions;
use super::query::Query;
use super::{Refusal, is_of};
use crate::decisions::{Decision, Decisions, Subject};
use crate::waiting::{Waiting, Wanted, wanted};

/// Executions whose journals one request reads, at most.
const EXECUTIONS_MAX: usize = 500;
/// Running executions of before the server's start that are looked through for decisions.
const RECOVERED_MAX: usize = 2000;
/// Bytes of what a task was asked that a list shows; the whole is in the answer for one task.
const PARAMETERS_BYTES_MAX: usize = 16 << 10;

/// Bytes of an answer that the audit keeps.
const OUTPUT_BYTES_MAX: usize = 4 << 10;
/// Characters of a reason.
const REASON_CHARACTERS_MAX: usize = 2_000;
/// Decisions that one answer tells, at most.
const DECISIONS_MAX: u64 = 500;

/// What the pages of decisions are made from.
pub(crate) struct TasksPage {
    pub(crate) decisions: Arc<Decisions>,
    pub(crate) waiting: Arc<Waiting>,
    pub(crate) definitions: Arc<Definitions>,
}

/// A decision, and the execution that waits for it.
type Found = (Wanted, Summary);

impl TasksPage {
    /// Every open decision of the caller, the oldest first.
    pub(super) async fn list(
        &self,
        backstage: &Backstage,
        query: &Query,
        asked: &Asked,
    ) -> Result<Json, Refusal> {
        self.recover(backstage, asked).await?;
        let mut found = self.find(backstage, &asked.caller.account, None).await?;
        if let Some(arn) = query.get("execution") {
            found.retain(|(_, summary)| &*summary.execution_arn == arn);
        }
        if let Some(assignee) = query.get("assignee") {
            let is_theirs = |wanted: &Wanted| {
                AskedOf::read(&wanted.parameters).assignee.as_deref() == Some(assignee)
            };
            found.retain(|(wanted, _)| is_theirs(wanted));
        }
        found.sort_by_key(|(wanted, _)| wanted.since);
        let tasks: Vec<Json> = found
            .iter()
            .map(|found| shown(found, PARAMETERS_BYTES_MAX))
            .collect();
        Ok(json!({"tasks": tasks}))
    }

    /// One open decision.
    pub(super) async fn one(
        &self,
        backstage: &Backstage,
        id: &str,
        asked: &Asked,
    ) -> Result<Json, Refusal> {
        self.recover(backstage, asked).await?;
        let found = self.get(backstage, id, asked).await?;
        Ok(shown(&found, usize::MAX))
    }

    /// Makes a decision: `action` is `approve`, `reject` or `heartbeat`. `by` is who makes it.
    pub(super) async fn decide(
        &self,
        backstage: &Backstage,
        (id, action): (&str, &str),
        body: &Json,
        (asked, by, now): (&Asked, &str, Timestamp),
    ) -> Result<Json, Refusal> {
        self.recover(backstage, asked).await?;
        let (wanted, summary) = self.get(backstage, id, asked).await?;
        let mut parameters = Object::default().with("taskToken", Arc::clone(&wanted.token));
        let operation = match action {
            "approve" => {
                let output = body.get("output").cloned().unwrap_or_else(|| json!({}));
                if let Some(problem) = AskedOf::read(&wanted.parameters).problem(&output) {
                    return Err(Refusal::invalid(problem));
                }
                parameters = parameters.with("output", output.to_text());
                "SendTaskSuccess"
            }
            "reject" => {
                for member in ["error", "cause"] {
                    if let Some(text) = body.get(member).and_then(Json::as_str) {
                        parameters = parameters.with(member, text);
                    }
                }
                "SendTaskFailure"
            }
            "heartbeat" => {
                let parameters = Json::from(parameters);
                return backstage
                    .states("SendTaskHeartbeat", parameters, asked)
                    .await;
            }
            _ => return Err(Refusal::not_found(action)),
        };
        let decision = Decision {
            task: wanted.id,
            account: asked.caller.account.clone(),
            execution_arn: Arc::clone(&summary.execution_arn),
            at: now,
            told: told(&(wanted, summary), action, body, (by, now)),
        };
        let stored = |error| Refusal::store(&error);
        self.decisions.begin(&decision).map_err(stored)?;
        let answer = backstage
            .states(operation, Json::from(parameters), asked)
            .await;
        self.decisions
            .end(&decision, answer.is_ok())
            .map_err(stored)?;
        let answer = answer?;
        tracing::info!(task = %decision.task, action, by, "a decision was made");
        Ok(answer)
    }

    /// Decisions that were made, the newest first: all, or those of an execution or on a task.
    pub(super) fn decided(&self, query: &Query, asked: &Asked) -> Result<Json, Refusal> {
        let account = &asked.caller.account;
        let subject = match (query.get("execution"), query.get("task")) {
            (Some(arn), None) if is_of(arn, account) => Subject::Of(Key::of(arn)),
            (Some(_), None) => return Ok(json!({"decisions": Vec::<Json>::new()})),
            (None, Some(task)) => {
                let unknown = || Refusal::invalid(format!("`{task}` is no task's id"));
                Subject::Of(executions::key(task).ok_or_else(unknown)?)
            }
            (None, None) => Subject::All,
            (Some(_), Some(_)) => {
                return Err(Refusal::invalid(
                    "either an execution or a task can be named",
                ));
            }
        };
        let max = query.number("limit", 50, DECISIONS_MAX)?;
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        let found = self.decisions.newest(account, subject, max);
        let mut found = found.map_err(|error| Refusal::store(&error))?;
        found.retain(|row| {
            row.get("executionArn")
                .and_then(Json::as_str)
                .is_some_and(|arn| is_of(arn, account))
        });
        Ok(json!({"decisions": found}))
    }

    async fn get(&self, backstage: &Backstage, id: &str, asked: &Asked) -> Result<Found, Refusal> {
        let found = self
            .find(backstage, &asked.caller.account, Some(id.to_owned()))
            .await?;
        let missing = || Refusal::missing("this decision was made already, or its time is over");
        found.into_iter().next().ok_or_else(missing)
    }

    /// The open decisions of an account; only the one called `id`, where one is.
    async fn find(
        &self,
        backstage: &Backstage,
        account: &AccountId,
        id: Option<String>,
    ) -> Result<Vec<Found>, Refusal> {
        let executions = self.waiting.executions(|arn| is_of(arn, account));
        let (runtime, definitions) = (backstage.runtime()?.clone(), Arc::clone(&self.definitions));
        let waiting = Arc::clone(&self.waiting);
        let finding = tokio::task::spawn_blocking(move || {
            let mut found = Vec::new();
            let max = if id.is_some() {
                usize::MAX
            } else {
                EXECUTIONS_MAX
            };
            for arn in executions.into_iter().take(max) {
                let Some((summary, open)) = read(&runtime, &definitions, &arn)? else {
                    waiting.forget(&arn);
                    continue;
                };
                if open.is_empty() {
                    waiting.forget(&arn);
                }
                for one in open {
                    if id.as_ref().is_none_or(|id| one.id.to_string() == *id) {
                        found.push((one, summary.clone()));
                    }
                }
                if id.is_some() && !found.is_empty() {
                    break;
                }
            }
            Ok(found)
        });
        finding.await.map_err(|_| Refusal::unavailable())?
    }

    /// Looks, once, through executions that were running before the server started.
    async fn recover(&self, backstage: &Backstage, asked: &Asked) -> Result<(), Refusal> {
        backstage.runtime()?;
        if !self.waiting.must_recover(&asked.caller) {
            return Ok(());
        }
        let parents = executions::parents(backstage, &Query::of(""), asked).await?;
        let runtime = backstage.runtime()?.clone();
        let waiting = Arc::clone(&self.waiting);
        let looking = tokio::task::spawn_blocking(move || {
            for parent in parents {
                let mut looked_at = 0;
                let visited = runtime.executions(&parent, None, &mut |summary| {
                    looked_at += 1;
                    if summary.status == ExecutionStatus::Running {
                        waiting.remember(summary.execution_arn);
                    }
                    match looked_at < RECOVERED_MAX {
                        true => std::ops::ControlFlow::Continue(()),
                        false => std::ops::ControlFlow::Break(()),
                    }
                });
                visited.map_err(|error| Refusal::store(&error))?;
            }
            Ok(())
        });
        looking.await.map_err(|_| Refusal::unavailable())?
    }
}

fn read(
    runtime: &Runtime,
    definitions: &Definitions,
    arn: &str,
) -> Result<Option<(Summary, Vec<Wanted>)>, Refusal> {
    let key = Key::of(arn);
    let found = runtime
        .execution(key)
        .map_err(|error| Refusal::store(&error))?;
    let Some((summary, header)) =
        found.filter(|(summary, _)| summary.status == ExecutionStatus::Running)
    else {
        return Ok(None);
    };
    let text = runtime
        .definition(summary.definition)
        .map_err(|error| Refusal::store(&error))?;
    let program = definitions.program(text.as_deref().unwrap_or_default());
    let program = program.map_err(Refusal::conflict)?;
    let events = runtime
        .events(key, &header)
        .map_err(|error| Refusal::store(&error))?;
    Ok(Some((summary, wanted(&program, &events))))
}

/// What the audit tells of a decision.
fn told((wanted, summary): &Found, action: &str, body: &Json, (by, at): (&str, Timestamp)) -> Json {
    let text = |member: &str| body.get(member).and_then(Json::as_str);
    let reason = text("reason").filter(|reason| !reason.trim().is_empty());
    let reason: Option<String> =
        reason.map(|reason| reason.chars().take(REASON_CHARACTERS_MAX).collect());
    let output = (action == "approve").then(|| body.get("output").map(Json::to_text));
    let output = output
        .flatten()
        .filter(|output| output.len() <= OUTPUT_BYTES_MAX);
    let mut told = ObjectBuilder::new();
    told.insert("task", wanted.id.to_string())
        .insert("action", action)
        .insert("by", by)
        .insert("at", at.to_string())
        .insert_some("reason", reason)
        .insert("executionArn", Arc::clone(&summary.execution_arn))
        .insert("executionName", Arc::clone(&summary.name))
        .insert("workflow", name_of(&summary.state_machine_arn))
        .insert("state", Arc::clone(&wanted.state))
        .insert("since", wanted.since.to_string())
        .insert_some("assignee", AskedOf::read(&wanted.parameters).assignee)
        .insert_some("output", output)
        .insert_some(
            "error",
            (action == "reject").then(|| text("error")).flatten(),
        )
        .insert_some(
            "cause",
            (action == "reject").then(|| text("cause")).flatten(),
        );
    Json::from(told.build())
}

fn shown((wanted, summary): &Found, bytes_max: usize) -> Json {
    let asked_of = AskedOf::read(&wanted.parameters);
    let is_activity = wanted.resource.contains(":activity:");
    // The token stands in what the task was asked; whoever sees this page shall not have it.
    let input = wanted.parameters.replace(&*wanted.token, "…");
    let mut task = ObjectBuilder::new();
    task.insert("id", wanted.id.to_string())
        .insert("kind", if is_activity { "activity" } else { "token" })
        .insert("executionArn", Arc::clone(&summary.execution_arn))
        .insert("executionName", Arc::clone(&summary.name))
        .insert("workflow", name_of(&summary.state_machine_arn))
        .insert("state", Arc::clone(&wanted.state))
        .insert("resource", Arc::clone(&wanted.resource))
        .insert("since", wanted.since.to_string())
        .insert_some("timeoutAt", wanted.timeout_at.map(|at| at.to_string()))
        .insert_some("heartbeatAt", wanted.heartbeat_at.map(|at| at.to_string()))
        .insert_some("worker", wanted.worker.clone())
        .insert_some("assignee", asked_of.assignee)
        .insert_some("responseSchema", asked_of.response_schema)
        .insert_some("input", (input.len() <= bytes_max).then_some(input));
    Json::from(task.build())
}

/// The name of a state machine, by its ARN, without the label of a Map.
fn name_of(state_machine_arn: &str) -> &str {
    let name = state_machine_arn.splitn(7, ':').last().unwrap_or_default();
    name.split(['/', ':']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_machine_is_named_without_labels_and_versions() {
        for (arn, expect) in [
            (
                "arn:aws:states:us-east-1:000000000000:stateMachine:orders",
                "orders",
            ),
            (
                "arn:aws:states:us-east-1:000000000000:stateMachine:orders/Map",
                "orders",
            ),
            (
                "arn:aws:states:us-east-1:000000000000:stateMachine:orders:3",
                "orders",
            ),
            ("nothing", "nothing"),
        ] {
            assert_eq!(name_of(arn), expect);
        }
    }
}
