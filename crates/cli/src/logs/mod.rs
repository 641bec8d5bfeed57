//! `passo logs`: what functions and workflows wrote to CloudWatch Logs.

mod groups;
mod read;

use std::time::Duration;

use clap::Args;

use crate::aws::ConnectionArguments;
use crate::duration;
use crate::exit::Exit;
use crate::output::OutputArguments;
use crate::problem::Problem;
use crate::run::now;
use read::Reader;

/// The time between two looks, with --follow.
const LOOK_EVERY: Duration = Duration::from_millis(500);
const LOOK_AT_AWS_EVERY: Duration = Duration::from_secs(2);

/// Options of `passo logs`.
#[derive(Debug, Args)]
pub struct LogsArguments {
    /// FLOW, FLOW/EXECUTION, @last, the name of a function, or a log group such as /aws/lambda/NAME
    #[arg(default_value = "@last")]
    pub of: String,

    /// Goes on with what is written from now on
    #[arg(long, short = 'f')]
    pub follow: bool,

    /// Only lines that are younger, such as 10m [default: 1h; of an execution, all of its time]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub since: Option<Duration>,

    /// Only lines with these words, as CloudWatch Logs filters them
    #[arg(long, value_name = "PATTERN")]
    pub filter: Option<String>,

    /// At most this many lines of each log group
    #[arg(long, default_value_t = 10_000, value_name = "NUMBER")]
    pub limit: usize,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// Shows logs.
///
/// # Errors
/// When there is nothing of that name, or the server cannot be asked.
pub async fn logs(arguments: &LogsArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    let found = groups::of(&api, &arguments.of).await?;
    let since = arguments.since.map(|since| {
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        now().epoch_millis().saturating_sub(millis)
    });
    let hour_ago = now().epoch_millis().saturating_sub(3_600_000);
    let from = since.or(found.from).unwrap_or(hour_ago);
    let until = found.until.filter(|_| !arguments.follow);
    let mut reader = Reader::new(&found.groups, from, until, arguments);
    loop {
        let lines = reader.next(&api).await?;
        reader.print(&lines)?;
        if !arguments.follow {
            break;
        }
        let pause = if api.connection().is_aws("logs") {
            LOOK_AT_AWS_EVERY
        } else {
            LOOK_EVERY
        };
        tokio::time::sleep(pause).await;
    }
    if !reader.has_shown {
        anstream::eprintln!("no lines in {}", found.groups.join(", "));
    }
    Ok(Exit::Ok)
}
