//! `passo history`: everything that happened in an execution.

use clap::Args;
use passo_json::{Json, ObjectBuilder};

use crate::aws::names::{self, member};
use crate::aws::{Api, CallError, ConnectionArguments, pages};
use crate::duration;
use crate::exit::Exit;
use crate::output::{Cell, Column, OutputArguments, timestamp};
use crate::problem::Problem;

/// Options of `passo history`.
#[derive(Debug, Args)]
pub struct HistoryArguments {
    /// FLOW/EXECUTION, FLOW/@last, @last or an ARN
    #[arg(default_value = "@last")]
    pub execution: String,

    /// Only events after this one
    #[arg(
        long,
        value_name = "ID",
        default_value_t = 0,
        hide_default_value = true
    )]
    pub after: i64,

    /// Only events whose type contains this text; may be repeated
    #[arg(long = "type", value_name = "TEXT")]
    pub types: Vec<String>,

    /// Newest first
    #[arg(long)]
    pub reverse: bool,

    /// Leaves inputs and outputs away
    #[arg(long)]
    pub no_data: bool,

    /// At most this many
    #[arg(long, default_value_t = 25_000, value_name = "NUMBER")]
    pub limit: usize,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

const COLUMNS: &[Column] = &[
    Column::new("ID", |row| Cell::plain(id(row).to_string())),
    Column::new("AFTER", |row| Cell::dim(member(row, "after")))
        .with_text(|row| member(row, "timestamp").to_owned()),
    Column::new("TYPE", |row| Cell::plain(member(row, "type"))),
    Column::new("STATE", |row| Cell::plain(state(row).unwrap_or_default())),
    Column::new("DETAIL", |row| Cell::dim(detail(row))),
];

/// Shows a history.
///
/// # Errors
/// When there is no such execution, or the server cannot be asked.
pub async fn history(arguments: &HistoryArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = names::execution(&api, &arguments.execution).await?;
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("executionArn", arn.as_str())
        .insert("reverseOrder", arguments.reverse)
        .insert("includeExecutionData", !arguments.no_data)
        .insert("maxResults", 1000_i64);
    let events = events(&api, &Json::from(parameters.build())).await;
    let events = events.map_err(|error| {
        let name = names::execution_name(&arn);
        error.problem(format!("the history of `{name}` cannot be read"))
    })?;
    let begun = events
        .iter()
        .find(|event| id(event) == 1)
        .and_then(|event| timestamp(event, "timestamp"));
    let wanted = events.iter().filter(|event| {
        let kind = member(event, "type").to_ascii_lowercase();
        let fits = |text: &String| kind.contains(&text.to_ascii_lowercase());
        id(event) > arguments.after
            && (arguments.types.is_empty() || arguments.types.iter().any(fits))
    });
    let is_table = arguments.output.is_for_people();
    let rows = wanted.take(arguments.limit).map(|event| {
        let after = match (begun, timestamp(event, "timestamp")) {
            (Some(begun), Some(at)) if is_table => duration::show(at.millis_since(begun)),
            _ => return event.clone(),
        };
        let members = event.as_object().cloned().unwrap_or_default();
        Json::from(members.with("after", after))
    });
    arguments
        .output
        .rows(&rows.collect::<Vec<_>>(), COLUMNS, "no such events")?;
    Ok(Exit::Ok)
}

async fn events(api: &Api, parameters: &Json) -> Result<Vec<Json>, CallError> {
    pages(api, "GetExecutionHistory", parameters, "events", usize::MAX).await
}

/// An event's number.
pub fn id(event: &Json) -> i64 {
    event.get("id").and_then(Json::as_i64).unwrap_or_default()
}

/// The details of an event, by whatever name they have.
pub fn details(event: &Json) -> Option<&Json> {
    let members = event.as_object()?;
    members
        .iter()
        .find(|(name, _)| name.ends_with("EventDetails"))
        .map(|(_, details)| details)
}

/// The state that an event names.
pub fn state(event: &Json) -> Option<&str> {
    let kind = member(event, "type");
    let names_state = kind.contains("State") || kind.starts_with("MapIteration");
    details(event)
        .filter(|_| names_state)
        .and_then(|details| details.get("name")?.as_str())
}

/// What is worth saying about an event in a line.
fn detail(event: &Json) -> String {
    let Some(details) = details(event) else {
        return String::new();
    };
    let of = |name: &str| member(details, name);
    if !of("error").is_empty() || !of("cause").is_empty() {
        return [of("error"), of("cause")]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(": ");
    }
    for name in ["output", "input", "parameters", "resource", "mapRunArn"] {
        if !of(name).is_empty() {
            return of(name).to_owned();
        }
    }
    for name in ["index", "length"] {
        if let Some(number) = details.get(name).and_then(Json::as_i64) {
            return format!("{name} {number}");
        }
    }
    String::new()
}
