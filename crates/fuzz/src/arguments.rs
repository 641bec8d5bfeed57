//! The command line.

use std::path::PathBuf;

use clap::Parser;

use crate::target::TargetName;

/// What to fuzz, for how long, and from which seed.
#[derive(Clone, Debug, Parser)]
#[command(name = "passo-fuzz")]
pub(crate) struct Arguments {
    /// The language to fuzz.
    pub(crate) target: TargetName,
    /// How long, in minutes; fractions are fine.
    #[arg(long, default_value_t = 1.0)]
    pub(crate) minutes: f64,
    /// Where the sequence of cases starts. The same seed and corpus give the same cases.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// A folder with `jsonata/cases.jsonl` and `aws/cases/*.jsonl`, whose texts are seeds too.
    #[arg(long)]
    pub(crate) corpus: Option<PathBuf>,
    /// How many workers run at a time.
    #[arg(long, default_value_t = 2)]
    pub(crate) workers: u64,
    /// Runs this one case in this process, and prints it.
    #[arg(long)]
    pub(crate) only: Option<u64>,
    /// Runs as a worker, from this case on.
    #[arg(long, hide = true)]
    pub(crate) worker: Option<u64>,
}
