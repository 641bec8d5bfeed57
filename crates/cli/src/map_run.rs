//! `passo map-run`: the runs of distributed Map states.

use clap::{Args, Subcommand};
use passo_json::{Json, ObjectBuilder, json};

use crate::aws::names::{self, member};
use crate::aws::{ConnectionArguments, all_pages};
use crate::exit::Exit;
use crate::output::{Cell, Column, OutputArguments, age, status_style, timestamp};
use crate::problem::Problem;
use crate::terminal::Clean;

/// What can be done with Map runs.
#[derive(Debug, Subcommand)]
pub enum MapRunCommand {
    /// List the Map runs of an execution
    List(ListArguments),
    /// Show one: its status, and how far its items are
    Show(ShowArguments),
    /// Change the limits of one that runs
    #[command(visible_alias = "set-concurrency")]
    Set(SetArguments),
}

/// Options of `passo map-run list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// FLOW/EXECUTION, FLOW/@last, @last or an ARN
    #[arg(default_value = "@last")]
    pub execution: String,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Options of `passo map-run show`.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// The Map run's ARN, or its execution where that has only one
    #[arg(default_value = "@last")]
    pub map_run: String,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Options of `passo map-run set`.
#[derive(Debug, Args)]
pub struct SetArguments {
    /// The Map run's ARN, or its execution where that has only one
    pub map_run: String,

    /// How many children run at once; 0 is as many as the server takes
    #[arg(long, value_name = "NUMBER")]
    pub max_concurrency: Option<u32>,

    /// How many items may fail
    #[arg(long, value_name = "NUMBER")]
    pub tolerated_failure_count: Option<u32>,

    /// What share of the items may fail, in percent
    #[arg(long, value_name = "PERCENT")]
    pub tolerated_failure_percentage: Option<f64>,

    #[command(flatten)]
    pub connection: ConnectionArguments,
}

const COLUMNS: &[Column] = &[
    Column::new("STARTED", |row| {
        Cell::plain(age(timestamp(row, "startDate")))
    })
    .with_text(|row| member(row, "startDate").to_owned()),
    Column::new("STOPPED", |row| {
        Cell::plain(age(timestamp(row, "stopDate")))
    })
    .with_text(|row| member(row, "stopDate").to_owned()),
    Column::new("MAP RUN", |row| Cell::plain(member(row, "mapRunArn"))),
];

/// Carries out a command.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub async fn map_run(command: &MapRunCommand) -> Result<Exit, Problem> {
    match command {
        MapRunCommand::List(arguments) => list(arguments).await,
        MapRunCommand::Show(arguments) => show(arguments).await,
        MapRunCommand::Set(arguments) => set(arguments).await,
    }
}

async fn list(arguments: &ListArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let execution = names::execution(&api, &arguments.execution).await?;
    let runs = runs_of(&api, &execution).await?;
    arguments.output.rows(&runs, COLUMNS, "no Map runs")?;
    Ok(Exit::Ok)
}

async fn runs_of(api: &crate::aws::Api, execution: &str) -> Result<Vec<Json>, Problem> {
    let parameters = json!({"executionArn": execution});
    let runs = all_pages(api, "ListMapRuns", &parameters, "mapRuns").await;
    runs.map_err(|error| {
        let name = names::execution_name(execution);
        error.problem(format!("the Map runs of `{name}` cannot be listed"))
    })
}

/// The ARN of a Map run: itself, or that of the only one of an execution.
async fn resolve(api: &crate::aws::Api, text: &str) -> Result<String, Problem> {
    if text.starts_with("arn:") && text.split(':').nth(5) == Some("mapRun") {
        return Ok(text.to_owned());
    }
    let execution = names::execution(api, text).await?;
    let runs = runs_of(api, &execution).await?;
    let name = names::execution_name(&execution);
    match &runs[..] {
        [only] => Ok(member(only, "mapRunArn").to_owned()),
        [] => Err(Problem::new(format!("`{name}` has no Map runs")).exit(Exit::NotFound)),
        several => Err(
            Problem::new(format!("`{name}` has {} Map runs", several.len()))
                .next(format!("passo map-run list {name}")),
        ),
    }
}

async fn show(arguments: &ShowArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = resolve(&api, &arguments.map_run).await?;
    let parameters = json!({"mapRunArn": arn.as_str()});
    let described = api.states("DescribeMapRun", &parameters).await;
    let described = described.map_err(|error| error.problem("the Map run cannot be described"))?;
    let status = |value: &Json| member(value, "status").to_owned();
    arguments.output.one(&described, table, status)?;
    if count(&described, "executionCounts", "failed") > 0 {
        anstream::eprintln!("what failed: passo list {arn} --status failed");
    }
    Ok(Exit::Ok)
}

async fn set(arguments: &SetArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = resolve(&api, &arguments.map_run).await?;
    let share = arguments.tolerated_failure_percentage;
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("mapRunArn", arn)
        .insert_some("maxConcurrency", arguments.max_concurrency.map(i64::from))
        .insert_some(
            "toleratedFailureCount",
            arguments.tolerated_failure_count.map(i64::from),
        )
        .insert_some(
            "toleratedFailurePercentage",
            share.and_then(passo_json::Number::from_f64),
        );
    let parameters = Json::from(parameters.build());
    let changed = api.states("UpdateMapRun", &parameters).await;
    changed.map_err(|error| error.problem("the Map run was not changed"))?;
    Ok(Exit::Ok)
}

fn table(value: &Json) -> Vec<String> {
    let status = member(value, "status");
    let style = status_style(status);
    let mut lines = vec![format!(
        "{}   {style}{status}{style:#}",
        Clean::line(member(value, "mapRunArn"))
    )];
    for (title, counts) in [("items", "itemCounts"), ("children", "executionCounts")] {
        let parts = [
            "total",
            "pending",
            "running",
            "succeeded",
            "failed",
            "timedOut",
            "aborted",
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .map(|part| (part, count(value, counts, part)))
            .filter(|(part, count)| *count > 0 || *part == "total")
            .map(|(part, count)| format!("{count} {part}"))
            .collect();
        lines.push(format!("  {title:<12} {}", parts.join(", ")));
    }
    for (title, name) in [
        ("concurrency", "maxConcurrency"),
        ("may fail", "toleratedFailureCount"),
        ("may fail %", "toleratedFailurePercentage"),
        ("redrives", "redriveCount"),
    ] {
        if let Some(number) = value
            .get(name)
            .filter(|number| number.as_f64() != Some(0.0))
        {
            lines.push(format!("  {title:<12} {number}"));
        }
    }
    for (title, name) in [("started", "startDate"), ("stopped", "stopDate")] {
        let text = member(value, name);
        if !text.is_empty() {
            lines.push(format!("  {title:<12} {text}"));
        }
    }
    lines
}

fn count(value: &Json, counts: &str, part: &str) -> i64 {
    let count = value
        .get(counts)
        .and_then(|counts| counts.get(part)?.as_i64());
    count.unwrap_or_default()
}
