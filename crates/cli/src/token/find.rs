//! The token of a task that waits, found in its execution's history: the API has no list of them.
//!
//! A task hands its token on in its arguments; the definition says where in them it is.

use passo_json::{Json, json};

use crate::aws::names::{self, member};
use crate::aws::{Api, all_pages};
use crate::exit::Exit;
use crate::history::{details, id};
use crate::problem::Problem;

/// Levels of a definition that are searched.
const DEPTH_MAX: usize = 100;

/// A task that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    /// Its state.
    pub(super) state: String,
    /// Its token.
    pub(super) token: String,
}

/// The task of an execution that waits for its token; the only one, or that of the state called `wanted`.
///
/// # Errors
/// When there is none, or several, or its token cannot be found.
pub(super) async fn waiting(
    api: &Api,
    execution: &str,
    wanted: Option<&str>,
) -> Result<Waiting, Problem> {
    let name = names::execution_name(execution);
    let cannot = format!("the tasks of `{name}` cannot be read");
    let parameters = json!({"executionArn": execution, "maxResults": 1000});
    let events = all_pages(api, "GetExecutionHistory", &parameters, "events").await;
    let events = events.map_err(|error| error.problem(cannot.as_str()))?;
    let parameters = json!({"executionArn": execution});
    let described = api
        .states("DescribeStateMachineForExecution", &parameters)
        .await;
    let described = described.map_err(|error| error.problem(cannot.as_str()))?;
    let definition = Json::parse(member(&described, "definition")).unwrap_or(Json::Null);
    let open: Vec<(String, &Json)> = open_tasks(&events)
        .into_iter()
        .filter(|(state, _)| wanted.is_none_or(|wanted| wanted == state))
        .collect();
    let (state, scheduled) = match &open[..] {
        [only] => only,
        [] => {
            return Err(
                Problem::new(format!("no task of `{name}` waits for its token"))
                    .exit(Exit::NotFound)
                    .next(format!("passo trace {name}")),
            );
        }
        several => {
            let states: Vec<String> = several
                .iter()
                .map(|(state, _)| format!("`{state}`"))
                .collect();
            return Err(Problem::new(format!("several tasks of `{name}` wait"))
                .why(states.join(", "))
                .next("name one with --state NAME"));
        }
    };
    match token_of(&definition, state, scheduled) {
        Some(token) => Ok(Waiting {
            state: format!("`{state}` of {name}"),
            token,
        }),
        None => Err(
            Problem::new(format!("the token of `{state}` cannot be found"))
                .why("its arguments do not hold the token by itself")
                .next("give the token instead of the execution"),
        ),
    }
}

/// The tasks that wait for a token: the state of each, and the event that scheduled it.
fn open_tasks(events: &[Json]) -> Vec<(String, &Json)> {
    let event = |wanted: i64| {
        // Ids count from 1 without gaps.
        let index = usize::try_from(wanted.saturating_sub(1)).ok()?;
        events.get(index).filter(|event| id(event) == wanted)
    };
    let previous = |of: &Json| {
        of.get("previousEventId")
            .and_then(Json::as_i64)
            .unwrap_or(0)
    };
    let is_end = |kind: &str| {
        matches!(
            kind,
            "TaskSucceeded" | "TaskFailed" | "TaskTimedOut" | "TaskStateAborted"
        )
    };
    let mut open: Vec<&Json> = Vec::new();
    for at in events {
        let kind = member(at, "type");
        if kind == "TaskScheduled" {
            let resource = details(at).map_or("", |details| member(details, "resource"));
            if resource.ends_with(".waitForTaskToken") {
                open.push(at);
            }
        } else if is_end(kind) || kind == "TaskSubmitFailed" || kind == "TaskStartFailed" {
            let mut back = event(previous(at));
            while let Some(found) = back {
                if member(found, "type") == "TaskScheduled" {
                    open.retain(|task| id(task) != id(found));
                    break;
                }
                back = event(previous(found));
            }
        } else if kind.starts_with("Execution") && kind != "ExecutionStarted" {
            // An execution that is over waits for nothing.
            open.clear();
        }
    }
    let with_state = open.into_iter().filter_map(|task| {
        let entered = event(previous(task)).and_then(|mut at| {
            while !member(at, "type").ends_with("StateEntered") {
                at = event(previous(at))?;
            }
            Some(at)
        })?;
        let state = details(entered)?.get("name")?.as_str()?;
        Some((state.to_owned(), task))
    });
    with_state.collect()
}

fn token_of(definition: &Json, state: &str, scheduled: &Json) -> Option<String> {
    let state = state_called(definition, state)?;
    let template = state.get("Arguments").or_else(|| state.get("Parameters"))?;
    let mut path = Vec::new();
    if !find_token(template, &mut path, 0) {
        return None;
    }
    let arguments = Json::parse(member(details(scheduled)?, "parameters")).ok()?;
    let mut at = &arguments;
    for key in &path {
        at = match key.parse() {
            Ok(index) if at.as_array().is_some() => at.at(index)?,
            _ => at.get(key)?,
        };
    }
    at.as_str().map(str::to_owned)
}

/// A state at any depth of a definition.
fn state_called<'a>(definition: &'a Json, name: &str) -> Option<&'a Json> {
    let mut pending = vec![definition];
    while let Some(block) = pending.pop() {
        let states = block.get("States").and_then(Json::as_object);
        for (found, state) in states.into_iter().flat_map(|states| states.iter()) {
            if &**found == name {
                return Some(state);
            }
            pending.extend(state.get("ItemProcessor").or_else(|| state.get("Iterator")));
            let branches = state.get("Branches").and_then(Json::as_array);
            pending.extend(branches.into_iter().flat_map(|branches| branches.iter()));
        }
    }
    None
}

/// Where in a template the token stands by itself.
fn find_token(template: &Json, path: &mut Vec<String>, depth: usize) -> bool {
    if depth > DEPTH_MAX {
        return false;
    }
    let mut within = |key: &str, value: &Json| {
        path.push(key.to_owned());
        let found = is_token(value) || find_token(value, path, depth.saturating_add(1));
        if !found {
            path.pop();
        }
        found
    };
    match template {
        Json::Object(object) => object
            .iter()
            .any(|(key, value)| within(key.strip_suffix(".$").unwrap_or(key), value)),
        Json::Array(items) => items
            .iter()
            .enumerate()
            .any(|(index, value)| within(&index.to_string(), value)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
    }
}

fn is_token(value: &Json) -> bool {
    let Some(text) = value.as_str() else {
        return false;
    };
    let text = text.trim();
    let inner = text
        .strip_prefix("{%")
        .and_then(|text| text.strip_suffix("%}"));
    let inner: String = inner.unwrap_or(text).split_whitespace().collect();
    matches!(
        inner.as_str(),
        "$$.Task.Token" | "$states.context.Task.Token"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_where_the_definition_has_it() {
        let definition = json!({"States": {"Outer": {"Type": "Parallel", "Branches": [{"States": {
            "Ask": {"Arguments": {"FunctionName": "f", "Payload": [1, {"token": "{% $states.context.Task.Token %}"}]}}
        }}]}}});
        let scheduled = json!({"taskScheduledEventDetails": {
            "parameters": "{\"FunctionName\":\"f\",\"Payload\":[1,{\"token\":\"abc\"}]}"
        }});
        assert_eq!(
            token_of(&definition, "Ask", &scheduled),
            Some("abc".to_owned())
        );
        let older =
            json!({"States": {"Ask": {"Parameters": {"MessageBody": {"t.$": "$$.Task.Token"}}}}});
        let scheduled =
            json!({"taskScheduledEventDetails": {"parameters": "{\"MessageBody\":{\"t\":\"x\"}}"}});
        assert_eq!(token_of(&older, "Ask", &scheduled), Some("x".to_owned()));
        let within = json!({"States": {"Ask": {"Arguments": {"t": "{% 'a' & $states.context.Task.Token %}"}}}});
        assert_eq!(token_of(&within, "Ask", &scheduled), None);
    }

    #[test]
    fn only_tasks_that_wait_are_open() {
        let event = |id: i64, previous: i64, kind: &str| {
            let mut event = json!({"id": id, "previousEventId": previous, "type": kind})
                .as_object()
                .cloned()
                .unwrap();
            if kind == "TaskScheduled" {
                let resource = json!({"resource": "invoke.waitForTaskToken"});
                event = event.with("taskScheduledEventDetails", resource);
            }
            if kind == "TaskStateEntered" {
                let name = json!({"name": format!("State{id}")});
                event = event.with("stateEnteredEventDetails", name);
            }
            Json::from(event)
        };
        let mut events = vec![
            event(1, 0, "ExecutionStarted"),
            event(2, 0, "TaskStateEntered"),
            event(3, 2, "TaskScheduled"),
            event(4, 3, "TaskStarted"),
            event(5, 4, "TaskSubmitted"),
            event(6, 5, "TaskTimedOut"),
            event(7, 6, "TaskScheduled"),
        ];
        let open = |events: &[Json]| {
            let open = open_tasks(events);
            let open = open.iter().map(|(state, task)| (state.clone(), id(task)));
            open.collect::<Vec<_>>()
        };
        assert_eq!(open(&events), [("State2".to_owned(), 7)]);
        events.push(event(8, 7, "TaskSucceeded"));
        assert_eq!(open(&events), []);
    }
}
