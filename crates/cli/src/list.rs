//! `passo list`: executions, newest first.

use std::time::Duration;

use clap::{Args, ValueEnum};
use passo_json::{Json, ObjectBuilder};

use crate::aws::names::{self, member};
use crate::aws::{Api, ConnectionArguments, pages};
use crate::duration;
use crate::exit::Exit;
use crate::output::{Cell, Column, OutputArguments, age, timestamp};
use crate::problem::Problem;
use crate::run::now;

/// Options of `passo list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// Only executions of this state machine, version or alias
    pub flow: Option<String>,

    /// Only executions with this status
    #[arg(long, value_enum, value_name = "STATUS")]
    pub status: Option<StatusArgument>,

    /// Only executions that started within this time, such as 30m or 24h
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub since: Option<Duration>,

    /// At most this many
    #[arg(long, default_value_t = 20, value_name = "NUMBER")]
    pub limit: usize,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// `--status`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StatusArgument {
    /// Under way
    Running,
    /// Ended well
    Succeeded,
    /// Failed
    Failed,
    /// Ran out of time
    TimedOut,
    /// Stopped
    Aborted,
    /// Waits for its redrive
    PendingRedrive,
}

impl StatusArgument {
    /// The status as AWS has it.
    pub fn name(self) -> &'static str {
        match self {
            StatusArgument::Running => "RUNNING",
            StatusArgument::Succeeded => "SUCCEEDED",
            StatusArgument::Failed => "FAILED",
            StatusArgument::TimedOut => "TIMED_OUT",
            StatusArgument::Aborted => "ABORTED",
            StatusArgument::PendingRedrive => "PENDING_REDRIVE",
        }
    }
}

/// The columns of a list of executions.
pub const COLUMNS: &[Column] = &[
    Column::new("EXECUTION", |row| {
        Cell::plain(names::execution_name(member(row, "executionArn")))
    })
    .with_text(|row| member(row, "executionArn").to_owned()),
    Column::new("STATUS", |row| Cell::status(member(row, "status"))),
    Column::new("STARTED", |row| {
        Cell::plain(age(timestamp(row, "startDate")))
    })
    .with_text(|row| member(row, "startDate").to_owned()),
    Column::new("TOOK", |row| {
        Cell::plain(took(row).map(duration::show).unwrap_or_default())
    })
    .with_text(|row| {
        took(row)
            .map(|millis| millis.to_string())
            .unwrap_or_default()
    }),
];

/// Lists executions.
///
/// # Errors
/// When the server cannot be asked, or there is no such state machine.
pub async fn list(arguments: &ListArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let machines = match &arguments.flow {
        Some(flow) => vec![names::state_machine(&api, flow).await?],
        None => standard_machines(&api).await?,
    };
    let mut rows = Vec::new();
    for machine in &machines {
        rows.extend(executions(&api, machine, arguments.status, arguments.limit).await?);
    }
    let since = arguments.since.map(|since| {
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        now().plus_millis(millis.saturating_neg())
    });
    if let Some(since) = since {
        rows.retain(|row| timestamp(row, "startDate").is_some_and(|at| at >= since));
    }
    rows.sort_by_key(|row| std::cmp::Reverse(timestamp(row, "startDate")));
    rows.truncate(arguments.limit);
    let empty = "no executions; start one with `passo start FLOW --input '{}'`";
    arguments.output.rows(&rows, COLUMNS, empty)?;
    Ok(Exit::Ok)
}

/// The newest executions of a state machine or Map run.
///
/// # Errors
/// When the server cannot be asked.
pub async fn executions(
    api: &Api,
    of: &str,
    status: Option<StatusArgument>,
    limit: usize,
) -> Result<Vec<Json>, Problem> {
    let mut parameters = ObjectBuilder::new();
    let is_map_run = of.split(':').nth(5) == Some("mapRun");
    let member = if is_map_run {
        "mapRunArn"
    } else {
        "stateMachineArn"
    };
    parameters
        .insert(member, of)
        .insert(
            "maxResults",
            i64::try_from(limit.clamp(1, 1000)).unwrap_or(1000),
        )
        .insert_some("statusFilter", status.map(StatusArgument::name));
    let parameters = Json::from(parameters.build());
    pages(api, "ListExecutions", &parameters, "executions", limit)
        .await
        .map_err(|error| error.problem(format!("the executions of `{of}` cannot be listed")))
}

async fn standard_machines(api: &Api) -> Result<Vec<String>, Problem> {
    let machines = names::state_machines(api).await?;
    // AWS keeps no list of Express executions.
    let standard = machines
        .iter()
        .filter(|machine| member(machine, "type") != "EXPRESS");
    Ok(standard
        .map(|machine| member(machine, "stateMachineArn").to_owned())
        .collect())
}

/// Milliseconds that an execution took, or has taken up to now.
fn took(row: &Json) -> Option<i64> {
    let start = timestamp(row, "startDate")?;
    let stop = timestamp(row, "stopDate");
    let end = match stop {
        Some(stop) => stop,
        None if member(row, "status") == "RUNNING" => now(),
        None => return None,
    };
    Some(end.millis_since(start))
}
