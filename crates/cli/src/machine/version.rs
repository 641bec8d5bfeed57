//! `passo machine versions`, `publish` and `delete-version`.

use clap::Args;
use passo_json::{Json, ObjectBuilder, json};

use crate::aws::names::{self, member};
use crate::aws::{ConnectionArguments, all_pages};
use crate::confirm::ConfirmArguments;
use crate::exit::Exit;
use crate::output::{Cell, Column, OutputArguments, age, timestamp};
use crate::problem::Problem;

/// Options of `passo machine versions`.
#[derive(Debug, Args)]
pub struct VersionsArguments {
    /// The state machine's name or ARN
    pub flow: String,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Options of `passo machine publish`.
#[derive(Debug, Args)]
pub struct PublishArguments {
    /// The state machine's name or ARN
    pub flow: String,

    /// What the version is about
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Options of `passo machine delete-version`.
#[derive(Debug, Args)]
pub struct DeleteVersionArguments {
    /// NAME:VERSION or an ARN
    pub version: String,

    #[command(flatten)]
    pub confirm: ConfirmArguments,

    #[command(flatten)]
    pub connection: ConnectionArguments,
}

const COLUMNS: &[Column] = &[
    Column::new("VERSION", |row| {
        let arn = member(row, "stateMachineVersionArn");
        Cell::plain(arn.splitn(7, ':').last().unwrap_or_default())
    })
    .with_text(|row| member(row, "stateMachineVersionArn").to_owned()),
    Column::new("CREATED", |row| {
        Cell::plain(age(timestamp(row, "creationDate")))
    })
    .with_text(|row| member(row, "creationDate").to_owned()),
];

/// Lists versions.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub(super) async fn versions(arguments: &VersionsArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = names::state_machine(&api, &arguments.flow).await?;
    let parameters = json!({"stateMachineArn": arn});
    let member = "stateMachineVersions";
    let versions = all_pages(&api, "ListStateMachineVersions", &parameters, member).await;
    let versions = versions.map_err(|error| {
        error.problem(format!(
            "the versions of `{}` cannot be listed",
            arguments.flow
        ))
    })?;
    let empty = format!(
        "no versions; publish one with `passo machine publish {}`",
        arguments.flow
    );
    arguments.output.rows(&versions, COLUMNS, &empty)?;
    Ok(Exit::Ok)
}

/// Publishes a version.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub(super) async fn publish(arguments: &PublishArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = names::state_machine(&api, &arguments.flow).await?;
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("stateMachineArn", arn)
        .insert_some("description", arguments.description.as_deref());
    let parameters = Json::from(parameters.build());
    let published = api.states("PublishStateMachineVersion", &parameters).await;
    let published = published.map_err(|error| {
        error.problem(format!("no version of `{}` was published", arguments.flow))
    })?;
    let text = |value: &Json| member(value, "stateMachineVersionArn").to_owned();
    arguments
        .output
        .one(&published, |value| vec![text(value)], text)?;
    Ok(Exit::Ok)
}

/// Deletes a version.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub(super) async fn delete(arguments: &DeleteVersionArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = names::state_machine(&api, &arguments.version).await?;
    if !arguments
        .confirm
        .go_on("delete", &[format!("version {}", arguments.version)])?
    {
        return Ok(Exit::Ok);
    }
    let parameters = json!({"stateMachineVersionArn": arn});
    let deleted = api.states("DeleteStateMachineVersion", &parameters).await;
    deleted.map_err(|error| {
        error.problem(format!(
            "the version `{}` was not deleted",
            arguments.version
        ))
    })?;
    Ok(Exit::Ok)
}
