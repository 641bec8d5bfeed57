//! `passo trace`: an execution on a server as a tree, live until its end.

mod arguments;
mod follow;
mod tail;

pub use arguments::{TraceArguments, interval};
pub use follow::{Ended, Following, follow};

use crate::aws::names::{self, member};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::show::describe;
use crate::tree::Stream;
use arguments::TraceFormat;

/// Shows an execution until its end.
///
/// # Errors
/// When there is none of that name, or the server cannot be asked.
pub async fn trace(arguments: &TraceArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let arn = names::execution(&api, &arguments.execution).await?;
    let described = describe(&api, &arn).await?;
    let following = Following {
        arn: &arn,
        stream: Stream::Output,
        is_quiet: false,
        prints_events: arguments.output == TraceFormat::Jsonl,
        interval: interval(&api, arguments.interval),
        timeout: arguments.timeout,
    };
    let ended = follow(&api, &following).await?;
    let name = names::execution_name(member(&described, "executionArn"));
    match ended {
        Ended::Over(status) if arguments.exit_status && status != "SUCCEEDED" => Ok(Exit::Failed),
        Ended::Over(_) => Ok(Exit::Ok),
        Ended::OutOfTime => {
            Problem::new(format!("`{name}` goes on"))
                .next(format!("passo trace {name}"))
                .print();
            Ok(Exit::TimedOut)
        }
        Ended::Interrupted => Ok(Exit::Interrupted),
    }
}
