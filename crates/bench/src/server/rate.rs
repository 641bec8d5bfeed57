//! How quickly executions go through, and how many at once.

use std::time::Instant;

use anyhow::{Result, ensure};
use passo_json::{Json, json};

use super::bed::{self, Bed};
use super::client::Connection;
use super::figure::{Cost, millis, rate};
use super::load::{drive, quantile};

/// Clients that start executions at the same time.
const CLIENTS: usize = 64;
/// Clients of executions that are themselves much work.
const FEW_CLIENTS: usize = 4;
/// States of the long chain.
const CHAIN: u32 = 1_000;
/// Items of the inline Map: a history may have 25,000 events.
const ITEMS: u32 = 5_000;

/// Measures everything of this module.
pub async fn measure(bed: &Bed) -> Result<usize> {
    let mut measured = 0;
    measured += one_pass(bed).await?;
    measured += many(bed, "rate: one-Pass executions", 1, "").await?;
    measured += many(bed, "rate: ten-Pass executions", 10, "10000 /s").await?;
    measured += named(bed).await?;
    measured += long_chain(bed).await?;
    measured += inline_map(bed).await?;
    Ok(measured)
}

/// One client, one execution at a time: `StartExecution`, then `DescribeExecution` until it says `SUCCEEDED`.
async fn one_pass(bed: &Bed) -> Result<usize> {
    const NAME: &str = "latency: one Pass, start to SUCCEEDED, p50";
    if !bed.wants(NAME) {
        return Ok(0);
    }
    let directory = bed.directory()?;
    let server = bed.server(&directory)?;
    let mut connection = Connection::open(server.address()).await?;
    let arn = bed::create(&mut connection, "m", &bed::chain(1)).await?;
    let start = bed::start(&arn, r#"{"n":1}"#);
    let cost = Cost::begin(&server)?;
    let (mut times, mut starts) = (Vec::new(), Vec::new());
    for _ in 0..bed.amount(5_000) {
        let began = Instant::now();
        let execution = bed::execution_arn(connection.call("StartExecution", &start).await?)?;
        starts.push(began.elapsed());
        loop {
            let found = bed::describe(&mut connection, &execution).await?;
            match found.get("status").and_then(Json::as_str) {
                Some("SUCCEEDED") => break,
                status => ensure!(status == Some("RUNNING"), "it is {status:?}"),
            }
        }
        times.push(began.elapsed());
    }
    times.sort();
    starts.sort();
    cost.print(&server, NAME, &millis(quantile(&times, 0.5)), "0.5 ms")?;
    let start = millis(quantile(&starts, 0.5));
    cost.print(&server, "latency: of that, StartExecution", &start, "")?;
    let slow = millis(quantile(&times, 0.99));
    cost.print(&server, "latency: one Pass, p99", &slow, "")?;
    Ok(1)
}

/// Executions of a chain of `length`, named by the server. An execution of Pass states alone is over with the turn that
/// starts it; the listing afterwards proves that all of them are.
async fn many(bed: &Bed, name: &str, length: u32, budget: &str) -> Result<usize> {
    if !bed.wants(name) {
        return Ok(0);
    }
    let directory = bed.directory()?;
    let server = bed.server(&directory)?;
    let mut connection = Connection::open(server.address()).await?;
    let arn = bed::create(&mut connection, "m", &bed::chain(length)).await?;
    let total = bed.amount(100_000);
    let request = bed::start(&arn, r#"{"n":1}"#);
    let cost = Cost::begin(&server)?;
    let again = request.clone();
    let load = drive(
        server.address(),
        CLIENTS,
        total,
        "StartExecution",
        move |_| again.clone(),
    )
    .await?;
    let figure = rate(total, load.elapsed);
    cost.print(&server, name, &figure, budget)?;
    let slow = millis(load.quantile(0.99));
    cost.print(&server, &format!("{name}, p99 of a start"), &slow, "")?;
    bed::all_succeeded(&mut connection, &arn, total).await?;
    Ok(1)
}

/// The same where clients give names, which must then be looked up.
async fn named(bed: &Bed) -> Result<usize> {
    const NAME: &str = "rate: ten-Pass executions with names";
    if !bed.wants(NAME) {
        return Ok(0);
    }
    let directory = bed.directory()?;
    let server = bed.server(&directory)?;
    let mut connection = Connection::open(server.address()).await?;
    let arn = bed::create(&mut connection, "m", &bed::chain(10)).await?;
    let total = bed.amount(100_000);
    let cost = Cost::begin(&server)?;
    let machine = arn.clone();
    let request = move |number| {
        let name = format!("order-{number}");
        json!({"stateMachineArn": machine.as_str(), "name": name, "input": "{\"n\":1}"}).to_text()
    };
    let load = drive(server.address(), CLIENTS, total, "StartExecution", request).await?;
    cost.print(&server, NAME, &rate(total, load.elapsed), "")?;
    bed::all_succeeded(&mut connection, &arn, total).await?;
    Ok(1)
}

async fn long_chain(bed: &Bed) -> Result<usize> {
    const NAME: &str = "rate: transitions of a 1,000-state chain";
    if !bed.wants(NAME) {
        return Ok(0);
    }
    let work = Work {
        name: NAME,
        definition: bed::chain(CHAIN),
        input: r#"{"n":1}"#.to_owned(),
        units: u64::from(CHAIN),
        budget: "500000 /s",
    };
    work.measure(bed).await
}

async fn inline_map(bed: &Bed) -> Result<usize> {
    const NAME: &str = "rate: items of an inline Map, one Pass each";
    if !bed.wants(NAME) {
        return Ok(0);
    }
    let pass = json!({"Type": "Pass", "End": true});
    let map = json!({
        "Type": "Map", "End": true,
        "ItemProcessor": {"StartAt": "P", "States": {"P": pass}}
    });
    let items: Vec<Json> = (0..i64::from(ITEMS)).map(Json::from).collect();
    let work = Work {
        name: NAME,
        definition: json!({"StartAt": "M", "States": {"M": map}}),
        input: Json::from(items).to_text(),
        units: u64::from(ITEMS),
        budget: "100000 /s",
    };
    work.measure(bed).await
}

/// Executions that are many units of work each.
struct Work {
    name: &'static str,
    definition: Json,
    input: String,
    units: u64,
    budget: &'static str,
}

impl Work {
    async fn measure(self, bed: &Bed) -> Result<usize> {
        let directory = bed.directory()?;
        let server = bed.server(&directory)?;
        let mut connection = Connection::open(server.address()).await?;
        let arn = bed::create(&mut connection, "m", &self.definition).await?;
        let total = bed.amount(3_000_000) / self.units;
        let request = bed::start(&arn, &self.input);
        let cost = Cost::begin(&server)?;
        let began = Instant::now();
        let parameters = move |_| request.clone();
        drive(
            server.address(),
            FEW_CLIENTS,
            total,
            "StartExecution",
            parameters,
        )
        .await?;
        bed::all_succeeded(&mut connection, &arn, total).await?;
        let figure = rate(total * self.units, began.elapsed());
        cost.print(&server, self.name, &figure, self.budget)?;
        Ok(1)
    }
}
