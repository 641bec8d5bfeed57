//! The server as its clients see it: `cargo xtask bench server [NAME]`.
//!
//! Starts the real binary on fresh directories, durable, and asks it over HTTP from this process, on one thread. Each line
//! says what CPU either side took and how busy the machine was: on a machine that is shared, a figure means little
//! without them. Entry point: [`main`].

mod bed;
mod client;
mod data_set;
mod figure;
mod lambda;
mod load;
mod memory;
mod objects;
mod process;
mod rate;
mod sqs;
mod start;
mod waiting;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Parser;

use crate::bed::Bed;

/// Measures the server.
#[derive(Parser)]
#[command(name = "cargo xtask bench server")]
struct Arguments {
    /// Measure only what has this text in its name.
    name: Option<String>,
    /// The binary; by default the `passo` beside this program.
    #[arg(long, value_name = "FILE")]
    passo: Option<PathBuf>,
    /// Where fresh data directories are made; by default beside this program, on a real disk.
    #[arg(long, value_name = "DIRECTORY")]
    data: Option<PathBuf>,
    /// A hundredth of the work: enough to see that everything runs.
    #[arg(long)]
    quick: bool,
    /// Leave the data directories behind.
    #[arg(long)]
    keep: bool,
    /// An option for `passo serve`, once for each word.
    #[arg(long = "with", value_name = "WORD", allow_hyphen_values = true)]
    options: Vec<String>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let own = std::env::current_exe()?;
    let beside = own.parent().context("a program has a directory")?;
    let bed = Bed {
        binary: arguments.passo.unwrap_or_else(|| beside.join("passo")),
        data: arguments.data.unwrap_or_else(|| beside.to_owned()),
        options: arguments.options,
        only: arguments.name,
        is_quick: arguments.quick,
        is_kept: arguments.keep,
    };
    ensure!(
        bed.binary.is_file(),
        "there is no `{}`",
        bed.binary.display()
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    figure::header();
    let measured = runtime.block_on(async {
        let mut measured = 0;
        measured += start::measure(&bed).await?;
        measured += rate::measure(&bed).await?;
        measured += lambda::measure(&bed).await?;
        measured += sqs::measure(&bed).await?;
        measured += objects::measure(&bed).await?;
        measured += data_set::measure(&bed).await?;
        measured += memory::measure(&bed).await?;
        measured += waiting::measure(&bed).await?;
        anyhow::Ok(measured)
    })?;
    ensure!(measured > 0, "nothing has that name");
    Ok(())
}
