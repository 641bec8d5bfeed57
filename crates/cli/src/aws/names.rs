//! What users call things: full ARNs, `flow`, `flow/execution`, `@last`.

use passo_json::{Json, json};

use super::{Api, CallError, all_pages, pages};
use crate::exit::Exit;
use crate::problem::Problem;

/// State machines that `@last` looks at.
const MACHINES_LOOKED_AT_MAX: usize = 200;
/// Names that a problem shows.
const NAMES_SHOWN_MAX: usize = 8;

/// The ARN of a state machine: of `name`, `name:ALIAS`, `name:VERSION`, or the ARN itself.
///
/// # Errors
/// When there is none of that name, or the server cannot be asked.
pub async fn state_machine(api: &Api, text: &str) -> Result<String, Problem> {
    if text.starts_with("arn:") {
        return Ok(text.to_owned());
    }
    let (name, qualifier) = match text.split_once(':') {
        Some((name, qualifier)) => (name, Some(qualifier)),
        None => (text, None),
    };
    let machines = state_machines(api).await?;
    let found = machines
        .iter()
        .find(|machine| member(machine, "name") == name);
    let Some(found) = found else {
        return Err(no_machine(name, &machines));
    };
    let arn = member(found, "stateMachineArn");
    Ok(match qualifier {
        Some(qualifier) => format!("{arn}:{qualifier}"),
        None => arn.to_owned(),
    })
}

/// Every state machine, as `ListStateMachines` describes it.
///
/// # Errors
/// When the server cannot be asked.
pub async fn state_machines(api: &Api) -> Result<Vec<Json>, Problem> {
    all_pages(api, "ListStateMachines", &json!({}), "stateMachines")
        .await
        .map_err(|error| error.problem("the state machines cannot be listed"))
}

/// The ARN of an execution: of `flow/execution`, `flow/@last`, `@last`, or the ARN itself.
///
/// # Errors
/// When there is none of that name, or the server cannot be asked.
pub async fn execution(api: &Api, text: &str) -> Result<String, Problem> {
    if text.starts_with("arn:") {
        return Ok(text.to_owned());
    }
    if text == "@last" {
        return newest_of_all(api).await;
    }
    let Some((flow, name)) = text.split_once('/') else {
        return Err(Problem::new(format!("`{text}` does not name an execution"))
            .why("an execution is an ARN, FLOW/EXECUTION, FLOW/@last or @last")
            .next(format!("passo list {text}")));
    };
    let machine = state_machine(api, flow).await?;
    if name == "@last" {
        let newest = newest_of(api, &machine).await;
        let newest = newest.map_err(|error| {
            error.problem(format!("the executions of `{flow}` cannot be listed"))
        })?;
        return newest.map(|(arn, _)| arn).ok_or_else(|| {
            Problem::new(format!("`{flow}` has no executions"))
                .exit(Exit::NotFound)
                .next(format!("passo start {flow} --input '{{}}'"))
        });
    }
    Ok(execution_arn(&machine, name))
}

/// The ARN of the execution `name` of a state machine, or `LABEL/NAME` for a child of a Map run.
fn execution_arn(machine: &str, name: &str) -> String {
    // A version or alias is no part of it.
    let base: Vec<&str> = machine.splitn(8, ':').take(7).collect();
    let base = base.join(":").replacen(":stateMachine:", ":execution:", 1);
    match name.rsplit_once('/') {
        Some((label, name)) => format!("{base}/{label}:{name}"),
        None => format!("{base}:{name}"),
    }
}

/// What a user would call an execution: `flow/execution`, or `flow/label/execution` for a child of a Map run.
pub fn execution_name(arn: &str) -> String {
    let mut parts = arn.splitn(8, ':').skip(6);
    match (parts.next(), parts.next()) {
        (Some(flow), Some(name)) => format!("{flow}/{name}"),
        _ => arn.to_owned(),
    }
}

/// The name in the ARN of a state machine or activity, without version and alias.
pub fn name_of(arn: &str) -> &str {
    arn.split(':').nth(6).unwrap_or(arn)
}

/// A member of an answer, as text; empty where there is none.
pub fn member<'a>(json: &'a Json, name: &str) -> &'a str {
    json.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// Whether a text names an execution, rather than a workflow.
pub fn is_execution(text: &str) -> bool {
    if text.starts_with("arn:") {
        return text.contains(":execution:") || text.contains(":express:");
    }
    text == "@last" || text.contains('/')
}

/// A text as a part of an address: of its path, or of its query string.
pub fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~:".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

async fn newest_of_all(api: &Api) -> Result<String, Problem> {
    let mut newest: Option<(String, f64)> = None;
    let machines = state_machines(api).await?;
    let standard = machines
        .iter()
        .filter(|machine| member(machine, "type") != "EXPRESS")
        .take(MACHINES_LOOKED_AT_MAX);
    for machine in standard {
        let found = newest_of(api, member(machine, "stateMachineArn")).await;
        let found = found.map_err(|error| error.problem("the executions cannot be listed"))?;
        if let Some(found) = found
            && newest.as_ref().is_none_or(|newest| found.1 > newest.1)
        {
            newest = Some(found);
        }
    }
    newest.map(|(arn, _)| arn).ok_or_else(|| {
        Problem::new("there are no executions")
            .exit(Exit::NotFound)
            .next("passo start FLOW --input '{}'")
    })
}

async fn newest_of(api: &Api, machine: &str) -> Result<Option<(String, f64)>, CallError> {
    let parameters = json!({"stateMachineArn": machine, "maxResults": 1});
    let found = pages(api, "ListExecutions", &parameters, "executions", 1).await?;
    Ok(found.first().map(|execution| {
        let started = execution.get("startDate").and_then(Json::as_f64);
        (
            member(execution, "executionArn").to_owned(),
            started.unwrap_or_default(),
        )
    }))
}

fn no_machine(name: &str, machines: &[Json]) -> Problem {
    let problem = Problem::new(format!("there is no state machine `{name}`")).exit(Exit::NotFound);
    if machines.is_empty() {
        return problem
            .why("the server has none at all in this account and region")
            .next("passo deploy DIRECTORY, or passo machine create NAME FILE");
    }
    let names: Vec<&str> = machines
        .iter()
        .map(|machine| member(machine, "name"))
        .collect();
    let shown: Vec<String> = names
        .iter()
        .take(NAMES_SHOWN_MAX)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = names.len().saturating_sub(shown.len());
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    problem
        .why(format!("there is {}{more}", shown.join(", ")))
        .next("passo machine list")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_survives_the_address() {
        assert_eq!(encoded("a:b/c d&é"), "a:b%2Fc%20d%26%C3%A9");
    }

    #[test]
    fn executions_have_short_names() {
        for (arn, expect) in [
            ("arn:aws:states:r:1:execution:flow:one", "flow/one"),
            (
                "arn:aws:states:r:1:execution:flow/Label:one",
                "flow/Label/one",
            ),
            ("arn:aws:states:r:1:express:flow:one:two", "flow/one:two"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(execution_name(arn), expect);
        }
        let machine = "arn:aws:states:r:1:stateMachine:flow:live";
        for (name, expect) in [
            ("one", "arn:aws:states:r:1:execution:flow:one"),
            ("Label/one", "arn:aws:states:r:1:execution:flow/Label:one"),
        ] {
            assert_eq!(execution_arn(machine, name), expect);
        }
        assert_eq!(name_of("arn:aws:states:r:1:stateMachine:flow:3"), "flow");
    }
}
