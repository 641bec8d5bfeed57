//! The command line of `passo run`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use passo_testkit::ClockKind;

use crate::aws::ConnectionArguments;
use crate::duration;

/// Options of `passo run`.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// A directory with a template, a template or a definition, to run here; or the name or ARN of a state machine, to
    /// run on a server
    #[arg(default_value = ".", value_name = "PATH|FLOW")]
    pub path: PathBuf,

    /// Which state machine of the template, with an optional test case of the mock file
    #[arg(long, short = 's', value_name = "NAME[#CASE]")]
    pub state_machine: Option<String>,

    /// The input: JSON, @FILE, or - for standard input
    #[arg(long, short = 'i', default_value = "{}", value_name = "JSON")]
    pub input: String,

    /// A parameter of the template; may be repeated
    #[arg(long = "parameter", short = 'p', value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, String)>,

    /// Whether waiting takes time
    #[arg(long, value_enum, default_value_t, value_name = "CLOCK")]
    pub clock: ClockArgument,

    /// Mocked answers, in the format of Step Functions Local
    #[arg(long, value_name = "FILE", env = "SFN_MOCK_CONFIG")]
    pub mock: Option<PathBuf>,

    /// Which test case of the mock file
    #[arg(long, value_name = "CASE")]
    pub test_case: Option<String>,

    /// Makes random values the same in each run
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,

    /// Gives up after this time, such as 30s or 5m
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub timeout: Option<Duration>,

    /// What standard output gets
    #[arg(long, short = 'o', value_enum, default_value_t, value_name = "FORMAT")]
    pub output: OutputFormat,

    /// With -o json, adds the execution's history
    #[arg(long)]
    pub history: bool,

    /// Shows what functions print
    #[arg(long)]
    pub logs: bool,

    /// Shows no progress
    #[arg(long, short = 'q')]
    pub quiet: bool,

    /// The execution's name, on a server
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    #[command(flatten)]
    pub connection: ConnectionArguments,
}

/// `--clock`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ClockArgument {
    /// Waits, retries and timeouts take their time
    #[default]
    Real,
    /// They are over at once
    Virtual,
}

/// `--output`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// The execution's output
    #[default]
    Text,
    /// Status, output or failure, as one object
    Json,
    /// The history, one event per line, as it happens
    Jsonl,
}

/// Reads `NAME=VALUE`.
///
/// # Errors
/// When the text is no such thing; the message is for people.
pub fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        Some(_) | None => Err(format!("`{text}` is not NAME=VALUE")),
    }
}

impl ClockArgument {
    /// The clock of the driver.
    pub fn kind(self) -> ClockKind {
        match self {
            ClockArgument::Real => ClockKind::Real,
            ClockArgument::Virtual => ClockKind::Virtual,
        }
    }

    /// The clock of a server.
    pub fn server_kind(self) -> passo_server::ClockKind {
        match self {
            ClockArgument::Real => passo_server::ClockKind::Real,
            ClockArgument::Virtual => passo_server::ClockKind::Virtual,
        }
    }
}
