//! Costs for people.

use anstyle::Style;
use passo_json::Json;

use crate::aws::names::member;
use crate::terminal::Clean;

/// One execution.
pub(super) fn execution(answer: &Json) -> Vec<String> {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let name = crate::aws::names::execution_name(member(answer, "executionArn"));
    let mut lines = vec![format!(
        "{bold}{}{bold:#}   {}   US$ {}",
        Clean::line(&name),
        member(answer, "type"),
        total(answer)
    )];
    lines.extend(parts(answer).into_iter().map(|line| format!("  {line}")));
    let children = number(answer, "children");
    if children != "0" {
        lines.push(format!(
            "  {children} child executions, {} of them read",
            number(answer, "childrenRead")
        ));
    }
    lines.push(format!("  {}", other(answer)));
    lines.push(format!("  {dim}{}{dim:#}", prices(answer)));
    lines
}

/// Workflows of a time.
pub(super) fn workflows(answer: &Json) -> Vec<String> {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let workflows = answer.get("workflows").and_then(Json::as_array);
    let mut lines = vec![format!(
        "{bold}US$ {}{bold:#}   after the free tier US$ {}   {} to {}",
        total(answer),
        dollars(answer.pointer("/billAfterFreeTier/total")),
        member(answer, "since"),
        member(answer, "until")
    )];
    for workflow in workflows.into_iter().flat_map(|workflows| workflows.iter()) {
        lines.push(format!(
            "{bold}{}{bold:#}   {}   {} executions   US$ {}",
            Clean::line(member(workflow, "workflow")),
            member(workflow, "type"),
            number(workflow, "executions"),
            total(workflow)
        ));
        lines.extend(parts(workflow).into_iter().map(|line| format!("  {line}")));
        lines.push(format!("  {}", other(workflow)));
    }
    if answer.get("complete").and_then(Json::as_bool) == Some(false) {
        lines.push("there are more executions than were counted: it is at least this".to_owned());
    }
    lines.push(format!("{dim}{}{dim:#}", prices(answer)));
    lines
}

/// The sum of everything.
pub(super) fn total(answer: &Json) -> String {
    dollars(answer.pointer("/bill/total"))
}

fn parts(answer: &Json) -> Vec<String> {
    let lines = [
        ("transitions", "state transitions", "transitions"),
        ("expressRequests", "Express executions", "expressRequests"),
        (
            "expressGbSeconds",
            "GB-seconds of Express",
            "expressDuration",
        ),
        (
            "lambdaRequests",
            "invocations of functions",
            "lambdaRequests",
        ),
        (
            "lambdaGbSeconds",
            "GB-seconds of functions",
            "lambdaDuration",
        ),
    ];
    let part = |(usage, what, bill): (&str, &str, &str)| {
        let used = answer.pointer(&format!("/usage/{usage}"))?.to_text();
        let cost = dollars(answer.pointer(&format!("/bill/{bill}")));
        (used != "0").then(|| format!("{used:>12}  {what:<25} US$ {cost}"))
    };
    lines.into_iter().filter_map(part).collect()
}

fn other(answer: &Json) -> String {
    let kind = answer
        .pointer("/other/type")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let cost = dollars(answer.pointer("/other/bill/total"));
    let Some(obstacle) = answer.get("onlyStandard") else {
        return format!("as {kind}: US$ {cost}");
    };
    let why = match member(obstacle, "kind") {
        "sync" => "waits for a job (.sync)",
        "token" => "waits for a task token",
        "activity" => "is an activity's",
        "distributedMap" => "is a Distributed Map",
        _ => return "as EXPRESS: not possible, it takes longer than 5 minutes".to_owned(),
    };
    let state = Clean::line(member(obstacle, "state")).to_string();
    format!("as EXPRESS: not possible, `{state}` {why}")
}

fn prices(answer: &Json) -> String {
    let text = |name: &str| {
        let text = answer
            .pointer(&format!("/prices/{name}"))
            .and_then(Json::as_str);
        text.unwrap_or_default()
    };
    let assumed = match text("assumed") {
        "" => "",
        "express" => "; Express as in us-east-1",
        _ => ", as the region has no known ones",
    };
    format!(
        "list prices of {}{assumed}, read on {}",
        text("region"),
        text("readOn")
    )
}

fn number(answer: &Json, name: &str) -> String {
    answer.get(name).map(Json::to_text).unwrap_or_default()
}

/// Dollars without an exponent and with no more digits than tell something.
pub(super) fn dollars(amount: Option<&Json>) -> String {
    let amount = amount.map(Json::to_text).unwrap_or_default();
    let amount: f64 = amount.parse().unwrap_or_default();
    let digits = if amount >= 1.0 { 2 } else { 10 };
    let text = format!("{amount:.digits$}");
    match text.split_once('.') {
        Some((whole, part)) if part.len() > 2 => {
            let part = part.trim_end_matches('0');
            format!("{whole}.{part:0<2}")
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_have_the_digits_that_they_need() {
        for (json, expect) in [
            ("7.5E-5", "0.000075"),
            ("0", "0.00"),
            ("12.3456", "12.35"),
            ("0.5", "0.50"),
            ("0.0000166667", "0.0000166667"),
        ] {
            let json = Json::parse(json).unwrap();
            assert_eq!(dollars(Some(&json)), expect);
        }
    }
}
