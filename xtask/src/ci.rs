//! `cargo xtask ci`: everything that must hold before a change lands, cheapest first.

use anyhow::Result;

use crate::{clients, step, suite, tidy_task};

/// Runs all steps and prints how long each took.
///
/// # Errors
/// That of the first step that fails; the steps after it are not run.
pub fn run() -> Result<()> {
    type Step = (&'static str, fn() -> Result<()>);
    let steps: &[Step] = &[
        ("format", || {
            step::run(&mut step::cargo(&["fmt", "--all", "--check"]))
        }),
        ("clippy", clippy),
        ("tidy", || tidy_task::run(&[])),
        ("tests", || suite::run(&[])),
        ("clients", || clients::run(&[])),
        ("crash", clients::short_crash),
        ("examples", || clients::examples(&[])),
        ("rustdoc", rustdoc),
    ];
    let mut table = Vec::new();
    for (name, work) in steps {
        table.push((name, step::timed(name, work)?));
    }
    println!("==> all steps passed");
    for (name, taken) in table {
        println!("{name:>8}  {:6.1} s", taken.as_secs_f64());
    }
    Ok(())
}

fn clippy() -> Result<()> {
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--quiet",
        "--",
        "--deny",
        "warnings",
    ];
    step::run(&mut step::cargo(&arguments))
}

fn rustdoc() -> Result<()> {
    let arguments = ["doc", "--workspace", "--no-deps", "--locked", "--quiet"];
    step::run(step::cargo(&arguments).env("RUSTDOCFLAGS", "--deny warnings"))
}
