//! What executions that are over leave in memory.

use anyhow::Result;

use super::bed::{self, Bed};
use super::client::Connection;
use super::figure::{Cost, line, mebibytes};
use super::load::drive;

/// Clients at the same time.
const CLIENTS: usize = 64;
/// Rounds of executions; memory is looked at after each.
const ROUNDS: u64 = 5;

/// Measures resident memory after 50,000, 100,000 … finished executions of ten states.
pub async fn measure(bed: &Bed) -> Result<usize> {
    const NAME: &str = "memory: after finished ten-state executions";
    if !bed.wants(NAME) {
        return Ok(0);
    }
    let directory = bed.directory()?;
    let server = bed.server(&directory)?;
    let mut connection = Connection::open(server.address()).await?;
    let arn = bed::create(&mut connection, "m", &bed::chain(10)).await?;
    let request = bed::start(&arn, r#"{"n":1}"#);
    let cost = Cost::begin(&server)?;
    let each = bed.amount(50_000);
    line(NAME, "", "flat", "");
    for round in 1..=ROUNDS {
        let again = request.clone();
        drive(
            server.address(),
            CLIENTS,
            each,
            "StartExecution",
            move |_| again.clone(),
        )
        .await?;
        let what = format!("memory: after {} of them", each * round);
        cost.print(&server, &what, &mebibytes(server.resident_bytes()?), "")?;
    }
    Ok(1)
}
