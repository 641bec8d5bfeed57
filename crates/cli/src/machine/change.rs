//! `passo machine create`, `update` and `delete`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use passo_json::{Json, ObjectBuilder, json};

use crate::aws::names::{self, member};
use crate::aws::{Api, CallError, ConnectionArguments};
use crate::confirm::ConfirmArguments;
use crate::exit::Exit;
use crate::output::OutputArguments;
use crate::problem::Problem;
use crate::project::Definition;

/// Options of `passo machine create`.
#[derive(Debug, Args)]
pub struct CreateArguments {
    /// Its name
    pub name: String,

    /// Its definition: a JSON or YAML file
    pub file: PathBuf,

    /// The role that it runs with [default: a made-up one, which AWS itself does not take]
    #[arg(long, value_name = "ARN")]
    pub role: Option<String>,

    /// Standard or Express
    #[arg(long = "type", value_enum, default_value_t, value_name = "TYPE")]
    pub kind: TypeArgument,

    /// Publishes its first version
    #[arg(long)]
    pub publish: bool,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Options of `passo machine update`.
#[derive(Debug, Args)]
pub struct UpdateArguments {
    /// Its name or ARN
    pub flow: String,

    /// Its new definition: a JSON or YAML file
    pub file: Option<PathBuf>,

    /// Its new role
    #[arg(long, value_name = "ARN", required_unless_present = "file")]
    pub role: Option<String>,

    /// Publishes a version of it
    #[arg(long)]
    pub publish: bool,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Options of `passo machine delete`.
#[derive(Debug, Args)]
pub struct DeleteArguments {
    /// Its name or ARN
    pub flow: String,

    #[command(flatten)]
    pub confirm: ConfirmArguments,

    #[command(flatten)]
    pub connection: ConnectionArguments,
}

/// `--type`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TypeArgument {
    /// Durable, with a history
    #[default]
    Standard,
    /// Short, with its events in logs only
    Express,
}

/// Creates a state machine.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub(super) async fn create(arguments: &CreateArguments) -> Result<Exit, Problem> {
    let definition = Definition::read(&arguments.file)?.json()?;
    let api = arguments.connection.connect()?;
    let role = role(&api, arguments)?;
    let kind = match arguments.kind {
        TypeArgument::Standard => "STANDARD",
        TypeArgument::Express => "EXPRESS",
    };
    let parameters = json!({
        "name": arguments.name.as_str(), "definition": definition, "roleArn": role, "type": kind,
        "publish": arguments.publish
    });
    let created = api.states("CreateStateMachine", &parameters).await;
    let what = format!("the state machine `{}` was not created", arguments.name);
    let created = created.map_err(|error| about_definition(error, what, &arguments.file))?;
    print(&arguments.output, &created)?;
    Ok(Exit::Ok)
}

/// Changes a state machine.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub(super) async fn update(arguments: &UpdateArguments) -> Result<Exit, Problem> {
    let definition = arguments
        .file
        .as_deref()
        .map(|file| Definition::read(file)?.json())
        .transpose()?;
    let api = arguments.connection.connect()?;
    let arn = names::state_machine(&api, &arguments.flow).await?;
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("stateMachineArn", arn.as_str())
        .insert_some("definition", definition)
        .insert_some("roleArn", arguments.role.as_deref())
        .insert("publish", arguments.publish);
    let parameters = Json::from(parameters.build());
    let updated = api.states("UpdateStateMachine", &parameters).await;
    let what = format!("the state machine `{}` was not changed", arguments.flow);
    let file = arguments.file.clone().unwrap_or_default();
    let updated = updated.map_err(|error| about_definition(error, what, &file))?;
    let updated = updated.as_object().cloned().unwrap_or_default();
    print(
        &arguments.output,
        &Json::from(updated.with("stateMachineArn", arn)),
    )?;
    Ok(Exit::Ok)
}

/// Deletes a state machine.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub(super) async fn delete(arguments: &DeleteArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = names::state_machine(&api, &arguments.flow).await?;
    let name = format!("state machine {}", names::name_of(&arn));
    if !arguments.confirm.go_on("delete", &[name])? {
        return Ok(Exit::Ok);
    }
    let parameters = json!({"stateMachineArn": arn.as_str()});
    let deleted = api.states("DeleteStateMachine", &parameters).await;
    deleted.map_err(|error| {
        error.problem(format!(
            "the state machine `{}` was not deleted",
            arguments.flow
        ))
    })?;
    Ok(Exit::Ok)
}

fn print(output: &OutputArguments, answer: &Json) -> Result<(), Problem> {
    let text = |value: &Json| {
        let version = member(value, "stateMachineVersionArn");
        match version.is_empty() {
            true => member(value, "stateMachineArn").to_owned(),
            false => version.to_owned(),
        }
    };
    output.one(answer, |value| vec![text(value)], text)
}

fn role(api: &Api, arguments: &CreateArguments) -> Result<String, Problem> {
    if let Some(role) = &arguments.role {
        return Ok(role.clone());
    }
    if api.connection().is_aws("states") {
        return Err(
            Problem::new("AWS needs a role that the state machine runs with")
                .next("name it with --role arn:aws:iam::ACCOUNT:role/NAME"),
        );
    }
    Ok(format!(
        "arn:aws:iam::000000000000:role/{}Role",
        arguments.name
    ))
}

fn about_definition(error: CallError, what: String, file: &Path) -> Problem {
    let is_about_it = error.code() == Some("InvalidDefinition");
    let problem = error.problem(what);
    match is_about_it {
        true => problem.next(format!("passo check {}", file.display())),
        false => problem,
    }
}
