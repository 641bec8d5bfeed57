//! `passo show`: one execution: how it stands, where it failed, what went in and came out.

use anstyle::Style;
use clap::Args;
use passo_json::{Json, json};

use crate::aws::names::{self, member};
use crate::aws::{Api, ConnectionArguments};
use crate::duration;
use crate::exit::Exit;
use crate::output::{OutputArguments, status_style, timestamp};
use crate::problem::Problem;
use crate::run::now;
use crate::terminal::Clean;

/// Options of `passo show`.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// FLOW/EXECUTION, FLOW/@last, @last or an ARN
    #[arg(default_value = "@last")]
    pub execution: String,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Shows an execution.
///
/// # Errors
/// When there is none of that name, or the server cannot be asked.
pub async fn show(arguments: &ShowArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = names::execution(&api, &arguments.execution).await?;
    let mut described = describe(&api, &arn).await?;
    let is_over_badly = matches!(
        member(&described, "status"),
        "FAILED" | "TIMED_OUT" | "ABORTED"
    );
    if is_over_badly && let Some(state) = last_state(&api, &arn).await {
        let members = described.as_object().cloned().unwrap_or_default();
        described = Json::from(members.with("lastState", state));
    }
    arguments.output.one(&described, table, |value| {
        member(value, "status").to_owned()
    })?;
    Ok(Exit::Ok)
}

/// An execution, as `DescribeExecution` has it.
///
/// # Errors
/// When there is none of that name, or the server cannot be asked.
pub async fn describe(api: &Api, arn: &str) -> Result<Json, Problem> {
    let parameters = json!({"executionArn": arn});
    let described = api.states("DescribeExecution", &parameters).await;
    described.map_err(|error| {
        let name = names::execution_name(arn);
        let is_not_found = error.is_not_found();
        let problem = error.problem(format!("the execution `{name}` cannot be described"));
        match (is_not_found, name.split_once('/')) {
            (true, Some((flow, _))) => problem.next(format!("passo list {flow}")),
            _ => problem,
        }
    })
}

/// The last state that an execution was in. A server that does not tell is no problem: more is known about it.
async fn last_state(api: &Api, arn: &str) -> Option<String> {
    let parameters = json!({
        "executionArn": arn, "reverseOrder": true, "maxResults": 100, "includeExecutionData": false
    });
    let history = api.states("GetExecutionHistory", &parameters).await.ok()?;
    let events = history.get("events")?.as_array()?;
    let names = events.iter().filter_map(|event| {
        let details = event.get("stateEnteredEventDetails")?;
        details.get("name")?.as_str().map(str::to_owned)
    });
    names.into_iter().next()
}

fn table(value: &Json) -> Vec<String> {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let arn = member(value, "executionArn");
    let status = member(value, "status");
    let style = status_style(status);
    let name = Clean::line(&names::execution_name(arn)).to_string();
    let started = timestamp(value, "startDate");
    let stopped = timestamp(value, "stopDate");
    let took = started.map(|started| {
        let millis = stopped.unwrap_or_else(now).millis_since(started);
        duration::show(millis)
    });
    let mut lines = vec![format!(
        "{bold}{name}{bold:#}   {style}{status}{style:#}   {}",
        took.unwrap_or_default()
    )];
    let mut row = |title: &str, text: &str| {
        if !text.is_empty() {
            lines.push(format!("  {dim}{title:<9}{dim:#} {}", Clean::line(text)));
        }
    };
    row("arn", arn);
    row("machine", member(value, "stateMachineArn"));
    row("version", member(value, "stateMachineVersionArn"));
    row("alias", member(value, "stateMachineAliasArn"));
    row("map run", member(value, "mapRunArn"));
    row("started", member(value, "startDate"));
    row("stopped", member(value, "stopDate"));
    let redrives = value.get("redriveCount").and_then(Json::as_i64);
    if let Some(redrives) = redrives.filter(|redrives| *redrives > 0) {
        row("redrives", &redrives.to_string());
    }
    row("in state", member(value, "lastState"));
    row("error", member(value, "error"));
    row("cause", member(value, "cause"));
    for part in ["input", "output"] {
        if let Some(text) = value.get(part).and_then(Json::as_str) {
            lines.push(format!("  {dim}{part}{dim:#}"));
            let pretty =
                Json::parse(text).map_or_else(|_| text.to_owned(), |json| json.to_pretty());
            lines.extend(
                pretty
                    .lines()
                    .map(|line| format!("    {}", Clean::line(line))),
            );
        }
    }
    lines
}
