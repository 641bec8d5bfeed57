//! `passo activity`: work that somebody else asks for.

use clap::{Args, Subcommand};
use passo_json::{Json, ObjectBuilder, json};

use crate::aws::names::member;
use crate::aws::{Api, ConnectionArguments, all_pages};
use crate::confirm::ConfirmArguments;
use crate::exit::Exit;
use crate::output::{Cell, Column, OutputArguments, age, timestamp};
use crate::problem::Problem;

/// What can be done with activities.
#[derive(Debug, Subcommand)]
pub enum ActivityCommand {
    /// List activities
    List(ListArguments),
    /// Create one
    Create(CreateArguments),
    /// Delete one
    Delete(DeleteArguments),
    /// Wait for a task of one, up to a minute
    Poll(PollArguments),
}

/// Options of `passo activity list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Options of `passo activity create`.
#[derive(Debug, Args)]
pub struct CreateArguments {
    /// Its name
    pub name: String,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Options of `passo activity delete`.
#[derive(Debug, Args)]
pub struct DeleteArguments {
    /// Its name or ARN
    pub activity: String,

    #[command(flatten)]
    pub confirm: ConfirmArguments,

    #[command(flatten)]
    pub connection: ConnectionArguments,
}

/// Options of `passo activity poll`.
#[derive(Debug, Args)]
pub struct PollArguments {
    /// Its name or ARN
    pub activity: String,

    /// Who asks, for histories
    #[arg(long, value_name = "NAME")]
    pub worker: Option<String>,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

const COLUMNS: &[Column] = &[
    Column::new("NAME", |row| Cell::plain(member(row, "name"))),
    Column::new("CREATED", |row| {
        Cell::plain(age(timestamp(row, "creationDate")))
    })
    .with_text(|row| member(row, "creationDate").to_owned()),
    Column::new("ARN", |row| Cell::dim(member(row, "activityArn"))),
];

/// Carries out a command.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub async fn activity(command: &ActivityCommand) -> Result<Exit, Problem> {
    match command {
        ActivityCommand::List(arguments) => {
            let api = arguments.connection.connect()?;
            let activities = activities(&api).await?;
            let empty = "no activities; create one with `passo activity create NAME`";
            arguments.output.rows(&activities, COLUMNS, empty)?;
            Ok(Exit::Ok)
        }
        ActivityCommand::Create(arguments) => create(arguments).await,
        ActivityCommand::Delete(arguments) => delete(arguments).await,
        ActivityCommand::Poll(arguments) => poll(arguments).await,
    }
}

async fn activities(api: &Api) -> Result<Vec<Json>, Problem> {
    let listed = all_pages(api, "ListActivities", &json!({}), "activities").await;
    listed.map_err(|error| error.problem("the activities cannot be listed"))
}

async fn resolve(api: &Api, text: &str) -> Result<String, Problem> {
    if text.starts_with("arn:") {
        return Ok(text.to_owned());
    }
    let activities = activities(api).await?;
    let found = activities.iter().find(|row| member(row, "name") == text);
    found
        .map(|row| member(row, "activityArn").to_owned())
        .ok_or_else(|| {
            Problem::new(format!("there is no activity `{text}`"))
                .exit(Exit::NotFound)
                .next("passo activity list")
        })
}

async fn create(arguments: &CreateArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let parameters = json!({"name": arguments.name.as_str()});
    let created = api.states("CreateActivity", &parameters).await;
    let what = format!("the activity `{}` was not created", arguments.name);
    let created = created.map_err(|error| error.problem(what))?;
    let text = |value: &Json| member(value, "activityArn").to_owned();
    arguments
        .output
        .one(&created, |value| vec![text(value)], text)?;
    Ok(Exit::Ok)
}

async fn delete(arguments: &DeleteArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = resolve(&api, &arguments.activity).await?;
    if !arguments
        .confirm
        .go_on("delete", &[format!("activity {}", arguments.activity)])?
    {
        return Ok(Exit::Ok);
    }
    let deleted = api
        .states("DeleteActivity", &json!({"activityArn": arn}))
        .await;
    let what = format!("the activity `{}` was not deleted", arguments.activity);
    deleted.map_err(|error| error.problem(what))?;
    Ok(Exit::Ok)
}

async fn poll(arguments: &PollArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = resolve(&api, &arguments.activity).await?;
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("activityArn", arn)
        .insert_some("workerName", arguments.worker.as_deref());
    let parameters = Json::from(parameters.build());
    let task = api.states("GetActivityTask", &parameters).await;
    let what = format!("no task of `{}` could be asked for", arguments.activity);
    let task = task.map_err(|error| error.problem(what))?;
    if member(&task, "taskToken").is_empty() {
        anstream::eprintln!("no task came within a minute");
        return Ok(Exit::TimedOut);
    }
    let token = |value: &Json| member(value, "taskToken").to_owned();
    let table = |value: &Json| {
        let (token, input) = (member(value, "taskToken"), member(value, "input"));
        vec![format!("token  {token}"), format!("input  {input}")]
    };
    arguments.output.one(&task, table, token)?;
    anstream::eprintln!("answer it: passo approve TOKEN --output '{{}}', or passo reject TOKEN");
    Ok(Exit::Ok)
}
