//! Runs recorded cases against Passo: `cargo xtask conformance <folder>`.
//!
//! A folder is a corpus in one of the formats that [`corpus`] knows. The program prints how many cases pass in each
//! area, ends with `N of M cases`, and exits with 0 when it ran, whatever the count; with `--floor` it exits with 1 when
//! an area is below its floor.

mod aws;
mod corpus;
mod floor;
mod jsonata;
mod outcome;
mod report;
mod workers;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;

use crate::corpus::Corpus;

/// Runs recorded cases against Passo.
#[derive(Parser)]
#[command(name = "cargo xtask conformance")]
struct Arguments {
    /// A folder of cases: the JSONata suite, or calls recorded on AWS.
    folder: PathBuf,
    /// Run only the cases whose id contains this text, and show each failure in detail.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Write the results to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Exit with 1 when an area passes fewer cases than this file says.
    #[arg(long, value_name = "FILE", conflicts_with = "only")]
    floor: Option<PathBuf>,
    /// The server that recorded calls are made to, as `http://host:port`. Without one, the runner starts one of its own.
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let corpus = Corpus::detect(&arguments.folder)?;
    let floors = arguments.floor.as_deref().map(floor::read).transpose()?;
    let outcomes = corpus.run(arguments.only.as_deref(), arguments.endpoint.as_deref())?;

    if arguments.only.is_some() {
        print!("{}", report::failures(&outcomes));
    }
    if let Some(path) = &arguments.json {
        let text = report::results(&outcomes).to_pretty();
        std::fs::write(path, text + "\n")
            .with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    let below = floors
        .map(|floors| floor::below(&floors, &outcomes))
        .unwrap_or_default();
    print!("{}", report::table(&outcomes));
    for line in &below {
        println!("{line}");
    }
    println!("{}", report::total(&outcomes));
    Ok(if below.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
