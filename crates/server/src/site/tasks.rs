//! Decisions that executions wait for: which there are, and making them.
//!
//! A decision is known by an id that is not its token, so that it can be mailed and bookmarked: whoever has the id still has to
//! be let in by this server.

use std::sync::Arc;

use passo_json::{Json, Object, ObjectBuilder, json};
use passo_runtime::{Definitions as _, ExecutionStatus, Key, Runtime, Summary};
use passo_states::Definitions;
use passo_vocab::AccountId;

use super::backstage::{Asked, Backstage};
use super::executions;
use super::query::Query;
use super::{Refusal, is_of};
use crate::waiting::{Waiting, Wanted, wanted};

/// Executions whose journals one request reads, at most.
const EXECUTIONS_MAX: usize = 500;
/// Running executions of before the server's start that are looked through for decisions.
const RECOVERED_MAX: usize = 2000;
/// Bytes of what a task was asked that a list shows; the whole is in the answer for one task.
const PARAMETERS_BYTES_MAX: usize = 16 << 10;

/// What the pages of decisions are made from.
pub(crate) struct TasksPage {
    pub(crate) waiting: Arc<Waiting>,
    pub(crate) definitions: Arc<Definitions>,
}

/// A decision, and the execution that waits for it.
type Found = (Wanted, Summary);

impl TasksPage {
    /// Every open decision of the caller, the oldest first.
    pub(super) async fn list(&self, backstage: &Backstage, asked: &Asked) -> Result<Json, Refusal> {
        self.recover(backstage, asked).await?;
        let mut found = self.find(backstage, &asked.caller.account, None).await?;
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

    /// Makes a decision: `action` is `approve`, `reject` or `heartbeat`.
    pub(super) async fn decide(
        &self,
        backstage: &Backstage,
        (id, action): (&str, &str),
        body: &Json,
        asked: &Asked,
    ) -> Result<Json, Refusal> {
        self.recover(backstage, asked).await?;
        let (wanted, _) = self.get(backstage, id, asked).await?;
        let mut parameters = Object::default().with("taskToken", Arc::clone(&wanted.token));
        let operation = match action {
            "approve" => {
                let output = body.get("output").cloned().unwrap_or_else(|| json!({}));
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
            "heartbeat" => "SendTaskHeartbeat",
            _ => return Err(Refusal::not_found(action)),
        };
        let answer = backstage
            .states(operation, Json::from(parameters), asked)
            .await?;
        tracing::info!(task = %wanted.id, state = %wanted.state, action, account = asked.caller.account.as_str(), "a decision was made");
        Ok(answer)
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

fn shown((wanted, summary): &Found, bytes_max: usize) -> Json {
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
