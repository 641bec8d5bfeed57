//! Telling of executions as they begin and end.

use std::collections::BTreeMap;
use std::time::Duration;

use anstyle::Style;
use passo_json::{Json, json};

use crate::aws::names::{self, member};
use crate::aws::{Api, CallError};
use crate::duration;
use crate::output::{status_style, timestamp};
use crate::terminal::Clean;

/// The time between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Executions of each state machine that are looked at; a burst of more is not told one by one.
const LOOKED_AT: i64 = 20;

/// Tells of executions for ever. What was there before is not told.
pub(super) async fn tell(api: &Api) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut is_first = true;
    loop {
        if let Ok(found) = look(api).await {
            for execution in &found {
                let arn = member(execution, "executionArn");
                let status = member(execution, "status");
                let before = seen.insert(arn.to_owned(), status.to_owned());
                if !is_first && before.as_deref() != Some(status) {
                    say(api, execution).await;
                }
            }
            let still: Vec<&str> = found
                .iter()
                .map(|execution| member(execution, "executionArn"))
                .collect();
            // What is no longer among the newest is never told again.
            if seen.len() > 10_000 {
                seen.retain(|arn, _| still.contains(&arn.as_str()));
            }
            is_first = false;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The newest executions, oldest first.
async fn look(api: &Api) -> Result<Vec<Json>, CallError> {
    let machines = api.states("ListStateMachines", &json!({})).await?;
    let machines = machines.get("stateMachines").and_then(Json::as_array);
    let mut found = Vec::new();
    for machine in machines.into_iter().flat_map(|machines| machines.iter()) {
        if member(machine, "type") == "EXPRESS" {
            continue;
        }
        let parameters = json!({
            "stateMachineArn": member(machine, "stateMachineArn"), "maxResults": LOOKED_AT
        });
        let executions = api.states("ListExecutions", &parameters).await?;
        let executions = executions.get("executions").and_then(Json::as_array);
        found.extend(executions.into_iter().flat_map(|list| list.iter().cloned()));
    }
    found.sort_by_key(|execution| timestamp(execution, "startDate"));
    Ok(found)
}

async fn say(api: &Api, execution: &Json) {
    let dim = Style::new().dimmed();
    let status = member(execution, "status");
    let style = status_style(status);
    let arn = member(execution, "executionArn");
    let name = names::execution_name(arn);
    let name = Clean::line(&name);
    let times = (
        timestamp(execution, "startDate"),
        timestamp(execution, "stopDate"),
    );
    let took = match times {
        (Some(start), Some(stop)) => duration::show(stop.millis_since(start)),
        _ => String::new(),
    };
    let failure = match status {
        "FAILED" | "TIMED_OUT" | "ABORTED" => failure(api, arn).await,
        _ => String::new(),
    };
    anstream::eprintln!("  {style}{status:<9}{style:#} {name}  {dim}{took}{dim:#}{failure}");
}

async fn failure(api: &Api, arn: &str) -> String {
    let described = api
        .states("DescribeExecution", &json!({"executionArn": arn}))
        .await;
    let Ok(described) = described else {
        return String::new();
    };
    let error = member(&described, "error");
    let cause = member(&described, "cause")
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned();
    let cause: String = cause.chars().take(100).collect();
    let text = [error, cause.as_str()].map(str::to_owned);
    let text: Vec<String> = text.into_iter().filter(|text| !text.is_empty()).collect();
    if text.is_empty() {
        return String::new();
    }
    format!("  {}", Clean::line(&text.join(": ")))
}
