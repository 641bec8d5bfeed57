//! What a definition that has not run would cost.

use std::path::Path;

use passo_cost::{Estimate, Prices, READ_ON, Usage};
use passo_json::{Json, json};
use passo_template::Deployment;

use super::CostArguments;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::project;

/// Shows the bounds of what the state machines of `file` would cost.
///
/// # Errors
/// When the file holds no definition that can run.
pub(super) fn cost(file: &Path, arguments: &CostArguments) -> Result<Exit, Problem> {
    let project = project::load(file, &Deployment::default())?;
    let prices = Prices::of(arguments.prices_of.as_deref().unwrap_or("us-east-1"));
    let mut rows = Vec::new();
    for machine in &project.state_machines {
        let program = project::compile(machine)?;
        let estimate = Estimate::of(&program, arguments.items);
        rows.push(row(&machine.name, estimate, arguments, &prices));
    }
    let answer = json!({
        "region": prices.region, "readOn": READ_ON, "runs": number(arguments.runs), "items": number(arguments.items),
        "machines": rows
    });
    arguments.output.one(&answer, table, |answer| {
        let machines = answer.get("machines").and_then(Json::as_array);
        let machines = machines.into_iter().flat_map(|machines| machines.iter());
        let lines = machines.map(|machine| text(machine, "most"));
        lines.collect::<Vec<_>>().join("\n")
    })?;
    Ok(Exit::Ok)
}

fn row(name: &str, estimate: Estimate, arguments: &CostArguments, prices: &Prices) -> Json {
    let runs = arguments.runs;
    let bill = |transitions: u64| {
        let usage = Usage {
            transitions: transitions.saturating_mul(runs),
            express_requests: estimate.express_children.saturating_mul(runs),
            ..Usage::default()
        };
        (
            usage.bill(prices).total(),
            usage.after_free_tier().bill(prices).total(),
        )
    };
    let ((least, least_free), (most, most_free)) = (bill(estimate.least), bill(estimate.most));
    json!({
        "name": name,
        "transitions": {"least": number(estimate.least), "most": number(estimate.most)},
        "expressChildren": number(estimate.express_children),
        "least": Json::from(least), "most": Json::from(most),
        "afterFreeTier": {"least": Json::from(least_free), "most": Json::from(most_free)}
    })
}

fn table(answer: &Json) -> Vec<String> {
    let machines = answer.get("machines").and_then(Json::as_array);
    let mut lines = Vec::new();
    for machine in machines.into_iter().flat_map(|machines| machines.iter()) {
        let transitions = |bound: &str| text(machine.get("transitions").unwrap_or(machine), bound);
        let free = machine.get("afterFreeTier").unwrap_or(machine);
        lines.push(format!(
            "{}: {} to {} state transitions, and what is retried or looped",
            text(machine, "name"),
            transitions("least"),
            transitions("most")
        ));
        let runs = text(answer, "runs");
        let what = if runs == "1" {
            "1 execution".to_owned()
        } else {
            format!("{runs} executions")
        };
        lines.push(format!(
            "  {what}: US$ {} to {}; after the free tier US$ {} to {}",
            dollars(machine, "least"),
            dollars(machine, "most"),
            dollars(free, "least"),
            dollars(free, "most")
        ));
    }
    lines.push(format!(
        "  list prices of {}, read on {}; each Map with {} items; without what functions and other services cost",
        text(answer, "region"),
        text(answer, "readOn"),
        text(answer, "items")
    ));
    lines
}

fn dollars(json: &Json, member: &str) -> String {
    super::table::dollars(json.get(member))
}

fn text(json: &Json, member: &str) -> String {
    match json.get(member) {
        Some(Json::String(text)) => text.to_string(),
        Some(other) => other.to_text(),
        None => String::new(),
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
