//! From a command to what carries it out.

use std::io::Write;

use clap::CommandFactory;

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::{check, eval, run, serve};

/// Carries out a command.
///
/// # Errors
/// When it cannot be carried out as given.
pub fn run(arguments: Arguments) -> Result<Exit, Problem> {
    match arguments.command {
        None => Ok(overview()),
        Some(Command::Run(arguments)) => run::run(&arguments),
        Some(Command::Serve(arguments)) => serve::serve(&arguments),
        Some(Command::Check(arguments)) => check::check(&arguments),
        Some(Command::Eval(arguments)) => eval::eval(&arguments),
    }
}

/// Shows what can be done.
fn overview() -> Exit {
    let help = Arguments::command().render_help();
    let _ = write!(anstream::stdout(), "{}", help.ansi());
    Exit::Ok
}
