//! The command line as a whole.

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::activity::ActivityCommand;
use crate::change::{RedriveArguments, StopArguments};
use crate::check::CheckArguments;
use crate::completions::CompletionsArguments;
use crate::convert::ConvertArguments;
use crate::cost::CostArguments;
use crate::deploy::DeployArguments;
use crate::dev::DevArguments;
use crate::doctor::DoctorArguments;
use crate::eval::EvalArguments;
use crate::exit::Exit;
use crate::fmt::FmtArguments;
use crate::graph::GraphCommand;
use crate::history::HistoryArguments;
use crate::list::ListArguments;
use crate::logs::LogsArguments;
use crate::machine::MachineCommand;
use crate::map_run::MapRunCommand;
use crate::open::OpenArguments;
use crate::run::RunArguments;
use crate::serve::ServeArguments;
use crate::show::ShowArguments;
use crate::start::StartArguments;
use crate::state::StateCommand;
use crate::terminal::ColorWhen;
use crate::token::{ApprovalsArguments, ApproveArguments, RejectArguments, TaskArguments};
use crate::trace::TraceArguments;

/// AWS Step Functions as software.
#[derive(Debug, Parser)]
#[command(name = "passo", version, about, disable_help_subcommand = true)]
#[command(
    after_help = "Start here: passo run examples/order-processing --input '{\"orderId\": \"12345\"}'"
)]
pub struct Arguments {
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: ColorWhen,

    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a workflow, here or on a server, and wait for its end
    Run(Box<RunArguments>),
    /// Serve a project on this machine, and follow its files as they change
    Dev(DevArguments),
    /// Answer AWS's API on this machine, durably
    Serve(Box<ServeArguments>),
    /// Find what is wrong with definitions, without running them
    Check(CheckArguments),
    /// Evaluate an expression (JSONata, JSONPath or an intrinsic function)
    Eval(EvalArguments),
    /// Write definitions in one form
    Fmt(FmtArguments),
    /// Turn states that are written in JSONPath into JSONata
    Convert(ConvertArguments),
    /// Put everything that a project's template has on a server
    Deploy(DeployArguments),
    /// Start an execution and do not wait for it
    Start(StartArguments),
    /// List executions, newest first
    List(ListArguments),
    /// Show an execution: status, failure, input and output
    Show(ShowArguments),
    /// Follow an execution as a tree, until its end
    Trace(TraceArguments),
    /// Show everything that happened in an execution
    History(HistoryArguments),
    /// Show what functions and workflows logged
    Logs(LogsArguments),
    /// Show what executions would cost on AWS
    Cost(CostArguments),
    /// Pictures of workflows
    #[command(subcommand)]
    Graph(Box<GraphCommand>),
    /// Open the console in a browser
    Open(OpenArguments),
    /// Stop executions
    Stop(StopArguments),
    /// Let failed executions go on from where they failed
    Redrive(RedriveArguments),
    /// List what waits for a decision, on a Passo server
    Approvals(ApprovalsArguments),
    /// Let a task that waits for its token succeed
    Approve(ApproveArguments),
    /// Let a task that waits for its token fail
    Reject(RejectArguments),
    /// Say that a task that waits for its token is being worked on
    Heartbeat(TaskArguments),
    /// State machines, their versions and aliases
    #[command(subcommand)]
    Machine(MachineCommand),
    /// The runs of distributed Map states
    #[command(subcommand)]
    MapRun(MapRunCommand),
    /// Activities: work that somebody else asks for
    #[command(subcommand)]
    Activity(ActivityCommand),
    /// One state alone
    #[command(subcommand)]
    State(Box<StateCommand>),
    /// Find out why something does not work here
    Doctor(DoctorArguments),
    /// Print what a shell needs to complete commands
    Completions(CompletionsArguments),
}

/// Prints what `clap` has to say: help and version are answers, everything else is a wrong command line.
pub fn refuse(refusal: &clap::Error) -> ExitCode {
    let _ = refusal.print();
    match refusal.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Ok.into(),
        _ => Exit::Usage.into(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Arguments;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_is_in_the_reference() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/cli.md");
        let reference = std::fs::read_to_string(path).unwrap();
        for command in Arguments::command().get_subcommands() {
            let name = format!("`passo {}", command.get_name());
            assert!(reference.contains(&name), "{name}");
            for part in command.get_subcommands() {
                let name = format!("{name} {}", part.get_name());
                assert!(reference.contains(&name), "{name}");
            }
        }
    }
}
