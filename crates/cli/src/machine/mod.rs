//! `passo machine`: state machines, their versions and their aliases.

mod alias;
mod change;
mod list;
mod show;
mod version;

pub use change::{CreateArguments, DeleteArguments, UpdateArguments};

use clap::Subcommand;

use crate::exit::Exit;
use crate::problem::Problem;

/// What can be done with state machines.
#[derive(Debug, Subcommand)]
pub enum MachineCommand {
    /// List state machines
    List(list::ListArguments),
    /// Show one, with its definition
    Show(show::ShowArguments),
    /// Create one from a definition
    Create(CreateArguments),
    /// Change one
    Update(UpdateArguments),
    /// Delete one; what runs goes on
    Delete(DeleteArguments),
    /// List versions
    Versions(version::VersionsArguments),
    /// Publish a version
    Publish(version::PublishArguments),
    /// Delete a version
    DeleteVersion(version::DeleteVersionArguments),
    /// Aliases: names for versions
    #[command(subcommand)]
    Alias(alias::AliasCommand),
}

/// Carries out a command.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub async fn machine(command: &MachineCommand) -> Result<Exit, Problem> {
    match command {
        MachineCommand::List(arguments) => list::list(arguments).await,
        MachineCommand::Show(arguments) => show::show(arguments).await,
        MachineCommand::Create(arguments) => change::create(arguments).await,
        MachineCommand::Update(arguments) => change::update(arguments).await,
        MachineCommand::Delete(arguments) => change::delete(arguments).await,
        MachineCommand::Versions(arguments) => version::versions(arguments).await,
        MachineCommand::Publish(arguments) => version::publish(arguments).await,
        MachineCommand::DeleteVersion(arguments) => version::delete(arguments).await,
        MachineCommand::Alias(command) => alias::alias(command).await,
    }
}
