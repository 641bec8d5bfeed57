//! What a warm Lambda function costs.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use passo_json::{Json, json};

use super::bed::{self, Bed};
use super::client::Connection;
use super::figure::{Cost, millis};
use super::load::quantile;

/// A zip archive with `f.py`, whose `handler` gives its event back.
const CODE: &str = "UEsDBBQAAAAAAAAAIQC0CHBpLgAAAC4AAAAEAAAAZi5weWRlZiBoYW5kbGVyKGV2ZW50LCBjb250ZXh0KToKICAgIHJldHVy\
    biBldmVudApQSwECFAMUAAAAAAAAACEAtAhwaS4AAAAuAAAABAAAAAAAAAAAAAAApAEAAAAAZi5weVBLBQYAAAAAAQABADIAAABQAAAAAAA=";
/// Tasks in the chain.
const TASKS: u32 = 20;
/// The path of an invocation.
const INVOKE: &str = "POST /2015-03-31/functions/f/invocations";

/// Measures a warm function in Python: called by its API, and by the Task states of a durable chain.
pub async fn measure(bed: &Bed) -> Result<usize> {
    const NAME: &str = "lambda: warm Python";
    if !bed.wants(NAME) {
        return Ok(0);
    }
    let directory = bed.directory()?;
    let server = bed.server(&directory)?;
    let mut connection = Connection::open(server.address()).await?;
    let function = function(&mut connection).await?;
    connection.rest(INVOKE, "{}").await?;

    let cost = Cost::begin(&server)?;
    let mut times = Vec::new();
    for _ in 0..bed.amount(3_000) {
        let began = Instant::now();
        connection.rest(INVOKE, r#"{"n":1}"#).await?;
        times.push(began.elapsed());
    }
    times.sort();
    let figure = millis(quantile(&times, 0.5));
    cost.print(
        &server,
        &format!("{NAME}, Invoke over HTTP, p50"),
        &figure,
        "1 ms",
    )?;

    let arn = bed::create(&mut connection, "m", &chain(&function)).await?;
    let cost = Cost::begin(&server)?;
    let mut times = Vec::new();
    for _ in 0..bed.amount(1_000) / 5 {
        times.push(one_task(&mut connection, &arn).await?);
    }
    times.sort();
    let figure = millis(quantile(&times, 0.5));
    cost.print(
        &server,
        &format!("{NAME}, a durable Task, p50"),
        &figure,
        "1 ms",
    )?;
    Ok(2)
}

/// How long one Task of the chain takes, its commits included: by the execution's own times.
async fn one_task(connection: &mut Connection, arn: &str) -> Result<Duration> {
    let start = bed::start(arn, r#"{"n":1}"#);
    let execution = bed::execution_arn(connection.call("StartExecution", &start).await?)?;
    loop {
        let found = bed::describe(connection, &execution).await?;
        if found.get("status").and_then(Json::as_str) == Some("SUCCEEDED") {
            let time = |member| found.get(member).and_then(Json::as_f64);
            let (start, stop) = time("startDate")
                .zip(time("stopDate"))
                .context("no times")?;
            return Ok(Duration::from_secs_f64((stop - start) / f64::from(TASKS)));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Makes the function; its ARN.
async fn function(connection: &mut Connection) -> Result<String> {
    let parameters = json!({
        "FunctionName": "f", "Runtime": "python3.13", "Handler": "f.handler",
        "Role": "arn:aws:iam::123456789012:role/r", "Code": {"ZipFile": CODE},
    });
    let parameters = parameters.to_text();
    let made = connection.rest("POST /2015-03-31/functions", &parameters);
    let made = Json::parse(std::str::from_utf8(made.await?)?)?;
    let arn = made.get("FunctionArn").and_then(Json::as_str);
    Ok(arn.context("a function has no ARN")?.to_owned())
}

fn chain(function: &str) -> Json {
    let states = (1..=TASKS).map(|number| {
        let state = match number == TASKS {
            true => json!({"Type": "Task", "Resource": function, "End": true}),
            false => {
                json!({"Type": "Task", "Resource": function, "Next": format!("S{}", number + 1)})
            }
        };
        (format!("S{number}"), state)
    });
    let states: passo_json::Object = states.collect();
    json!({"StartAt": "S1", "States": states})
}
