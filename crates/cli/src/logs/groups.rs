//! Which log groups belong to what the user names.

use std::collections::BTreeSet;

use passo_json::{Json, json};

use crate::aws::Api;
use crate::aws::names::{self, member};
use crate::exit::Exit;
use crate::output::timestamp;
use crate::problem::Problem;
use crate::show::describe;

/// A function's last lines come a little after it answered.
const AFTERWARDS_MILLIS: i64 = 2_000;

/// Log groups, and the time that is of interest.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Groups {
    pub(super) groups: Vec<String>,
    pub(super) from: Option<i64>,
    pub(super) until: Option<i64>,
}

/// The log groups of a name.
///
/// # Errors
/// When there is nothing of that name, or the server cannot be asked.
pub(super) async fn of(api: &Api, text: &str) -> Result<Groups, Problem> {
    if text.starts_with('/') {
        return Ok(Groups {
            groups: vec![text.to_owned()],
            ..Groups::default()
        });
    }
    let is_execution = text.contains('/') || text == "@last" || text.contains(":execution:");
    if is_execution {
        return of_execution(api, text).await;
    }
    let machine = match names::state_machine(api, text).await {
        Ok(machine) => machine,
        Err(problem) if problem.exit_code() != Exit::NotFound => return Err(problem),
        Err(problem) => {
            // Not a state machine: perhaps a function.
            let group = format!("/aws/lambda/{text}");
            return match has_group(api, &group).await {
                true => Ok(Groups {
                    groups: vec![group],
                    ..Groups::default()
                }),
                false => Err(problem.why(format!("nor is there a log group `{group}`"))),
            };
        }
    };
    let parameters = json!({"stateMachineArn": machine});
    let described = api.states("DescribeStateMachine", &parameters).await;
    let described = described.map_err(|error| {
        error.problem(format!("the state machine `{text}` cannot be described"))
    })?;
    Ok(Groups {
        groups: of_machine(&described),
        ..Groups::default()
    })
}

async fn of_execution(api: &Api, text: &str) -> Result<Groups, Problem> {
    let arn = names::execution(api, text).await?;
    let described = describe(api, &arn).await?;
    let parameters = json!({"executionArn": arn.as_str()});
    let machine = api
        .states("DescribeStateMachineForExecution", &parameters)
        .await;
    let machine = machine.map_err(|error| {
        let name = names::execution_name(&arn);
        error.problem(format!("the state machine of `{name}` cannot be described"))
    })?;
    let millis = |name: &str| timestamp(&described, name).map(|at| at.epoch_millis());
    Ok(Groups {
        groups: of_machine(&machine),
        from: millis("startDate"),
        until: millis("stopDate").map(|at| at.saturating_add(AFTERWARDS_MILLIS)),
    })
}

async fn has_group(api: &Api, group: &str) -> bool {
    let parameters = json!({"logGroupNamePrefix": group});
    let found = api.logs("DescribeLogGroups", &parameters).await;
    let found = found.ok().and_then(|found| found.get("logGroups").cloned());
    let found = found.as_ref().and_then(Json::as_array);
    found
        .into_iter()
        .flat_map(|groups| groups.iter())
        .any(|found| member(found, "logGroupName") == group)
}

/// The group that a state machine logs to, and those of the functions that it calls.
fn of_machine(described: &Json) -> Vec<String> {
    let mut groups = BTreeSet::new();
    let destinations = described
        .get("loggingConfiguration")
        .and_then(|logging| logging.get("destinations")?.as_array());
    for destination in destinations.into_iter().flat_map(|list| list.iter()) {
        let arn = destination
            .get("cloudWatchLogsLogGroup")
            .map_or("", |group| member(group, "logGroupArn"));
        let name = arn.split_once(":log-group:").map_or("", |(_, name)| name);
        groups.insert(name.trim_end_matches(":*").to_owned());
    }
    let definition = Json::parse(member(described, "definition")).unwrap_or(Json::Null);
    for function in functions_in(&definition) {
        groups.insert(format!("/aws/lambda/{function}"));
    }
    groups.remove("");
    groups.into_iter().collect()
}

/// The names of the functions that a definition names.
fn functions_in(definition: &Json) -> BTreeSet<String> {
    let mut functions = BTreeSet::new();
    let mut pending = vec![definition];
    while let Some(value) = pending.pop() {
        match value {
            Json::String(text) => {
                if let Some((before, name)) = text.split_once(":function:")
                    && before.starts_with("arn:")
                {
                    let name = name.split(':').next().unwrap_or_default();
                    functions.insert(name.to_owned());
                }
            }
            Json::Array(items) => pending.extend(items.iter()),
            Json::Object(object) => {
                let name = object.get("FunctionName").and_then(Json::as_str);
                let is_name = |name: &&str| {
                    name.chars()
                        .all(|c| c.is_alphanumeric() || "-_".contains(c))
                };
                functions.extend(name.filter(is_name).map(str::to_owned));
                pending.extend(object.values());
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
    functions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_a_state_machine() {
        let definition = json!({"States": {
            "A": {"Resource": "arn:aws:lambda:r:1:function:direct:live"},
            "B": {"Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "plain"}},
            "C": {"Arguments": {"FunctionName": "{% $name %}"}}
        }});
        let described = json!({
            "definition": definition.to_text(),
            "loggingConfiguration": {"destinations": [{"cloudWatchLogsLogGroup":
                {"logGroupArn": "arn:aws:logs:r:1:log-group:/flows/orders:*"}}]}
        });
        let expect = ["/aws/lambda/direct", "/aws/lambda/plain", "/flows/orders"];
        assert_eq!(of_machine(&described), expect);
    }
}
