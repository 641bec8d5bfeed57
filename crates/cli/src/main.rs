//! The `passo` command.
//!
//! One file per command; standard output carries data, standard error everything else. Entry point: [`main`].

mod activity;
mod arguments;
mod aws;
mod change;
mod check;
mod commands;
mod completions;
mod confirm;
mod convert;
mod cost;
mod deploy;
mod dev;
mod doctor;
mod duration;
mod endpoints;
mod eval;
mod exit;
mod fmt;
mod given;
mod graph;
mod history;
mod list;
mod located;
mod logging;
mod logs;
mod machine;
mod mail;
mod map_run;
mod open;
mod output;
mod problem;
mod project;
mod run;
mod serve;
mod show;
mod start;
mod state;
mod terminal;
mod token;
mod trace;
mod tree;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;

/// A fifth less CPU for a request than with the C library's allocator; `docs/benchmarks.md` has the figures.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refusal) => return arguments::refuse(&refusal),
    };
    arguments.color.apply();
    match commands::run(arguments) {
        Ok(exit) => exit.into(),
        Err(problem) => {
            problem.print();
            problem.exit_code().into()
        }
    }
}
