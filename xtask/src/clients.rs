//! `cargo xtask clients`, `crash` and `examples`: the real binary against boto3 and the AWS CLI, in Python.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};

use crate::step;

/// Every operation and each modelled error, through boto3 and the AWS CLI; `arguments` go to the script.
///
/// # Errors
/// When the clients are missing, or a check fails.
pub fn run(arguments: &[String]) -> Result<()> {
    script(
        "conformance/clients/run.py",
        &["boto3", "awscli"],
        arguments,
    )
}

/// `kill -9` at random moments, under boto3; `arguments` go to the script.
///
/// # Errors
/// When boto3 is missing, or something was lost.
pub fn crash(arguments: &[String]) -> Result<()> {
    script("conformance/clients/crash.py", &["boto3"], arguments)
}

/// The examples, as a user runs them, and killed in the middle; `arguments` go to the script.
///
/// # Errors
/// When boto3 or aiosmtpd is missing, or an example does not do what it should.
pub fn examples(arguments: &[String]) -> Result<()> {
    script("examples/tests/run.py", &["boto3", "aiosmtpd"], arguments)
}

/// How often a server is killed where nobody says.
const KILLS: &str = "4";

/// The short form of [`crash`].
///
/// # Errors
/// Those of [`crash`].
pub fn short_crash() -> Result<()> {
    crash(&["--kills".to_owned(), KILLS.to_owned()])
}

fn script(path: &str, modules: &[&str], arguments: &[String]) -> Result<()> {
    for module in modules {
        let import = format!("import {module}");
        ensure!(
            python()
                .args(["-c", &import])
                .status()
                .is_ok_and(|status| status.success()),
            "`python3 -c '{import}'` failed. Install the clients where `python3` finds them:\n    \
             python3 -m venv target/clients && target/clients/bin/pip install boto3 awscli aiosmtpd && export PATH=$PWD/target/clients/bin:$PATH"
        );
    }
    step::run(&mut step::cargo(&[
        "build",
        "--quiet",
        "--locked",
        "--package",
        "passo",
    ]))?;
    let mut command = python();
    command.arg(path).arg("--passo").arg(binary());
    step::run(command.args(arguments).stderr(Stdio::inherit()))
}

fn python() -> Command {
    let mut command = Command::new("python3");
    command.stderr(Stdio::null()).current_dir(step::root());
    command
}

/// Where cargo puts the binary that the tests use.
fn binary() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR");
    let target = target.map_or_else(|| step::root().join("target"), PathBuf::from);
    target.join("debug").join("passo")
}
