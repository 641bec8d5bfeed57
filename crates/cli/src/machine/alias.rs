//! `passo machine alias`: names for one version, or for two with a share each.

use clap::{Args, Subcommand};
use passo_json::{Json, ObjectBuilder, json};

use crate::aws::names::{self, member};
use crate::aws::{Api, ConnectionArguments, all_pages};
use crate::confirm::ConfirmArguments;
use crate::exit::Exit;
use crate::output::{Cell, Column, OutputArguments};
use crate::problem::Problem;

/// What can be done with aliases.
#[derive(Debug, Subcommand)]
pub enum AliasCommand {
    /// List the aliases of a state machine
    List(ListArguments),
    /// Create an alias, or point it elsewhere
    Set(SetArguments),
    /// Delete an alias
    Delete(DeleteArguments),
}

/// Options of `passo machine alias list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// The state machine's name or ARN
    pub flow: String,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Options of `passo machine alias set`.
#[derive(Debug, Args)]
pub struct SetArguments {
    /// NAME:ALIAS
    pub alias: String,

    /// A version and, where there are two, its share in percent: 5, or 5=90 6=10
    #[arg(required = true, num_args = 1..=2, value_name = "VERSION[=PERCENT]")]
    pub routes: Vec<String>,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Options of `passo machine alias delete`.
#[derive(Debug, Args)]
pub struct DeleteArguments {
    /// NAME:ALIAS
    pub alias: String,

    #[command(flatten)]
    pub confirm: ConfirmArguments,

    #[command(flatten)]
    pub connection: ConnectionArguments,
}

const COLUMNS: &[Column] = &[
    Column::new("ALIAS", |row| Cell::plain(member(row, "name")))
        .with_text(|row| member(row, "stateMachineAliasArn").to_owned()),
    Column::new("ROUTES", |row| Cell::plain(routes_text(row))),
];

/// Carries out a command.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub(super) async fn alias(command: &AliasCommand) -> Result<Exit, Problem> {
    match command {
        AliasCommand::List(arguments) => list(arguments).await,
        AliasCommand::Set(arguments) => set(arguments).await,
        AliasCommand::Delete(arguments) => delete(arguments).await,
    }
}

async fn list(arguments: &ListArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let flow = &arguments.flow;
    let arn = names::state_machine(&api, flow).await?;
    let parameters = json!({"stateMachineArn": arn});
    let listed = "stateMachineAliases";
    let aliases = all_pages(&api, "ListStateMachineAliases", &parameters, listed).await;
    let aliases = aliases
        .map_err(|error| error.problem(format!("the aliases of `{flow}` cannot be listed")))?;
    let mut rows = Vec::new();
    for alias in &aliases {
        let arn = member(alias, "stateMachineAliasArn");
        let described = describe(&api, arn)
            .await
            .map_err(|error| error.problem(format!("the alias `{arn}` cannot be described")))?;
        rows.push(described);
    }
    let empty = format!("no aliases; make one with `passo machine alias set {flow}:live VERSION`");
    arguments.output.rows(&rows, COLUMNS, &empty)?;
    Ok(Exit::Ok)
}

async fn describe(api: &Api, arn: &str) -> Result<Json, crate::aws::CallError> {
    let parameters = json!({"stateMachineAliasArn": arn});
    api.states("DescribeStateMachineAlias", &parameters).await
}

async fn set(arguments: &SetArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = names::state_machine(&api, &arguments.alias).await?;
    let Some((machine, name)) = arn.rsplit_once(':').filter(|_| arn.split(':').count() == 8) else {
        return Err(
            Problem::new(format!("`{}` does not name an alias", arguments.alias))
                .next("passo machine alias set NAME:ALIAS VERSION"),
        );
    };
    let routes = routes(machine, &arguments.routes)?;
    let what = || format!("the alias `{}` was not set", arguments.alias);
    let answer = match describe(&api, &arn).await {
        Ok(_) => {
            let parameters =
                json!({"stateMachineAliasArn": arn.as_str(), "routingConfiguration": routes});
            api.states("UpdateStateMachineAlias", &parameters).await
        }
        Err(error) if error.is_not_found() => {
            let parameters = json!({"name": name, "routingConfiguration": routes});
            api.states("CreateStateMachineAlias", &parameters).await
        }
        Err(error) => Err(error),
    };
    let answer = answer.map_err(|error| error.problem(what()))?;
    let answer = answer.as_object().cloned().unwrap_or_default();
    let answer = Json::from(answer.with("stateMachineAliasArn", arn.as_str()));
    let text = |value: &Json| member(value, "stateMachineAliasArn").to_owned();
    arguments
        .output
        .one(&answer, |value| vec![text(value)], text)?;
    Ok(Exit::Ok)
}

async fn delete(arguments: &DeleteArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = names::state_machine(&api, &arguments.alias).await?;
    if !arguments
        .confirm
        .go_on("delete", &[format!("alias {}", arguments.alias)])?
    {
        return Ok(Exit::Ok);
    }
    let parameters = json!({"stateMachineAliasArn": arn});
    let deleted = api.states("DeleteStateMachineAlias", &parameters).await;
    deleted.map_err(|error| {
        error.problem(format!("the alias `{}` was not deleted", arguments.alias))
    })?;
    Ok(Exit::Ok)
}

/// `5`, or `5=90` and `6=10`, as AWS's routing configuration.
fn routes(machine: &str, given: &[String]) -> Result<Json, Problem> {
    let share = if given.len() == 1 { Some(100) } else { None };
    let routes = given.iter().map(|route| {
        let (version, weight) = match route.split_once('=') {
            Some((version, weight)) => (version, weight.parse::<i64>().ok()),
            None => (route.as_str(), share),
        };
        let weight = weight.ok_or_else(|| {
            Problem::new(format!("`{route}` is not VERSION=PERCENT"))
                .next("passo machine alias set NAME:ALIAS 5=90 6=10")
        })?;
        let mut built = ObjectBuilder::new();
        built
            .insert("stateMachineVersionArn", format!("{machine}:{version}"))
            .insert("weight", weight);
        Ok(Json::from(built.build()))
    });
    Ok(Json::from(routes.collect::<Result<Vec<_>, Problem>>()?))
}

fn routes_text(alias: &Json) -> String {
    let routes = alias.get("routingConfiguration").and_then(Json::as_array);
    let texts = routes
        .into_iter()
        .flat_map(|routes| routes.iter())
        .map(|route| {
            let arn = member(route, "stateMachineVersionArn");
            let version = arn.rsplit(':').next().unwrap_or_default();
            let weight = route
                .get("weight")
                .and_then(Json::as_i64)
                .unwrap_or_default();
            format!("{version} {weight}%")
        });
    texts.collect::<Vec<_>>().join(", ")
}
