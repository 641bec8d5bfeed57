//! `passo start`: begins an execution and does not wait for it.

use clap::Args;
use passo_json::{Json, ObjectBuilder};

use crate::aws::names::{self, member};
use crate::aws::{Api, CallError, ConnectionArguments};
use crate::exit::Exit;
use crate::given::Given;
use crate::output::OutputArguments;
use crate::problem::Problem;

/// Options of `passo start`.
#[derive(Debug, Args)]
pub struct StartArguments {
    /// The state machine: NAME, NAME:ALIAS, NAME:VERSION or an ARN
    pub flow: String,

    /// The input: JSON, @FILE, or - for standard input
    #[arg(long, short = 'i', default_value = "{}", value_name = "JSON")]
    pub input: String,

    /// The execution's name; a second start with the same name and input is the same execution
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Starts an execution.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub async fn start(arguments: &StartArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let machine = names::state_machine(&api, &arguments.flow).await?;
    let input = input_text(&arguments.input)?;
    let started = begin(&api, &machine, &input, arguments.name.as_deref()).await?;
    let arn = |value: &Json| member(value, "executionArn").to_owned();
    arguments
        .output
        .one(&started, |value| vec![arn(value)], arn)?;
    anstream::eprintln!(
        "follow it: passo trace {}",
        names::execution_name(member(&started, "executionArn"))
    );
    Ok(Exit::Ok)
}

/// Starts an execution: the answer of `StartExecution`.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub async fn begin(
    api: &Api,
    machine: &str,
    input: &str,
    name: Option<&str>,
) -> Result<Json, Problem> {
    let parameters = parameters(machine, input, name);
    let started = api.states("StartExecution", &parameters).await;
    started.map_err(|error| not_started(error, machine))
}

/// Starts an Express execution and waits for it: the answer of `StartSyncExecution`.
///
/// # Errors
/// When the server refuses, as it does where the workflow is a Standard one, or cannot be asked.
pub async fn sync(
    api: &Api,
    machine: &str,
    input: &str,
    name: Option<&str>,
) -> Result<Json, Problem> {
    let parameters = parameters(machine, input, name);
    let ended = api.states("StartSyncExecution", &parameters).await;
    ended.map_err(|error| not_started(error, machine))
}

fn not_started(error: CallError, machine: &str) -> Problem {
    error.problem(format!(
        "no execution of `{}` was started",
        names::name_of(machine)
    ))
}

fn parameters(machine: &str, input: &str, name: Option<&str>) -> Json {
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("stateMachineArn", machine)
        .insert("input", input)
        .insert_some("name", name);
    Json::from(parameters.build())
}

/// The input as it was given, once it is known to be JSON.
///
/// # Errors
/// When it is not, or cannot be read.
pub fn input_text(given: &str) -> Result<String, Problem> {
    let input = Given::read("--input", given)?;
    input.json()?;
    Ok(input.text)
}
