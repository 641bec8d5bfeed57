//! Mutation fuzzing of the languages: `cargo xtask fuzz <target> [--minutes N] [--seed S] [--corpus DIR]`.
//!
//! A watchdog (this process) runs workers (this program again). A worker makes case after case from
//! the seed and the case's number alone, and runs it with the limits that users get. A panic, an
//! abort (stack overflow, out of memory) or more than a second of processor time for one case is a
//! failure: the case is printed and saved in `target/fuzz/`, and the next worker goes on after it.

mod arguments;
mod case;
mod corpus;
mod failure;
mod fuzzer;
mod grammar;
mod mutate;
mod process;
mod random;
mod smoke;
mod target;
mod tree;
mod watchdog;
mod worker;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    let result = match arguments.worker {
        Some(first) => worker::run(&arguments, first).map(|()| ExitCode::SUCCESS),
        None => match arguments.only {
            Some(index) => worker::run_one(&arguments, index),
            None => watchdog::run(&arguments),
        },
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
