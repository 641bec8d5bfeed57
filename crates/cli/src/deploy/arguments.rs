//! The command line of `passo deploy`.

use std::path::PathBuf;

use clap::Args;

use super::TemplateArguments;
use crate::aws::ConnectionArguments;
use crate::output::OutputArguments;

/// Options of `passo deploy`.
#[derive(Debug, Args)]
pub struct DeployArguments {
    /// A directory with a template or definitions, a template, or a definition
    #[arg(default_value = ".")]
    pub path: PathBuf,

    #[command(flatten)]
    pub template: TemplateArguments,

    /// Says what would be deployed, and changes nothing
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}
