//! `passo machine list`.

use clap::Args;

use crate::aws::ConnectionArguments;
use crate::aws::names::{self, member};
use crate::exit::Exit;
use crate::output::{Cell, Column, OutputArguments, age, timestamp};
use crate::problem::Problem;

/// Options of `passo machine list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

const COLUMNS: &[Column] = &[
    Column::new("NAME", |row| Cell::plain(member(row, "name"))),
    Column::new("TYPE", |row| Cell::plain(member(row, "type"))),
    Column::new("CREATED", |row| {
        Cell::plain(age(timestamp(row, "creationDate")))
    })
    .with_text(|row| member(row, "creationDate").to_owned()),
    Column::new("ARN", |row| Cell::dim(member(row, "stateMachineArn"))),
];

/// Lists state machines.
///
/// # Errors
/// When the server cannot be asked.
pub async fn list(arguments: &ListArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let machines = names::state_machines(&api).await?;
    let empty = "no state machines; create one with `passo deploy DIRECTORY` or `passo machine create NAME FILE`";
    arguments.output.rows(&machines, COLUMNS, empty)?;
    Ok(Exit::Ok)
}
