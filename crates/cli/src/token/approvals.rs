//! `passo approvals`: what waits for a decision, on a Passo server. AWS has no list of that.

use clap::Args;
use passo_json::{Json, json};

use crate::aws::names::member;
use crate::aws::{Api, ConnectionArguments};
use crate::exit::Exit;
use crate::output::{Cell, Column, OutputArguments, age, timestamp};
use crate::problem::Problem;

/// Options of `passo approvals`.
#[derive(Debug, Args)]
pub struct ApprovalsArguments {
    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

const COLUMNS: &[Column] = &[
    Column::new("EXECUTION", |row| Cell::plain(execution(row)))
        .with_text(|row| member(row, "executionArn").to_owned()),
    Column::new("STATE", |row| Cell::plain(member(row, "state"))),
    Column::new("KIND", |row| Cell::plain(member(row, "kind"))),
    Column::new("WAITS SINCE", |row| {
        Cell::plain(age(timestamp(row, "since")))
    })
    .with_text(|row| member(row, "since").to_owned()),
    Column::new("UNTIL", |row| Cell::plain(member(row, "timeoutAt"))),
];

/// Lists task tokens and tasks of activities that executions wait for, the oldest first.
///
/// # Errors
/// When the server cannot be asked.
pub async fn approvals(arguments: &ApprovalsArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let tasks = pending(&api).await?;
    let empty = "nothing waits for a decision";
    arguments.output.rows(&tasks, COLUMNS, empty)?;
    Ok(Exit::Ok)
}

/// A task that waits for a decision, by the id that Passo's own API has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pending {
    /// Its id, which is not its token.
    id: String,
    /// Its state, in words.
    pub(super) state: String,
}

impl Pending {
    /// The task that has waited longest; only in the state called `wanted`, where one is.
    ///
    /// # Errors
    /// When none waits.
    pub(super) async fn next(api: &Api, wanted: Option<&str>) -> Result<Pending, Problem> {
        let tasks = pending(api).await?;
        Pending::first(&tasks, wanted).ok_or_else(|| {
            Problem::new("nothing waits for a decision")
                .exit(Exit::NotFound)
                .next("passo approvals")
        })
    }

    fn first(tasks: &[Json], wanted: Option<&str>) -> Option<Pending> {
        let is_wanted = |task: &&Json| wanted.is_none_or(|wanted| wanted == member(task, "state"));
        let task = tasks.iter().find(is_wanted)?;
        Some(Pending {
            id: member(task, "id").to_owned(),
            state: format!("`{}` of {}", member(task, "state"), execution(task)),
        })
    }

    /// Makes a decision: `approve`, `reject` or `heartbeat`.
    ///
    /// # Errors
    /// When the server does not take it.
    pub(super) async fn decide(&self, api: &Api, action: &str, body: &Json) -> Result<(), Problem> {
        let path = format!("/tasks/{}/{action}", self.id);
        let answer = api.own(&path, Some(body)).await;
        answer.map_err(|error| error.problem(format!("{} was not answered", self.state)))?;
        Ok(())
    }
}

async fn pending(api: &Api) -> Result<Vec<Json>, Problem> {
    if api.connection().is_aws("states") {
        return Err(Problem::new("AWS has no list of what waits for a decision")
            .next("name the execution: passo approve FLOW/EXECUTION"));
    }
    let answer = api.own("/tasks", None).await;
    let answer = answer.map_err(|error| error.problem("what waits cannot be listed"))?;
    let tasks = answer.get("tasks").and_then(Json::as_array);
    Ok(tasks.map(|tasks| tasks.to_vec()).unwrap_or_default())
}

fn execution(task: &Json) -> String {
    format!(
        "{}/{}",
        member(task, "workflow"),
        member(task, "executionName")
    )
}

/// The body of an approval.
pub(super) fn approval(output: &Json) -> Json {
    json!({"output": output.clone()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_a_state_is_next() {
        let task = |id: &str, state: &str| json!({"id": id, "state": state, "workflow": "w", "executionName": "e"});
        let tasks = [task("1", "A"), task("2", "B"), task("3", "B")];
        let next =
            |wanted| Pending::first(&tasks, wanted).map(|pending| (pending.id, pending.state));
        let expect = |id: &str, state: &str| Some((id.to_owned(), format!("`{state}` of w/e")));
        assert_eq!(next(None), expect("1", "A"));
        assert_eq!(next(Some("B")), expect("2", "B"));
        assert_eq!(next(Some("C")), None);
    }
}
