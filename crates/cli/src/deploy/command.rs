//! `passo deploy`.

use passo_json::{Json, json};
use passo_template::Output;

use super::deployment::Deploying;
use super::{DeployArguments, Report, Step, here};
use crate::aws::Api;
use crate::aws::names::member;
use crate::exit::Exit;
use crate::output::{Cell, Column};
use crate::problem::Problem;
use crate::terminal::Clean;

const COLUMNS: &[Column] = &[
    Column::new("RESOURCE", |row| Cell::plain(member(row, "name"))),
    Column::new("KIND", |row| Cell::plain(member(row, "kind"))),
    Column::new("OUTCOME", |row| Cell::plain(member(row, "outcome"))),
];
const PLANNED: &[Column] = &[
    Column::new("RESOURCE", |row| Cell::plain(member(row, "name"))),
    Column::new("KIND", |row| Cell::plain(member(row, "kind"))),
    Column::new("CHANGE", |row| Cell::plain(member(row, "change"))),
    Column::new("BECAUSE OF", |row| Cell::plain(member(row, "properties"))),
];

/// Deploys a project.
///
/// # Errors
/// When there is none, it is not right, or the server refuses a part of it.
pub async fn deploy(arguments: &DeployArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let deploying = Deploying::prepare(&api, &arguments.path, &arguments.template).await?;
    let problems = deploying.problems();
    for problem in &problems {
        problem.print();
    }
    if !problems.is_empty() {
        let count = problems.len();
        return Err(Problem::new("nothing was deployed")
            .why(format!("{count} of the project's parts cannot be"))
            .exit(Exit::Failed));
    }
    for note in &deploying.source.notes {
        anstream::eprintln!("note: {}", Clean::line(note));
    }
    let empty = "the project has nothing to deploy";
    if arguments.dry_run {
        let rows: Vec<Json> = deploying.steps().iter().map(planned).collect();
        arguments.output.rows(&rows, PLANNED, empty)?;
        return Ok(Exit::Ok);
    }
    let applied = deploying.apply(&api).await;
    let rows: Vec<Json> = applied.reports.iter().map(row).collect();
    arguments.output.rows(&rows, COLUMNS, empty)?;
    let mut exit = Exit::Ok;
    for problem in applied
        .reports
        .iter()
        .filter_map(|report| report.outcome.as_ref().err())
    {
        problem.print();
        if exit == Exit::Ok {
            exit = problem.exit_code();
        }
    }
    if arguments.output.is_for_people() {
        outputs(&api, &applied.outputs);
    }
    Ok(exit)
}

/// The stack's outputs, beside the table.
fn outputs(api: &Api, outputs: &[Output]) {
    let endpoint = api.connection().endpoint("apigateway");
    for output in outputs {
        let (name, value) = (Clean::line(&output.name), Clean::line(&output.value));
        anstream::eprintln!("{name} = {value}");
        if let Some(here) = here(&output.value, &endpoint) {
            anstream::eprintln!("{name} is here: {}", Clean::line(&here));
        }
    }
}

fn planned(step: &Step) -> Json {
    json!({
        "name": step.name.as_str(),
        "kind": step.kind.as_str(),
        "change": step.change.wish(),
        "properties": step.properties.join(", "),
    })
}

fn row(report: &Report) -> Json {
    let outcome = match &report.outcome {
        Ok(change) => change.done(),
        Err(_) => "refused",
    };
    json!({"name": report.name.as_str(), "kind": report.kind.as_str(), "outcome": outcome})
}
