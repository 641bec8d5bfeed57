//! What `passo graph` is told.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::format::Format;
use crate::aws::ConnectionArguments;

/// Pictures of workflows.
#[derive(Debug, Subcommand)]
pub enum GraphCommand {
    /// Show the states of a workflow on the terminal, and where one goes from them
    Show(ShowArguments),
    /// Draw a workflow: SVG, PNG, Mermaid or dot
    Export(ExportArguments),
}

/// Of what a picture is wanted.
#[derive(Debug, Args)]
pub struct SubjectArguments {
    /// A definition's file or project, a workflow, or an execution (FLOW/EXECUTION, FLOW/@last, @last or an ARN)
    #[arg(value_name = "FLOW|FILE|EXECUTION")]
    pub what: String,

    /// Of a workflow: how its newest execution stands. Executions are always shown as they stand
    #[arg(long)]
    pub status: bool,

    /// Of a project with several: the state machine
    #[arg(long, value_name = "NAME")]
    pub state_machine: Option<String>,

    #[command(flatten)]
    pub connection: ConnectionArguments,
}

/// Options of `passo graph show`.
#[derive(Debug, Args)]
pub struct ShowArguments {
    #[command(flatten)]
    pub subject: SubjectArguments,
}

/// Options of `passo graph export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    #[command(flatten)]
    pub subject: SubjectArguments,

    /// How it is drawn; otherwise the file's name tells, and SVG is the default
    #[arg(short = 'f', long, value_enum)]
    pub format: Option<Format>,

    /// Colours of SVG and PNG
    #[arg(long, value_enum, default_value_t)]
    pub theme: Theme,

    /// Where it is written; standard output if left out
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// On which ground the picture is looked at.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Theme {
    /// Dark on white
    #[default]
    Light,
    /// Light on nearly black
    Dark,
}

impl From<Theme> for passo_graph::Theme {
    fn from(theme: Theme) -> passo_graph::Theme {
        match theme {
            Theme::Light => passo_graph::Theme::Light,
            Theme::Dark => passo_graph::Theme::Dark,
        }
    }
}
