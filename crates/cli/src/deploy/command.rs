//! `passo deploy`.

use passo_json::{Json, json};

use super::{DeployArguments, Known, Report, apply, deployment, resources};
use crate::aws::names::member;
use crate::exit::Exit;
use crate::output::{Cell, Column};
use crate::problem::Problem;
use crate::project;
use crate::terminal::Clean;

const COLUMNS: &[Column] = &[
    Column::new("RESOURCE", |row| Cell::plain(member(row, "name"))),
    Column::new("KIND", |row| Cell::plain(member(row, "kind"))),
    Column::new("OUTCOME", |row| Cell::plain(member(row, "outcome"))),
];

/// Deploys a project.
///
/// # Errors
/// When there is none, it is not right, or the server refuses a part of it.
pub async fn deploy(arguments: &DeployArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let deployment = deployment(&api, &arguments.template).await?;
    let project = project::load_all(&arguments.path, &deployment)?;
    for note in &project.notes {
        anstream::eprintln!("note: {}", Clean::line(note));
    }
    let (resources, problems) = resources(&project);
    if !problems.is_empty() {
        for problem in &problems {
            problem.print();
        }
        let count = problems.len();
        return Err(Problem::new("nothing was deployed")
            .why(format!("{count} of the project's parts cannot be"))
            .exit(Exit::Failed));
    }
    let empty = "the project has nothing to deploy";
    if arguments.dry_run {
        let rows = resources.iter().map(|resource| {
            json!({"name": resource.name(), "kind": resource.kind(), "outcome": "would be deployed"})
        });
        arguments
            .output
            .rows(&rows.collect::<Vec<_>>(), COLUMNS, empty)?;
        return Ok(Exit::Ok);
    }
    let reports = apply(&api, &resources, &mut Known::default()).await;
    let rows = reports.iter().map(row);
    arguments
        .output
        .rows(&rows.collect::<Vec<_>>(), COLUMNS, empty)?;
    let mut exit = Exit::Ok;
    for problem in reports
        .iter()
        .filter_map(|report| report.outcome.as_ref().err())
    {
        problem.print();
        if exit == Exit::Ok {
            exit = problem.exit_code();
        }
    }
    Ok(exit)
}

fn row(report: &Report) -> Json {
    let outcome = match &report.outcome {
        Ok(outcome) => outcome.word(),
        Err(_) => "refused",
    };
    json!({"name": report.name.as_str(), "kind": report.kind, "outcome": outcome})
}
