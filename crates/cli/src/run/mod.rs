//! `passo run`: one execution to its end, on this machine in memory, or on a server.

mod arguments;
mod logs;
mod mocks;
mod outcome;
mod prepare;
mod remote;
mod session;
mod watch;

pub use arguments::{ClockArgument, RunArguments, parameter};
#[cfg(test)]
pub use prepare::execution_header;
pub use prepare::{now, random_seed};

use crate::exit::Exit;
use crate::problem::Problem;

/// Runs a workflow.
///
/// # Errors
/// When it cannot be run as given; an execution that fails is no error but an [`Exit`].
pub fn run(arguments: &RunArguments) -> Result<Exit, Problem> {
    if remote::is_meant(arguments) {
        return crate::commands::waiting(remote::run(arguments));
    }
    let prepared = prepare::prepare(arguments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Problem::new("the runtime cannot be started").why(error))?;
    runtime.block_on(session::session(arguments, &prepared))
}
