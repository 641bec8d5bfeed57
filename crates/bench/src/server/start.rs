//! How soon a server answers, and what it takes while nobody asks.

use std::time::Duration;

use anyhow::Result;
use passo_json::json;

use super::bed::Bed;
use super::client::Connection;
use super::figure::{Cost, line, mebibytes, millis};
use super::load::quantile;

/// Starts of which the median counts.
const STARTS: usize = 15;

/// How long a server is left alone before its memory is looked at.
const REST: Duration = Duration::from_secs(2);

/// Measures a cold start on a fresh directory, from the birth of the process to its first answer, and idle memory.
pub async fn measure(bed: &Bed) -> Result<usize> {
    const NAME: &str = "start: to the first answer, p50";
    if !bed.wants(NAME) {
        return Ok(0);
    }
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let directory = bed.directory()?;
        let server = bed.server(&directory)?;
        let mut connection = Connection::open(server.address()).await?;
        connection.ask("ListStateMachines", &json!({})).await?;
        times.push(server.age());
    }
    times.sort();
    line(NAME, &millis(quantile(&times, 0.5)), "50 ms", "");
    let directory = bed.directory()?;
    let server = bed.server(&directory)?;
    let mut connection = Connection::open(server.address()).await?;
    connection.ask("ListStateMachines", &json!({})).await?;
    let cost = Cost::begin(&server)?;
    tokio::time::sleep(REST).await;
    let resident = mebibytes(server.resident_bytes()?);
    cost.print(&server, "start: idle memory", &resident, "30 MiB")?;
    Ok(2)
}
