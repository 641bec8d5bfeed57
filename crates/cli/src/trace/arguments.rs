//! The command line of `passo trace`.

use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::aws::{Api, ConnectionArguments};
use crate::duration;

/// The time between two looks at a server of our own, and at AWS, which limits them.
const LOOK_EVERY: Duration = Duration::from_millis(150);
const LOOK_AT_AWS_EVERY: Duration = Duration::from_secs(1);

/// Options of `passo trace`.
#[derive(Debug, Args)]
pub struct TraceArguments {
    /// FLOW/EXECUTION, FLOW/@last, @last or an ARN
    #[arg(default_value = "@last")]
    pub execution: String,

    /// What standard output gets: the tree (on a terminal, else a line for each transition), or events
    #[arg(long, short = 'o', value_enum, default_value_t, value_name = "FORMAT")]
    pub output: TraceFormat,

    /// Ends with 1 if the execution does not succeed
    #[arg(long)]
    pub exit_status: bool,

    /// The time between two looks, such as 500ms
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub interval: Option<Duration>,

    /// Follows for this time at most
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub timeout: Option<Duration>,

    #[command(flatten)]
    pub connection: ConnectionArguments,
}

/// `--output`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TraceFormat {
    /// States, as they come and go
    #[default]
    Text,
    /// The history, one event per line, as it happens
    Jsonl,
}

/// The time between two looks.
pub fn interval(api: &Api, wanted: Option<Duration>) -> Duration {
    let usual = if api.connection().is_aws("states") {
        LOOK_AT_AWS_EVERY
    } else {
        LOOK_EVERY
    };
    wanted.unwrap_or(usual)
}
