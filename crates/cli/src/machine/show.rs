//! `passo machine show`.

use anstyle::Style;
use clap::Args;
use passo_json::{Json, json};

use crate::aws::ConnectionArguments;
use crate::aws::names::{self, member};
use crate::exit::Exit;
use crate::output::{OutputArguments, status_style};
use crate::problem::Problem;
use crate::terminal::Clean;

/// Options of `passo machine show`.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// NAME, NAME:ALIAS, NAME:VERSION or an ARN
    pub flow: String,

    /// Only the definition, as it was given
    #[arg(long)]
    pub definition: bool,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Shows a state machine.
///
/// # Errors
/// When there is none of that name, or the server cannot be asked.
pub async fn show(arguments: &ShowArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = names::state_machine(&api, &arguments.flow).await?;
    let parameters = json!({"stateMachineArn": arn.as_str()});
    let described = api.states("DescribeStateMachine", &parameters).await;
    let described = described.map_err(|error| {
        error.problem(format!(
            "the state machine `{}` cannot be described",
            arguments.flow
        ))
    })?;
    let definition = |value: &Json| member(value, "definition").to_owned();
    if arguments.definition {
        crate::output::line(&definition(&described));
        return Ok(Exit::Ok);
    }
    arguments.output.one(&described, table, definition)?;
    Ok(Exit::Ok)
}

fn table(value: &Json) -> Vec<String> {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let status = member(value, "status");
    let style = status_style(status);
    let mut lines = vec![format!(
        "{bold}{}{bold:#}   {}   {style}{status}{style:#}",
        Clean::line(member(value, "name")),
        member(value, "type"),
    )];
    for (title, name) in [
        ("arn", "stateMachineArn"),
        ("role", "roleArn"),
        ("created", "creationDate"),
        ("revision", "revisionId"),
        ("label", "label"),
        ("about", "description"),
    ] {
        let text = member(value, name);
        if !text.is_empty() {
            lines.push(format!("  {dim}{title:<9}{dim:#} {}", Clean::line(text)));
        }
    }
    lines.push(format!("  {dim}definition{dim:#}"));
    let definition = member(value, "definition");
    lines.extend(
        definition
            .lines()
            .map(|line| format!("    {}", Clean::line(line))),
    );
    lines
}
