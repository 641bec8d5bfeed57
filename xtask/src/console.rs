//! `cargo xtask console`: builds the web console, and puts it where the server embeds it from.
//!
//! The only task that needs Node and npm.

use std::process::Command;

use anyhow::{Result, bail};

use crate::step;

/// Builds the console into `crates/console/assets`. With `--check` nothing is written: what is committed is compared with
/// what the sources build, and types, style, unit tests and journeys through the real binary are checked. With `--numbers`
/// what the console promises is measured, on the binary that `PASSO_BIN` names or the one that was built last.
///
/// # Errors
/// When a step fails.
pub fn run(arguments: &[String]) -> Result<()> {
    let is_check = match arguments {
        [] => false,
        [option] if option == "--check" => true,
        [option] if option == "--numbers" => return node(&["e2e/numbers.mjs"]),
        _ => bail!("usage: cargo xtask console [--check | --numbers]"),
    };
    step::timed("packages", || {
        npm(&["ci", "--ignore-scripts", "--no-progress"])
    })?;
    if !is_check {
        step::timed("build", || npm(&["run", "build"]))?;
        step::timed("embed", || node(&["scripts/embed.mjs"]))?;
        return Ok(());
    }
    step::timed("types and style", || npm(&["run", "check"]))?;
    step::timed("unit tests", || npm(&["test"]))?;
    step::timed("build", || npm(&["run", "build"]))?;
    step::timed("compare", || node(&["scripts/embed.mjs", "--check"]))?;
    step::timed("server", || {
        step::run(&mut step::cargo(&[
            "build",
            "--quiet",
            "--locked",
            "--package",
            "passo",
        ]))
    })?;
    step::timed("journeys", || npm(&["run", "journeys"]))?;
    Ok(())
}

fn npm(arguments: &[&str]) -> Result<()> {
    in_console("npm", arguments)
}

fn node(arguments: &[&str]) -> Result<()> {
    in_console("node", arguments)
}

fn in_console(program: &str, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(program);
    step::run(
        command
            .args(arguments)
            .current_dir(step::root().join("console")),
    )
}
