//! Benchmarks: `cargo xtask bench [NAME]`.
//!
//! Ours and a rival's figures are taken in one run on one machine, in turns, so that their ratio means something where
//! the figures alone do not. Each figure is the best of several samples, with the spread of the others beside it. There
//! are no budgets here that fail a build: a machine that is busy proves nothing.

mod document;
mod engine;
mod json;
mod jsonata;
mod jsonpath;
mod measure;
mod metrics;
mod report;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Parser;

use crate::measure::Plan;

/// Measures Passo, and what it could have used instead.
#[derive(Parser)]
#[command(name = "cargo xtask bench")]
struct Arguments {
    /// Measure only what has this text in its name.
    name: Option<String>,
    /// Write the figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Take few and short samples: enough to see that everything runs.
    #[arg(long)]
    quick: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let plan = if arguments.quick {
        Plan::quick()
    } else {
        Plan::thorough()
    };
    let plan = plan.only(arguments.name);
    if cfg!(debug_assertions) {
        println!("This is a debug build: its figures mean nothing. Use `cargo xtask bench`.");
    }
    report::header();
    let mut rows = Vec::new();
    for group in [
        json::measure,
        jsonata::measure,
        jsonpath::measure,
        engine::measure,
        metrics::measure,
    ] {
        rows.extend(group(&plan)?);
    }
    ensure!(!rows.is_empty(), "nothing has that name");
    if let Some(path) = arguments.json {
        std::fs::write(&path, report::json(&rows).to_pretty() + "\n")
            .with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    Ok(())
}
