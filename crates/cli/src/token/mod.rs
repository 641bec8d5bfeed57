//! `passo approve`, `reject` and `heartbeat`: answering a task that waits for its token; `passo approvals`: which do.

mod approvals;
mod find;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use passo_json::{Json, ObjectBuilder, json};

use crate::aws::{Api, ConnectionArguments, names};
use crate::exit::Exit;
use crate::given::Given;
use crate::problem::Problem;
pub use approvals::{ApprovalsArguments, approvals};
use approvals::{Pending, approval};
use find::Waiting;

/// Which task.
#[derive(Debug, Args)]
pub struct TaskArguments {
    /// The execution that waits (FLOW/EXECUTION, FLOW/@last, @last or an ARN), the task's id or token, or @next: what has waited longest
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

    /// Why, for the audit of a Passo server
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// Options of `passo reject`.
#[derive(Debug, Args)]
pub struct RejectArguments {
    #[command(flatten)]
    pub task: TaskArguments,

    /// The error that the task fails with
    #[arg(long, default_value = "Rejected", value_name = "NAME")]
    pub error: String,

    /// Why: the cause of the failure, also for the audit of a Passo server
    #[arg(long, alias = "reason", value_name = "TEXT")]
    pub cause: Option<String>,
}

/// Lets a task succeed.
///
/// # Errors
/// When no task waits there, or the server refuses.
pub async fn approve(arguments: &ApproveArguments) -> Result<Exit, Problem> {
    let output = Given::read("--output", &arguments.output)?;
    let value = output.json()?;
    let (api, asked) = asked(&arguments.task).await?;
    let answer = match &asked {
        Asked::Known(pending) => {
            let body = approval(&value, arguments.reason.as_deref());
            pending.decide(&api, "approve", &body).await
        }
        Asked::Task(waiting) => {
            let parameters = json!({"taskToken": waiting.token.as_str(), "output": output.text});
            waiting.tell(&api, "SendTaskSuccess", &parameters).await
        }
    };
    told(answer, &asked, "approved")
}

/// Lets a task fail.
///
/// # Errors
/// When no task waits there, or the server refuses.
pub async fn reject(arguments: &RejectArguments) -> Result<Exit, Problem> {
    let (api, asked) = asked(&arguments.task).await?;
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("error", arguments.error.as_str())
        .insert_some("cause", arguments.cause.as_deref());
    let parameters = parameters.build();
    let answer = match &asked {
        Asked::Known(pending) => {
            let reason = arguments.cause.as_deref();
            let body = reason.map_or(parameters.clone(), |reason| {
                parameters.with("reason", reason)
            });
            pending.decide(&api, "reject", &Json::from(body)).await
        }
        Asked::Task(waiting) => {
            let parameters = Json::from(parameters.with("taskToken", waiting.token.as_str()));
            waiting.tell(&api, "SendTaskFailure", &parameters).await
        }
    };
    told(answer, &asked, "rejected")
}

/// Says that a task is still being worked on.
///
/// # Errors
/// When no task waits there, or the server refuses.
pub async fn heartbeat(arguments: &TaskArguments) -> Result<Exit, Problem> {
    let (api, asked) = asked(arguments).await?;
    let answer = match &asked {
        Asked::Known(pending) => pending.decide(&api, "heartbeat", &json!({})).await,
        Asked::Task(waiting) => {
            let parameters = json!({"taskToken": waiting.token.as_str()});
            waiting.tell(&api, "SendTaskHeartbeat", &parameters).await
        }
    };
    told(answer, &asked, "kept alive")
}

/// What is answered.
enum Asked {
    /// A task whose token is known.
    Task(Waiting),
    /// A task that a Passo server knows by its id.
    Known(Pending),
}

impl Asked {
    fn state(&self) -> &str {
        match self {
            Asked::Task(waiting) => &waiting.state,
            Asked::Known(pending) => &pending.state,
        }
    }
}

impl Waiting {
    async fn tell(&self, api: &Api, operation: &str, parameters: &Json) -> Result<(), Problem> {
        let answer = api.states(operation, parameters).await;
        answer.map_err(|error| error.problem(format!("{} was not answered", self.state)))?;
        Ok(())
    }
}

async fn asked(arguments: &TaskArguments) -> Result<(Api, Asked), Problem> {
    let api = arguments.connection.connect()?;
    let task = &arguments.task;
    if task == "@next" {
        let next = Pending::next(&api, arguments.state.as_deref()).await?;
        return Ok((api, Asked::Known(next)));
    }
    let is_ours = !api.connection().is_aws("states");
    if is_ours && let Some(pending) = Pending::known(&api, task).await? {
        return Ok((api, Asked::Known(pending)));
    }
    if is_token(task) {
        let waiting = Waiting {
            state: "the task".to_owned(),
            token: task.clone(),
        };
        return Ok((api, Asked::Task(waiting)));
    }
    let execution = names::execution(&api, task).await?;
    let state = arguments.state.as_deref();
    if is_ours && let Some(pending) = Pending::of(&api, &execution, state).await? {
        return Ok((api, Asked::Known(pending)));
    }
    let waiting = find::waiting(&api, &execution, state).await?;
    Ok((api, Asked::Task(waiting)))
}

/// Tokens are long texts in base64, which neither ARNs nor names with a dash are.
fn is_token(text: &str) -> bool {
    text.len() >= 100 && STANDARD.decode(text).is_ok()
}

fn told(answer: Result<(), Problem>, asked: &Asked, done: &str) -> Result<Exit, Problem> {
    answer?;
    anstream::eprintln!("{} was {done}", asked.state());
    Ok(Exit::Ok)
}
