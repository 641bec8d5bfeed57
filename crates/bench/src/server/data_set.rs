//! A Distributed Map over the rows of a CSV file in S3: how many a second, and how much memory that takes.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use passo_json::{Json, json};

use super::bed::{self, Bed};
use super::client::Connection;
use super::figure::{Cost, mebibytes, rate};
use super::process::Server;

/// How long to wait before looking at the execution, and at the server's memory, again.
const PAUSE: Duration = Duration::from_millis(100);
/// Rows of a batch, where there are batches.
const BATCH: i64 = 100;

/// Measures everything of this module.
pub async fn measure(bed: &Bed) -> Result<usize> {
    let mut measured = 0;
    measured += rows(
        bed,
        "data set: rows of a CSV file, a child each",
        None,
        false,
    )
    .await?;
    measured += rows(bed, "data set: rows in batches of 100", Some(BATCH), false).await?;
    measured += rows(
        bed,
        "data set: rows, a child each, results written",
        None,
        true,
    )
    .await?;
    Ok(measured)
}

async fn rows(bed: &Bed, name: &str, batch: Option<i64>, is_written: bool) -> Result<usize> {
    if !bed.wants(name) {
        return Ok(0);
    }
    let directory = bed.directory()?;
    let server = bed.server(&directory)?;
    let mut connection = Connection::open(server.address()).await?;
    let total = bed.amount(1_000_000);
    connection.s3("PUT /bench-data", "").await?;
    let line = |number| format!("{number},customer-{number},{}.50,open\n", number % 1_000);
    let text: String = (0..total).map(line).collect();
    let text = format!("id,customer,amount,status\n{text}");
    connection.s3("PUT /bench-data/orders.csv", &text).await?;
    drop(text);
    let arn = bed::create(&mut connection, "m", &definition(batch, is_written)).await?;
    let before = server.resident_bytes()?;
    let cost = Cost::begin(&server)?;
    let began = Instant::now();
    let start = bed::start(&arn, "{}");
    let execution = bed::execution_arn(connection.call("StartExecution", &start).await?)?;
    let most = watch(&mut connection, &server, &execution).await?;
    let elapsed = began.elapsed();
    let children = all_items(&mut connection, &execution, total).await?;
    cost.print(&server, name, &rate(total, elapsed), "")?;
    let memory = format!("{} (before: {})", mebibytes(most), mebibytes(before));
    cost.print(&server, &format!("{name}: most resident"), &memory, "")?;
    let expected = match batch {
        None => total,
        Some(batch) => total.div_ceil(batch.unsigned_abs()),
    };
    ensure!(
        children == expected,
        "{children} children instead of {expected}"
    );
    Ok(1)
}

/// A Distributed Map with Express children of one Pass each. Its output says nothing of their results, which would be too
/// large.
fn definition(batch: Option<i64>, is_written: bool) -> Json {
    let pass = json!({"Type": "Pass", "End": true, "Result": "done"});
    let mut map = json!({"Type": "Map", "End": true, "Label": "M",
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
            "Parameters": {"Bucket": "bench-data", "Key": "orders.csv"}},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "P", "States": {"P": pass}}})
    .as_object()
    .cloned()
    .unwrap_or_default();
    if let Some(batch) = batch {
        map = map.with("ItemBatcher", json!({"MaxItemsPerBatch": batch}));
    }
    let writer = match is_written {
        true => json!({"Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket": "bench-data", "Prefix": "results"}}),
        // What a child gives back is flattened to nothing.
        false => json!({"WriterConfig": {"Transformation": "FLATTEN"}}),
    };
    map = map.with("ResultWriter", writer);
    if !is_written {
        let nothing = json!({"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true, "Result": []}}});
        map = map.with("ItemProcessor", nothing);
    }
    json!({"StartAt": "M", "States": {"M": Json::from(map)}})
}

/// Waits for the end of an execution. The most memory that the server had meanwhile.
async fn watch(connection: &mut Connection, server: &Server, execution: &str) -> Result<u64> {
    let mut most = 0;
    loop {
        most = most.max(server.resident_bytes()?);
        let found = bed::describe(connection, execution).await?;
        match found.get("status").and_then(Json::as_str) {
            Some("SUCCEEDED") => return Ok(most),
            Some("RUNNING") => tokio::time::sleep(PAUSE).await,
            status => bail!("it is {status:?}: {found}"),
        }
    }
}

/// Makes sure that every item has succeeded; how many children there were.
async fn all_items(connection: &mut Connection, execution: &str, total: u64) -> Result<u64> {
    let listed = connection
        .ask("ListMapRuns", &json!({"executionArn": execution}))
        .await?;
    let run = listed
        .get("mapRuns")
        .and_then(|runs| runs.at(0)?.get("mapRunArn")?.as_str());
    let run = run.context("there is no Map run")?;
    let run = connection
        .ask("DescribeMapRun", &json!({"mapRunArn": run}))
        .await?;
    let count = |of: &str| {
        let count = run.get(of)?.get("succeeded")?.as_i64()?;
        u64::try_from(count).ok()
    };
    let items = count("itemCounts").context("items are not counted")?;
    ensure!(items == total, "{items} of {total} items have succeeded");
    count("executionCounts").context("children are not counted")
}
