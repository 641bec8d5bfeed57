//! What a measurement stands on: a fresh server, state machines on it, and what became of their executions.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use passo_json::{Json, json};
use tempfile::TempDir;

use super::client::Connection;
use super::process::Server;

/// How long to wait before looking again.
pub const PAUSE: Duration = Duration::from_millis(2);

const ROLE: &str = "arn:aws:iam::123456789012:role/r";

/// What is measured, and where.
pub struct Bed {
    /// The server's binary.
    pub binary: PathBuf,
    /// Where fresh data directories are made.
    pub data: PathBuf,
    /// More options of the server.
    pub options: Vec<String>,
    /// Only what has this text in its name.
    pub only: Option<String>,
    /// Whether it is only to be seen that everything runs.
    pub is_quick: bool,
    /// Whether data directories stay behind.
    pub is_kept: bool,
}

impl Bed {
    /// Whether `name` is to be measured.
    pub fn wants(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|text| name.contains(text))
    }

    /// How much to do where `thorough` gives a figure to be quoted.
    pub fn amount(&self, thorough: u64) -> u64 {
        match self.is_quick {
            true => (thorough / 100).max(10),
            false => thorough,
        }
    }

    /// A fresh directory; it goes when it is dropped.
    ///
    /// # Errors
    /// Where none can be made.
    pub fn directory(&self) -> Result<TempDir> {
        let made = tempfile::Builder::new()
            .prefix("bench-")
            .disable_cleanup(self.is_kept)
            .tempdir_in(&self.data);
        made.with_context(|| format!("failed to make a directory in `{}`", self.data.display()))
    }

    /// A server on `directory`.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn server(&self, directory: &TempDir) -> Result<Server> {
        Server::start(&self.binary, directory.path(), &self.options)
    }
}

/// Makes a state machine; its ARN.
///
/// # Errors
/// Where it is refused.
pub async fn create(connection: &mut Connection, name: &str, definition: &Json) -> Result<String> {
    let answer = connection
        .ask(
            "CreateStateMachine",
            &json!({"name": name, "definition": definition.to_text(), "roleArn": ROLE}),
        )
        .await?;
    let arn = answer.get("stateMachineArn").and_then(Json::as_str);
    Ok(arn.context("a state machine has no ARN")?.to_owned())
}

/// A chain of `length` Pass states.
pub fn chain(length: u32) -> Json {
    let states = (1..=length).map(|number| {
        let state = match number == length {
            true => json!({"Type": "Pass", "End": true}),
            false => json!({"Type": "Pass", "Next": format!("S{}", number + 1)}),
        };
        (format!("S{number}"), state)
    });
    let states: passo_json::Object = states.collect();
    json!({"StartAt": "S1", "States": states})
}

/// What `StartExecution` takes.
pub fn start(arn: &str, input: &str) -> String {
    json!({"stateMachineArn": arn, "input": input}).to_text()
}

/// Waits until `expected` executions of a state machine have succeeded, and makes sure that there are no others.
///
/// # Errors
/// Where that does not come to be.
pub async fn all_succeeded(connection: &mut Connection, arn: &str, expected: u64) -> Result<()> {
    loop {
        let (succeeded, running) = count(connection, arn).await?;
        ensure!(
            succeeded + running == expected,
            "{succeeded} of {expected} have finished, {running} are under way"
        );
        if running == 0 {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// How many executions of a state machine have succeeded, and how many run.
async fn count(connection: &mut Connection, arn: &str) -> Result<(u64, u64)> {
    let (mut succeeded, mut running) = (0, 0);
    let mut parameters = json!({"stateMachineArn": arn, "maxResults": 1000});
    loop {
        let page = connection.ask("ListExecutions", &parameters).await?;
        let executions = page.get("executions").and_then(Json::as_array);
        for execution in executions.context("a page has no executions")?.iter() {
            match execution.get("status").and_then(Json::as_str) {
                Some("SUCCEEDED") => succeeded += 1,
                Some("RUNNING") => running += 1,
                status => bail!("an execution is {status:?}"),
            }
        }
        let Some(token) = page.get("nextToken").and_then(Json::as_str) else {
            return Ok((succeeded, running));
        };
        parameters = json!({"stateMachineArn": arn, "maxResults": 1000, "nextToken": token});
    }
}

/// What is known of an execution.
///
/// # Errors
/// Where it is not there.
pub async fn describe(connection: &mut Connection, arn: &str) -> Result<Json> {
    connection
        .ask("DescribeExecution", &json!({"executionArn": arn}))
        .await
}

/// The ARN in an answer to `StartExecution`.
///
/// # Errors
/// Where there is none.
pub fn execution_arn(answer: &[u8]) -> Result<String> {
    let answer = Json::parse(std::str::from_utf8(answer)?)?;
    let arn = answer.get("executionArn").and_then(Json::as_str);
    Ok(arn.context("an execution has no ARN")?.to_owned())
}
