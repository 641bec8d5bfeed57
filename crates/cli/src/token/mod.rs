//! `passo approve`, `reject` and `heartbeat`: answering a task that waits for its token.

mod find;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use passo_json::{Json, ObjectBuilder, json};

use crate::aws::{Api, CallError, ConnectionArguments, names};
use crate::exit::Exit;
use crate::given::Given;
use crate::problem::Problem;
use find::Waiting;

/// Which task.
#[derive(Debug, Args)]
pub struct TaskArguments {
    /// The execution that waits (FLOW/EXECUTION, FLOW/@last, @last or an ARN), or the task's token
    pub task: String,

    /// Which state of the execution, where several wait
    #[arg(long, value_name = "NAME")]
    pub state: Option<String>,

    #[command(flatten)]
    pub connection: ConnectionArguments,
}

/// Options of `passo approve`.
#[derive(Debug, Args)]
pub struct ApproveArguments {
    #[command(flatten)]
    pub task: TaskArguments,

    /// The task's result: JSON, @FILE, or - for standard input
    #[arg(long, short = 'o', default_value = "{}", value_name = "JSON")]
    pub output: String,
}

/// Options of `passo reject`.
#[derive(Debug, Args)]
pub struct RejectArguments {
    #[command(flatten)]
    pub task: TaskArguments,

    /// The error that the task fails with
    #[arg(long, default_value = "Rejected", value_name = "NAME")]
    pub error: String,

    /// Why
    #[arg(long, alias = "reason", value_name = "TEXT")]
    pub cause: Option<String>,
}

/// Lets a task succeed.
///
/// # Errors
/// When no task waits there, or the server refuses.
pub async fn approve(arguments: &ApproveArguments) -> Result<Exit, Problem> {
    let output = Given::read("--output", &arguments.output)?;
    output.json()?;
    let (api, waiting) = waiting(&arguments.task).await?;
    let parameters = json!({"taskToken": waiting.token.as_str(), "output": output.text});
    let answer = api.states("SendTaskSuccess", &parameters).await;
    told(answer, &waiting, "approved")
}

/// Lets a task fail.
///
/// # Errors
/// When no task waits there, or the server refuses.
pub async fn reject(arguments: &RejectArguments) -> Result<Exit, Problem> {
    let (api, waiting) = waiting(&arguments.task).await?;
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("taskToken", waiting.token.as_str())
        .insert("error", arguments.error.as_str())
        .insert_some("cause", arguments.cause.as_deref());
    let parameters = Json::from(parameters.build());
    let answer = api.states("SendTaskFailure", &parameters).await;
    told(answer, &waiting, "rejected")
}

/// Says that a task is still being worked on.
///
/// # Errors
/// When no task waits there, or the server refuses.
pub async fn heartbeat(arguments: &TaskArguments) -> Result<Exit, Problem> {
    let (api, waiting) = waiting(arguments).await?;
    let parameters = json!({"taskToken": waiting.token.as_str()});
    let answer = api.states("SendTaskHeartbeat", &parameters).await;
    told(answer, &waiting, "kept alive")
}

async fn waiting(arguments: &TaskArguments) -> Result<(Api, Waiting), Problem> {
    let api = arguments.connection.connect()?;
    let task = &arguments.task;
    if is_token(task) {
        let waiting = Waiting {
            state: "the task".to_owned(),
            token: task.clone(),
        };
        return Ok((api, waiting));
    }
    let execution = names::execution(&api, task).await?;
    let waiting = find::waiting(&api, &execution, arguments.state.as_deref()).await?;
    Ok((api, waiting))
}

/// Tokens are long texts in base64, which neither ARNs nor names with a dash are.
fn is_token(text: &str) -> bool {
    text.len() >= 100 && STANDARD.decode(text).is_ok()
}

fn told(answer: Result<Json, CallError>, waiting: &Waiting, done: &str) -> Result<Exit, Problem> {
    answer.map_err(|error| error.problem(format!("{} was not {done}", waiting.state)))?;
    anstream::eprintln!("{} was {done}", waiting.state);
    Ok(Exit::Ok)
}
