//! The command line of `passo dev`.

use std::path::PathBuf;

use clap::Args;
use passo_server::WaitScale;

use crate::deploy::TemplateArguments;
use crate::endpoints::EndpointArguments;
use crate::mail::MailArguments;
use crate::run::ClockArgument;
use crate::serve;

/// Options of `passo dev`.
#[derive(Debug, Args)]
pub struct DevArguments {
    /// A directory with a template or definitions, a template, or a definition
    #[arg(default_value = ".")]
    pub path: PathBuf,

    #[command(flatten)]
    pub template: TemplateArguments,

    /// The port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 4566, value_name = "PORT")]
    pub port: u16,

    /// The directory that everything is kept in [default: .passo in the project]
    #[arg(long, value_name = "DIRECTORY")]
    pub data: Option<PathBuf>,

    /// Keeps everything in memory, until the server stops
    #[arg(long, conflicts_with = "data")]
    pub ephemeral: bool,

    /// The configuration file (TOML): services that are elsewhere, `[services.glue] endpoint = "http://…"` or `"aws"`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Services that are elsewhere.
    #[command(flatten)]
    pub endpoints: EndpointArguments,

    /// Whether waiting takes time
    #[arg(long, value_enum, default_value_t, value_name = "CLOCK")]
    pub clock: ClockArgument,

    /// Mocked answers, in the format of Step Functions Local; for executions of STATE_MACHINE_ARN#TEST_CASE
    #[arg(long, value_name = "FILE", env = "SFN_MOCK_CONFIG")]
    pub mock: Option<PathBuf>,

    /// How long Wait states take: 1 is as long as they say, 0 no time at all
    #[arg(
        long,
        default_value = "1",
        value_name = "FACTOR",
        env = "WAIT_TIME_SCALE",
        value_parser = serve::wait_scale
    )]
    pub wait_time_scale: WaitScale,

    /// The region that the project is deployed to [default: as AWS's tools have it, or us-east-1]
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,

    /// E-mails.
    #[command(flatten)]
    pub mail: MailArguments,

    /// Does not tell of executions
    #[arg(long, short = 'q')]
    pub quiet: bool,
}
