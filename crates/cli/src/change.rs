//! `passo stop` and `passo redrive`: one execution, several, or all of a kind.

use clap::Args;
use passo_json::{Json, ObjectBuilder, json};

use crate::aws::names::{self, member};
use crate::aws::{Api, ConnectionArguments};
use crate::confirm::ConfirmArguments;
use crate::exit::Exit;
use crate::list::{StatusArgument, executions};
use crate::output::{Cell, Column, OutputArguments};
use crate::problem::Problem;

/// Executions that one command changes at most.
const CHANGED_MAX: usize = 10_000;

/// Options of `passo stop`.
#[derive(Debug, Args)]
pub struct StopArguments {
    #[command(flatten)]
    pub which: Which,

    /// The error that the execution ends with
    #[arg(long, value_name = "NAME")]
    pub error: Option<String>,

    /// The cause that it ends with
    #[arg(long, value_name = "TEXT")]
    pub cause: Option<String>,

    #[command(flatten)]
    pub more: More,
}

/// Options of `passo redrive`.
#[derive(Debug, Args)]
pub struct RedriveArguments {
    #[command(flatten)]
    pub which: Which,

    #[command(flatten)]
    pub more: More,
}

/// Which executions.
#[derive(Debug, Args)]
pub struct Which {
    /// FLOW/EXECUTION, FLOW/@last, @last or an ARN; several may be given
    #[arg(required_unless_present = "all_of")]
    pub executions: Vec<String>,

    /// All executions of this state machine that it can be done to
    #[arg(long, value_name = "FLOW", conflicts_with = "executions")]
    pub all_of: Option<String>,
}

/// What both have.
#[derive(Debug, Args)]
pub struct More {
    #[command(flatten)]
    pub confirm: ConfirmArguments,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Stops executions.
///
/// # Errors
/// When one is not there, or the server cannot be asked.
pub async fn stop(arguments: &StopArguments) -> Result<Exit, Problem> {
    let api = arguments.more.connection.connect()?;
    let arns = arguments
        .which
        .arns(&api, &[StatusArgument::Running])
        .await?;
    let (error, cause) = (arguments.error.as_deref(), arguments.cause.as_deref());
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert_some("error", error)
        .insert_some("cause", cause);
    let parameters = Json::from(parameters.build());
    let change = Change {
        verb: "stop",
        done: "stopped",
        operation: "StopExecution",
        parameters,
    };
    change
        .carry_out(
            &api,
            arns,
            arguments.which.all_of.is_some(),
            &arguments.more,
        )
        .await
}

/// Lets failed executions go on from where they failed.
///
/// # Errors
/// When one cannot, or the server cannot be asked.
pub async fn redrive(arguments: &RedriveArguments) -> Result<Exit, Problem> {
    let api = arguments.more.connection.connect()?;
    let statuses = [
        StatusArgument::Failed,
        StatusArgument::TimedOut,
        StatusArgument::Aborted,
    ];
    let arns = arguments.which.arns(&api, &statuses).await?;
    let change = Change {
        verb: "redrive",
        done: "redriven",
        operation: "RedriveExecution",
        parameters: json!({}),
    };
    change
        .carry_out(
            &api,
            arns,
            arguments.which.all_of.is_some(),
            &arguments.more,
        )
        .await
}

struct Change {
    verb: &'static str,
    done: &'static str,
    operation: &'static str,
    parameters: Json,
}

impl Which {
    async fn arns(&self, api: &Api, statuses: &[StatusArgument]) -> Result<Vec<String>, Problem> {
        let mut arns = Vec::new();
        let Some(flow) = &self.all_of else {
            for execution in &self.executions {
                arns.push(names::execution(api, execution).await?);
            }
            return Ok(arns);
        };
        let machine = names::state_machine(api, flow).await?;
        for status in statuses {
            let found = executions(api, &machine, Some(*status), CHANGED_MAX).await?;
            arns.extend(
                found
                    .iter()
                    .map(|row| member(row, "executionArn").to_owned()),
            );
        }
        Ok(arns)
    }
}

impl Change {
    async fn carry_out(
        &self,
        api: &Api,
        arns: Vec<String>,
        asks: bool,
        more: &More,
    ) -> Result<Exit, Problem> {
        let names: Vec<String> = arns.iter().map(|arn| names::execution_name(arn)).collect();
        if (asks || more.confirm.dry_run) && !more.confirm.go_on(self.verb, &names)? {
            return Ok(Exit::Ok);
        }
        let (mut changed, mut first_problem, mut refused) = (Vec::new(), None, 0_usize);
        for (arn, name) in arns.iter().zip(&names) {
            let asked = self.parameters.as_object().cloned().unwrap_or_default();
            let asked = Json::from(asked.with("executionArn", arn.as_str()));
            match api.states(self.operation, &asked).await {
                Ok(answer) => {
                    let answer = answer.as_object().cloned().unwrap_or_default();
                    changed.push(Json::from(answer.with("executionArn", arn.as_str())));
                }
                Err(error) => {
                    refused = refused.saturating_add(1);
                    let what = format!("`{name}` was not {}", self.done);
                    first_problem.get_or_insert(error.problem(what));
                }
            }
        }
        const COLUMNS: &[Column] = &[Column::new("EXECUTION", |row| {
            Cell::plain(names::execution_name(member(row, "executionArn")))
        })
        .with_text(|row| member(row, "executionArn").to_owned())];
        if !changed.is_empty() || first_problem.is_none() {
            let empty = format!("there is nothing to {}", self.verb);
            more.output.rows(&changed, COLUMNS, &empty)?;
        }
        match first_problem {
            None => Ok(Exit::Ok),
            Some(problem) if refused > 1 => {
                Err(problem.why(format!("{} more could not be {}", refused - 1, self.done)))
            }
            Some(problem) => Err(problem),
        }
    }
}
