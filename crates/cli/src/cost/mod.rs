//! `passo cost`: what executions would cost on AWS: one of them, a workflow's, or those of a definition that has not run.

mod definition;
mod period;
mod table;

use std::path::Path;

use clap::Args;
use passo_json::Json;

use crate::aws::{Api, ConnectionArguments, names};
use crate::exit::Exit;
use crate::output::OutputArguments;
use crate::problem::Problem;
use crate::run::now;
use period::Month;

/// Options of `passo cost`.
#[derive(Debug, Args)]
pub struct CostArguments {
    /// An execution (FLOW/EXECUTION, FLOW/@last, @last or an ARN), a workflow, or a definition's file; all workflows if left out
    #[arg(value_name = "EXECUTION|FLOW|FILE")]
    pub what: Option<String>,

    /// Executions that began in this month (UTC), as 2030-01; the current one without a value. Otherwise the last 30 days
    #[arg(long, value_name = "MONTH", num_args = 0..=1, default_missing_value = "", require_equals = true)]
    pub month: Option<String>,

    /// Prices of this region instead of the server's
    #[arg(long, value_name = "REGION")]
    pub prices_of: Option<String>,

    /// Of a definition: executions in a month
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub runs: u64,

    /// Of a definition: items of each Map
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub items: u64,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Shows what something would cost.
///
/// # Errors
/// When there is no such thing, or the server cannot be asked.
pub async fn cost(arguments: &CostArguments) -> Result<Exit, Problem> {
    let file = arguments.what.as_deref().map(Path::new);
    if let Some(file) = file.filter(|path| path.is_file()) {
        return definition::cost(file, arguments);
    }
    let api = arguments.connection.connect()?;
    if api.connection().is_aws("states") {
        return Err(Problem::new("AWS does not tell what executions cost")
            .why("the costs are counted by a Passo server, from what it has run")
            .next("passo cost DEFINITION.asl.json"));
    }
    match arguments.what.as_deref() {
        Some(text) if names::is_execution(text) => {
            let arn = names::execution(&api, text).await?;
            let answer = ask(&api, arguments, vec![("execution", arn)]).await?;
            arguments
                .output
                .one(&answer, table::execution, table::total)?;
        }
        flow => {
            let mut query = period_of(arguments)?;
            if let Some(flow) = flow {
                let machine = names::state_machine(&api, flow).await?;
                query.push(("workflow", names::name_of(&machine).to_owned()));
            }
            let answer = ask(&api, arguments, query).await?;
            arguments
                .output
                .one(&answer, table::workflows, table::total)?;
        }
    }
    Ok(Exit::Ok)
}

fn period_of(arguments: &CostArguments) -> Result<Vec<(&'static str, String)>, Problem> {
    let Some(month) = &arguments.month else {
        return Ok(Vec::new());
    };
    let month = match month.as_str() {
        "" => Month::of(now()),
        text => Month::parse(text).ok_or_else(|| {
            Problem::new(format!("`{text}` is no month"))
                .exit(Exit::Usage)
                .next("give it as --month=2030-01")
        })?,
    };
    Ok(vec![("since", month.begin()), ("until", month.end())])
}

async fn ask(
    api: &Api,
    arguments: &CostArguments,
    mut query: Vec<(&str, String)>,
) -> Result<Json, Problem> {
    if let Some(region) = &arguments.prices_of {
        query.push(("region", region.clone()));
    }
    let query = query
        .iter()
        .map(|(name, value)| format!("{name}={}", names::encoded(value)));
    let path = format!("/cost?{}", query.collect::<Vec<_>>().join("&"));
    let answer = api.own(&path, None).await;
    answer.map_err(|error| error.problem("what it costs cannot be told"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executions_are_told_from_workflows() {
        for (text, expect) in [
            ("@last", true),
            ("orders/o-1", true),
            ("orders", false),
            ("arn:aws:states:us-east-1:1:execution:orders:o-1", true),
            ("arn:aws:states:us-east-1:1:express:orders:o-1:x", true),
            ("arn:aws:states:us-east-1:1:stateMachine:orders", false),
        ] {
            assert_eq!(names::is_execution(text), expect, "{text}");
        }
    }
}
