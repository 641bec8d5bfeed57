//! A million executions that wait: what they take, and how soon they go on after the process was killed.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use passo_json::{Json, json};
use passo_vocab::Timestamp;

use super::bed::{self, Bed, PAUSE};
use super::client::Connection;
use super::figure::{Cost, line, mebibytes, millis, rate};
use super::load::drive;
use super::process::Server;

/// Clients at the same time.
const CLIENTS: usize = 64;
/// Executions whose wait ends while the server is down.
const DUE: u64 = 100;
/// When they are due after the last start.
const DUE_SECONDS: i64 = 2;

/// Measures memory with a million waiting executions, then the way back after `kill -9`: to the first answer, and until
/// timers that came due in between have fired.
pub async fn measure(bed: &Bed) -> Result<usize> {
    const NAME: &str = "waiting: a million executions";
    if !bed.wants(NAME) {
        return Ok(0);
    }
    let total = bed.amount(1_000_000);
    let directory = bed.directory()?;
    let server = bed.server(&directory)?;
    let mut connection = Connection::open(server.address()).await?;
    let definition = json!({"StartAt": "W", "States": {
        "W": {"Type": "Wait", "TimestampPath": "$.until", "Next": "P"},
        "P": {"Type": "Pass", "End": true},
    }});
    let arn = bed::create(&mut connection, "m", &definition).await?;
    let tomorrow = now()? + 86_400;
    let cost = Cost::begin(&server)?;
    let machine = arn.clone();
    // Over a year, as a population of real ones would be.
    let request = move |number| {
        let spread = i64::try_from(number * 30).unwrap_or_default();
        waiting(&machine, tomorrow + spread)
    };
    let load = drive(server.address(), CLIENTS, total, "StartExecution", request).await?;
    cost.print(
        &server,
        &format!("{NAME} ({total}), starts"),
        &rate(total, load.elapsed),
        "",
    )?;
    let resident = mebibytes(server.resident_bytes()?);
    cost.print(&server, "waiting: resident memory", &resident, "1024 MiB")?;

    // A server closes a connection that has been idle for as long as that took.
    let mut connection = Connection::open(server.address()).await?;
    let mut soon = Vec::new();
    let due = now()? + DUE_SECONDS;
    for _ in 0..DUE {
        let request = waiting(&arn, due);
        soon.push(bed::execution_arn(
            connection.call("StartExecution", &request).await?,
        )?);
    }
    server.kill()?;
    line(
        "waiting: data on disk",
        &mebibytes(bytes_below(directory.path())?),
        "",
        "",
    );
    tokio::time::sleep(Duration::from_secs(3)).await;
    recover(bed.server(&directory)?, &soon).await?;
    Ok(1)
}

async fn recover(server: Server, soon: &[String]) -> Result<()> {
    let cost = Cost::of_birth(&server)?;
    let mut connection = Connection::open(server.address()).await?;
    connection.ask("ListStateMachines", &json!({})).await?;
    let answered = millis(server.age());
    cost.print(
        &server,
        "waiting: kill -9 to the first answer",
        &answered,
        "10 s",
    )?;
    let began = Instant::now();
    for execution in soon {
        loop {
            let found = bed::describe(&mut connection, execution).await?;
            match found.get("status").and_then(Json::as_str) {
                Some("SUCCEEDED") => break,
                status => ensure!(status == Some("RUNNING"), "it is {status:?}"),
            }
            ensure!(began.elapsed() < Duration::from_secs(120), "no timer fires");
            tokio::time::sleep(PAUSE).await;
        }
    }
    let fired = millis(server.age());
    cost.print(
        &server,
        "waiting: kill -9 to timers that fired",
        &fired,
        "10 s",
    )?;
    let resident = mebibytes(server.resident_bytes()?);
    cost.print(
        &server,
        "waiting: resident memory after recovery",
        &resident,
        "1024 MiB",
    )
}

/// A start whose execution waits until `seconds` after 1970.
fn waiting(arn: &str, seconds: i64) -> String {
    let until = Timestamp::from_epoch_millis(seconds.saturating_mul(1000));
    bed::start(arn, &format!(r#"{{"until":"{until}"}}"#))
}

/// Seconds since 1970.
fn now() -> Result<i64> {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(i64::try_from(elapsed.as_secs())?)
}

fn bytes_below(directory: &Path) -> Result<u64> {
    let mut bytes = 0;
    let entries = std::fs::read_dir(directory).context("a directory cannot be read")?;
    for entry in entries {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += match metadata.is_dir() {
            true => bytes_below(&entry.path())?,
            false => metadata.len(),
        };
    }
    Ok(bytes)
}
