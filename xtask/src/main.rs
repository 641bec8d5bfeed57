//! Development tasks: `cargo xtask <task>`.
//!
//! A task that needs a crate of the workspace runs that crate's own program; this one depends on none of them, so
//! that it builds in seconds and works while they do not.

mod ci;
mod clients;
mod console;
mod service_model;
mod step;
mod suite;
mod tidy;
mod tidy_task;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo xtask <task>

  ci                     all that CI checks: format, clippy, tidy, tests, rustdoc
  test [ARGS]            the tests; ARGS go to the runner (-p passo-json, a filter)
  tidy [--write]         the rules of the repository; --write makes generated files anew
  conformance FOLDER     recorded cases against Passo (--help for its options)
  clients                every operation and modelled error, through boto3 and the AWS CLI (--help)
  console [--check]      builds the web console (needs npm); --check compares and tests what is committed; --numbers
                         measures what it promises
  crash --kills N        the real binary killed again and again under boto3; --seed S
  examples [NAME]        the examples as a user runs them, and killed in the middle
  bench [NAME]           benchmarks, as ratios in one run (--help for its options)
  bench server [NAME]    the real server under load, durable, over HTTP (--help for its options)
  service-model FOLDER   the tables of AWS's services (crates/model), from botocore's data folder
  fuzz TARGET            the languages against generated and mutated text (--help for its options)
  simulate               the durable core against a hostile world, seed by seed (--help for its options)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let Some((task, rest)) = arguments.split_first() else {
        bail!("{USAGE}")
    };
    match task.as_str() {
        "ci" => ci::run(),
        "test" => suite::run(rest),
        "service-model" => service_model::run(rest),
        "clients" => clients::run(rest),
        "console" => console::run(rest),
        "crash" => clients::crash(rest),
        "examples" => clients::examples(rest),
        "tidy" => tidy_task::run(rest),
        "conformance" => program("passo-conformance", &[], rest),
        "bench" if rest.first().is_some_and(|what| what == "server") => bench_server(rest),
        "bench" => program("passo-bench", &["--release", "--features", "rivals"], rest),
        "fuzz" => program("passo-fuzz", &["--release"], rest),
        "simulate" => program("passo-simulation", &["--release"], rest),
        _ => bail!("no task `{task}`\n\n{USAGE}"),
    }
}

/// Measures the server's release binary; the first argument says so.
fn bench_server(arguments: &[String]) -> Result<()> {
    step::run(&mut step::cargo(&[
        "build",
        "--quiet",
        "--locked",
        "--release",
        "--package",
        "passo",
    ]))?;
    let options = ["--release", "--bin", "passo-bench-server"];
    program(
        "passo-bench",
        &options,
        arguments.get(1..).unwrap_or_default(),
    )
}

/// Runs the program of `package`, built with `options`.
fn program(package: &str, options: &[&str], arguments: &[String]) -> Result<()> {
    let mut command = step::cargo(&["run", "--quiet", "--locked", "--package", package]);
    step::run(command.args(options).arg("--").args(arguments))
}
