//! The command line of [`crate::tidy`].

use anyhow::{Result, bail, ensure};

use crate::step;
use crate::tidy::{self, Mode};

/// Prints the findings; `--write` writes generated files first.
///
/// # Errors
/// When there is a finding, or the repository cannot be read.
pub fn run(arguments: &[String]) -> Result<()> {
    let mode = match arguments {
        [] => Mode::Check,
        [argument] if argument == "--write" => Mode::Write,
        _ => bail!("usage: cargo xtask tidy [--write]"),
    };
    let findings = tidy::run(&step::root(), mode)?;
    for finding in &findings {
        println!("{finding}");
    }
    ensure!(findings.is_empty(), "{} to mend", findings.len());
    Ok(())
}
