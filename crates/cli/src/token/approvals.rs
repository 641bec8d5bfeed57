//! `passo approvals`: what waits for a decision, on a Passo server. AWS has no list of that.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::{Args, Subcommand};
use passo_json::{Json, json};
use sha2::{Digest as _, Sha256};

use crate::aws::names::{encoded, member};
use crate::aws::{Api, ConnectionArguments};
use crate::exit::Exit;
use crate::output::{Cell, Column, OutputArguments, age, timestamp};
use crate::problem::Problem;
use crate::terminal::Clean;

/// Hexadecimal digits of a task's id.
const ID_DIGITS: usize = 32;

/// Options of `passo approvals`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ApprovalsArguments {
    #[command(subcommand)]
    pub command: Option<ApprovalsCommand>,

    /// Those that were decided, newest first, with who decided and why
    #[arg(long, conflicts_with = "assignee")]
    pub decided: bool,

    /// Only what this person is asked: `assignee` in the task's arguments
    #[arg(long, value_name = "NAME")]
    pub assignee: Option<String>,

    /// Go on, and tell of each that comes or goes
    #[arg(long, short, conflicts_with = "decided")]
    pub watch: bool,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// What else can be done with decisions.
#[derive(Debug, Subcommand)]
pub enum ApprovalsCommand {
    /// Show one: what is asked, or who has decided
    Show(ShowArguments),
}

/// Options of `passo approvals show`.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// The task's id, or its token
    pub task: String,

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
    Column::new("ASKED OF", |row| Cell::plain(member(row, "assignee"))),
    Column::new("ID", |row| Cell::dim(member(row, "id"))),
];

const DECIDED: &[Column] = &[
    Column::new("WHEN", |row| Cell::plain(age(timestamp(row, "at"))))
        .with_text(|row| member(row, "at").to_owned()),
    Column::new("DECISION", |row| Cell::plain(member(row, "action"))),
    Column::new("BY", |row| Cell::plain(member(row, "by"))),
    Column::new("EXECUTION", |row| Cell::plain(execution(row)))
        .with_text(|row| member(row, "executionArn").to_owned()),
    Column::new("STATE", |row| Cell::plain(member(row, "state"))),
    Column::new("WHY", |row| {
        let reason = Some(member(row, "reason")).filter(|reason| !reason.is_empty());
        Cell::plain(reason.unwrap_or_else(|| member(row, "cause")))
    }),
];

/// How often a watch asks.
const PAUSE: Duration = Duration::from_secs(2);

/// Lists task tokens and tasks of activities that executions wait for, the oldest first.
///
/// # Errors
/// When the server cannot be asked.
pub async fn approvals(arguments: &ApprovalsArguments) -> Result<Exit, Problem> {
    if let Some(ApprovalsCommand::Show(arguments)) = &arguments.command {
        return show(arguments).await;
    }
    let api = arguments.connection.connect()?;
    if arguments.decided {
        let decided = list(&api, "/decisions?limit=200", "decisions").await?;
        let empty = "nothing was decided here in the last 90 days";
        arguments.output.rows(&decided, DECIDED, empty)?;
        return Ok(Exit::Ok);
    }
    let path = match &arguments.assignee {
        Some(assignee) => format!("/tasks?assignee={}", encoded(assignee)),
        None => "/tasks".to_owned(),
    };
    if arguments.watch {
        return watch(&api, &path, &arguments.output).await;
    }
    let tasks = list(&api, &path, "tasks").await?;
    let empty = "nothing waits for a decision";
    arguments.output.rows(&tasks, COLUMNS, empty)?;
    Ok(Exit::Ok)
}

/// Tells of decisions that come and go, until it is interrupted.
async fn watch(api: &Api, path: &str, output: &OutputArguments) -> Result<Exit, Problem> {
    let mut known: BTreeMap<String, Json> = BTreeMap::new();
    loop {
        let tasks = list(api, path, "tasks").await?;
        let now: BTreeMap<String, Json> = tasks
            .iter()
            .map(|task| (member(task, "id").to_owned(), task.clone()))
            .collect();
        for (change, task) in changes(&known, &now, &tasks) {
            let told = Json::from(
                task.as_object()
                    .cloned()
                    .unwrap_or_default()
                    .with("change", change),
            );
            let line = |task: &Json| {
                let (state, id) = (member(task, "state"), member(task, "id"));
                format!("{change:<8} {}  {state}  {id}", execution(task))
            };
            output.one(
                &told,
                |task| vec![Clean::line(&line(task)).to_string()],
                line,
            )?;
        }
        known = now;
        tokio::time::sleep(PAUSE).await;
    }
}

/// What has come since, in the order of the list, and then what has gone.
fn changes<'a>(
    known: &'a BTreeMap<String, Json>,
    now: &BTreeMap<String, Json>,
    tasks: &'a [Json],
) -> Vec<(&'static str, &'a Json)> {
    let come = tasks
        .iter()
        .filter(|task| !known.contains_key(member(task, "id")));
    let gone = known.iter().filter(|(id, _)| !now.contains_key(*id));
    let come = come.map(|task| ("waiting", task));
    come.chain(gone.map(|(_, task)| ("done", task))).collect()
}

async fn show(arguments: &ShowArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let id = id_of(&arguments.task).ok_or_else(|| {
        Problem::new(format!("`{}` is no task's id", arguments.task)).next("passo approvals")
    })?;
    if let Some(task) = one(&api, &id).await? {
        let lines = |task: &Json| {
            let mut lines = Vec::new();
            for name in [
                "state",
                "workflow",
                "executionArn",
                "kind",
                "since",
                "timeoutAt",
                "heartbeatAt",
                "assignee",
                "worker",
                "input",
                "responseSchema",
            ] {
                let value = task.get(name).map(|value| match value.as_str() {
                    Some(text) => text.to_owned(),
                    None => value.to_text(),
                });
                lines.extend(value.map(|value| format!("{name:<14}  {}", Clean::line(&value))));
            }
            lines.push(format!(
                "{:<14}  passo approve {}",
                "answer it",
                member(task, "id")
            ));
            lines
        };
        arguments
            .output
            .one(&task, lines, |task| member(task, "input").to_owned())?;
        return Ok(Exit::Ok);
    }
    let decided = list(&api, &format!("/decisions?task={id}"), "decisions").await?;
    if decided.is_empty() {
        return Err(
            Problem::new("no such task waits, and none was decided here")
                .exit(Exit::NotFound)
                .next("passo approvals --decided"),
        );
    }
    arguments.output.rows(&decided, DECIDED, "")?;
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

    /// The task that `text` is the id or the token of; `None` where it is neither, or waits no more.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub(super) async fn known(api: &Api, text: &str) -> Result<Option<Pending>, Problem> {
        let Some(id) = id_of(text) else {
            return Ok(None);
        };
        let is_token = text != id;
        match one(api, &id).await {
            Ok(Some(task)) => Ok(Pending::first(&[task], None)),
            // Another server than ours may know the token all the same.
            Ok(None) | Err(_) if is_token => Ok(None),
            Ok(None) => Err(
                Problem::new("this decision was made already, or its time is over")
                    .exit(Exit::NotFound)
                    .next(format!("passo approvals show {id}")),
            ),
            Err(problem) => Err(problem),
        }
    }

    /// The only task of an execution that waits; that in the state called `wanted`, where several do. `None` where the
    /// server tells of none.
    ///
    /// # Errors
    /// When several wait.
    pub(super) async fn of(
        api: &Api,
        execution: &str,
        wanted: Option<&str>,
    ) -> Result<Option<Pending>, Problem> {
        let path = format!("/tasks?execution={}", encoded(execution));
        let Ok(tasks) = list(api, &path, "tasks").await else {
            return Ok(None);
        };
        let is_wanted = |task: &&Json| wanted.is_none_or(|wanted| wanted == member(task, "state"));
        let several: Vec<&Json> = tasks.iter().filter(is_wanted).collect();
        if several.len() > 1 {
            let states = several
                .iter()
                .map(|task| format!("`{}` ({})", member(task, "state"), member(task, "id")));
            let states: Vec<String> = states.collect();
            return Err(Problem::new("several tasks of the execution wait")
                .why(states.join(", "))
                .next("name one with --state NAME, or give its id"));
        }
        Ok(Pending::first(&tasks, wanted))
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
    list(api, "/tasks", "tasks").await
}

/// A list of Passo's own API.
async fn list(api: &Api, path: &str, name: &str) -> Result<Vec<Json>, Problem> {
    if api.connection().is_aws("states") {
        return Err(Problem::new("AWS has no list of what waits for a decision")
            .next("name the execution: passo approve FLOW/EXECUTION"));
    }
    let answer = api.own(path, None).await;
    let answer = answer.map_err(|error| error.problem("what waits cannot be listed"))?;
    let rows = answer.get(name).and_then(Json::as_array);
    Ok(rows.map(|rows| rows.to_vec()).unwrap_or_default())
}

/// A task that waits; `None` where none of this id does.
async fn one(api: &Api, id: &str) -> Result<Option<Json>, Problem> {
    match api.own(&format!("/tasks/{id}"), None).await {
        Ok(task) => Ok(Some(task)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.problem("the task cannot be read")),
    }
}

/// The id that `text` is, or that it is the token of: the beginning of the token's SHA-256.
fn id_of(text: &str) -> Option<String> {
    let is_id = text.len() == ID_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id {
        return Some(text.to_ascii_lowercase());
    }
    let digest = super::is_token(text).then(|| Sha256::digest(text.as_bytes()))?;
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.get(..ID_DIGITS).map(str::to_owned)
}

fn execution(task: &Json) -> String {
    format!(
        "{}/{}",
        member(task, "workflow"),
        member(task, "executionName")
    )
}

/// The body of an approval.
pub(super) fn approval(output: &Json, reason: Option<&str>) -> Json {
    json!({"output": output.clone(), "reason": reason.map_or(Json::Null, Json::from)})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_known_by_its_id_or_its_token() {
        let id = "0123456789abcdef0123456789ABCDEF";
        assert_eq!(id_of(id), Some(id.to_ascii_lowercase()));
        let token = "AAAA".repeat(40);
        assert_eq!(id_of(&token).map(|id| id.len()), Some(ID_DIGITS));
        for neither in ["", "orders/o-1", "0123", "@next"] {
            assert_eq!(id_of(neither), None, "{neither}");
        }
    }

    #[test]
    fn a_watch_tells_what_comes_and_goes() {
        let task = |id: &str| json!({"id": id});
        let map = |ids: &[&str]| {
            ids.iter()
                .map(|id| ((*id).to_owned(), task(id)))
                .collect::<BTreeMap<_, _>>()
        };
        let (before, after) = (map(&["a", "b"]), map(&["c", "b"]));
        let tasks = [task("c"), task("b")];
        let told = changes(&before, &after, &tasks);
        let told: Vec<(&str, &str)> = told
            .iter()
            .map(|(change, task)| (*change, member(task, "id")))
            .collect();
        assert_eq!(told, [("waiting", "c"), ("done", "a")]);
    }

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
