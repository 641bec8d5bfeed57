//! From a command to what carries it out.

use std::future::Future;
use std::io::Write;

use clap::CommandFactory;

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::{
    activity, change, check, completions, convert, cost, deploy, dev, doctor, eval, fmt, graph,
    history, list, logs, machine, map_run, open, run, serve, show, start, state, token, trace,
};

/// Carries out a command.
///
/// # Errors
/// When it cannot be carried out as given.
pub fn run(arguments: Arguments) -> Result<Exit, Problem> {
    let Some(command) = arguments.command else {
        return Ok(overview());
    };
    match command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Serve(arguments) => serve::serve(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Fmt(arguments) => fmt::fmt(&arguments),
        Command::Convert(arguments) => convert::convert(&arguments),
        Command::Eval(arguments) => eval::eval(&arguments),
        Command::Trace(arguments) => waiting(trace::trace(&arguments)),
        Command::List(arguments) => waiting(list::list(&arguments)),
        Command::Show(arguments) => waiting(show::show(&arguments)),
        Command::Start(arguments) => waiting(start::start(&arguments)),
        Command::History(arguments) => waiting(history::history(&arguments)),
        Command::Stop(arguments) => waiting(change::stop(&arguments)),
        Command::Redrive(arguments) => waiting(change::redrive(&arguments)),
        Command::Dev(arguments) => dev::dev(&arguments),
        Command::Deploy(arguments) => waiting(deploy::deploy(&arguments)),
        Command::Logs(arguments) => waiting(logs::logs(&arguments)),
        Command::Approvals(arguments) => waiting(token::approvals(&arguments)),
        Command::Approve(arguments) => waiting(token::approve(&arguments)),
        Command::Reject(arguments) => waiting(token::reject(&arguments)),
        Command::Heartbeat(arguments) => waiting(token::heartbeat(&arguments)),
        Command::Graph(command) => waiting(graph::graph(&command)),
        Command::Open(arguments) => waiting(open::open(&arguments)),
        Command::Cost(arguments) => waiting(cost::cost(&arguments)),
        Command::Machine(command) => waiting(machine::machine(&command)),
        Command::MapRun(command) => waiting(map_run::map_run(&command)),
        Command::Activity(command) => waiting(activity::activity(&command)),
        Command::State(command) => waiting(state::state(&command)),
        Command::Doctor(arguments) => waiting(doctor::doctor(&arguments)),
        Command::Completions(arguments) => Ok(completions::completions(&arguments)),
    }
}

/// Waits for a command that talks to a server; an interrupt ends it, unless it takes care of that itself.
///
/// # Errors
/// Those of the command.
pub fn waiting(command: impl Future<Output = Result<Exit, Problem>>) -> Result<Exit, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::new("the runtime cannot be started").why(error))?;
    runtime.block_on(async {
        tokio::select! {
            biased;
            outcome = command => outcome,
            _ = tokio::signal::ctrl_c() => Ok(Exit::Interrupted),
        }
    })
}

/// Shows what can be done.
fn overview() -> Exit {
    let help = Arguments::command().render_help();
    let _ = write!(anstream::stdout(), "{}", help.ansi());
    Exit::Ok
}
