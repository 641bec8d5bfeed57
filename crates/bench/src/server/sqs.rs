//! Messages through a durable queue.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use passo_json::{Json, json};
use tokio::task::LocalSet;

use super::bed::Bed;
use super::client::{Api, Connection};
use super::figure::{Cost, rate};
use super::load::drive_of;

/// Clients at the same time.
const CLIENTS: usize = 64;
/// Messages of a batch, the most that SQS allows.
const BATCH: u64 = 10;
/// What a message carries: 200 bytes.
const BODY_BYTES: usize = 200;

/// Measures messages sent one by one, sent in batches, and received in tens and deleted, each durable before its answer.
pub async fn measure(bed: &Bed) -> Result<usize> {
    const NAME: &str = "sqs: messages";
    if !bed.wants(NAME) {
        return Ok(0);
    }
    let directory = bed.directory()?;
    let server = bed.server(&directory)?;
    let mut connection = Connection::open(server.address()).await?;
    let queue = queue(&mut connection).await?;
    let body = "x".repeat(BODY_BYTES);

    let total = bed.amount(100_000);
    let single = json!({"QueueUrl": &*queue, "MessageBody": &*body}).to_text();
    let cost = Cost::begin(&server)?;
    let one_by_one = move |_| single.clone();
    let sent = drive_of(
        Api::SQS,
        server.address(),
        CLIENTS,
        total,
        "SendMessage",
        one_by_one,
    );
    let figure = rate(total, sent.await?.elapsed);
    cost.print(
        &server,
        &format!("{NAME} sent one by one"),
        &figure,
        "5000 /s",
    )?;

    let entries: Vec<Json> = (0..BATCH)
        .map(|number| json!({"Id": number.to_string(), "MessageBody": &*body}))
        .collect();
    let batch = json!({"QueueUrl": &*queue, "Entries": entries}).to_text();
    let cost = Cost::begin(&server)?;
    let batches = move |_| batch.clone();
    let calls = total / BATCH;
    let sent = drive_of(
        Api::SQS,
        server.address(),
        CLIENTS,
        calls,
        "SendMessageBatch",
        batches,
    );
    let figure = rate(calls * BATCH, sent.await?.elapsed);
    cost.print(&server, &format!("{NAME} sent in tens"), &figure, "5000 /s")?;

    let there = total + calls * BATCH;
    let cost = Cost::begin(&server)?;
    let took = drain(server.address(), &queue, there).await?;
    let figure = rate(there, took);
    cost.print(
        &server,
        &format!("{NAME} received and deleted"),
        &figure,
        "5000 /s",
    )?;
    Ok(3)
}

/// Makes the queue; its URL.
async fn queue(connection: &mut Connection) -> Result<String> {
    let made = connection.call_of(Api::SQS, "CreateQueue", r#"{"QueueName":"q"}"#);
    let made = Json::parse(std::str::from_utf8(made.await?)?)?;
    let url = made.get("QueueUrl").and_then(Json::as_str);
    Ok(url.context("a queue has no URL")?.to_owned())
}

/// Receives and deletes messages until `total` of them are gone: how long that took.
async fn drain(address: SocketAddr, queue: &str, total: u64) -> Result<Duration> {
    let left = Rc::new(Cell::new(total));
    let local = LocalSet::new();
    let began = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..CLIENTS {
        let mut connection = Connection::open(address).await?;
        let (left, queue) = (left.clone(), queue.to_owned());
        tasks.push(local.spawn_local(async move {
            while left.get() > 0 {
                let deleted = receive_and_delete(&mut connection, &queue).await?;
                ensure!(deleted <= left.get(), "a message came twice");
                left.set(left.get() - deleted);
            }
            anyhow::Ok(())
        }));
    }
    local
        .run_until(async {
            for task in tasks {
                task.await??;
            }
            anyhow::Ok(())
        })
        .await?;
    Ok(began.elapsed())
}

/// Takes up to ten messages off the queue; how many.
async fn receive_and_delete(connection: &mut Connection, queue: &str) -> Result<u64> {
    let ask = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10}).to_text();
    let answer = connection.call_of(Api::SQS, "ReceiveMessage", &ask).await?;
    let answer = Json::parse(std::str::from_utf8(answer)?)?;
    let messages = answer.get("Messages").and_then(Json::as_array);
    let entries: Vec<Json> = messages
        .into_iter()
        .flat_map(|messages| messages.iter().enumerate())
        .filter_map(|(number, message)| {
            let handle = message.get("ReceiptHandle")?.as_str()?;
            Some(json!({"Id": number.to_string(), "ReceiptHandle": handle}))
        })
        .collect();
    let count = u64::try_from(entries.len())?;
    if count > 0 {
        let delete = json!({"QueueUrl": queue, "Entries": entries}).to_text();
        connection
            .call_of(Api::SQS, "DeleteMessageBatch", &delete)
            .await?;
    }
    Ok(count)
}
