//! Definitions in one form: members in the order in which people read them, and one layout of text.

use std::sync::Arc;

use passo_json::{Json, Object, ObjectBuilder};

use crate::Format;
use crate::source::to_yaml;

/// What a definition, a branch and a processor begin with; states come last.
const SCOPE_FIRST: [&str; 6] = [
    "Comment",
    "ProcessorConfig",
    "QueryLanguage",
    "Version",
    "TimeoutSeconds",
    "StartAt",
];

/// What a state begins with.
const STATE_FIRST: [&str; 22] = [
    "Type",
    "Comment",
    "QueryLanguage",
    "Resource",
    "Label",
    "InputPath",
    "Items",
    "ItemsPath",
    "ItemReader",
    "ItemSelector",
    "ItemBatcher",
    "MaxConcurrency",
    "Parameters",
    "Arguments",
    "Credentials",
    "Result",
    "ResultSelector",
    "ResultPath",
    "Choices",
    "Default",
    "Branches",
    "ItemProcessor",
];

/// What a state ends with.
const STATE_LAST: [&str; 7] = [
    "Assign",
    "Output",
    "OutputPath",
    "Retry",
    "Catch",
    "Next",
    "End",
];

/// Scopes within each other that are looked into.
const DEPTH_MAX: usize = 100;

/// The definition with the members of its scopes and states in one order. States stay in theirs, and so does what states hold.
pub fn canonical(definition: &Json) -> Json {
    match definition.as_object() {
        Some(scope) => Json::from(ordered_scope(scope, 0)),
        None => definition.clone(),
    }
}

/// The definition as text in its one form, with a newline at its end.
pub fn formatted(definition: &Json, format: Format) -> String {
    let definition = canonical(definition);
    match format {
        Format::Json => definition.to_pretty() + "\n",
        Format::Yaml => to_yaml(&definition),
    }
}

/// Recursion ends at [`DEPTH_MAX`].
fn ordered_scope(scope: &Object, depth: usize) -> Object {
    if depth > DEPTH_MAX {
        return scope.clone();
    }
    let ordered = in_order(scope, &SCOPE_FIRST, &["States"]);
    let Some(states) = ordered.get("States").and_then(Json::as_object).cloned() else {
        return ordered;
    };
    let mut converted = ObjectBuilder::new();
    for (name, state) in states.iter() {
        let state = match state.as_object() {
            Some(state) => Json::from(ordered_state(state, depth)),
            None => state.clone(),
        };
        converted.insert(Arc::clone(name), state);
    }
    ordered.with("States", converted.build())
}

fn ordered_state(state: &Object, depth: usize) -> Object {
    let inner = |scope: &Json| match scope.as_object() {
        Some(scope) => Json::from(ordered_scope(scope, depth.saturating_add(1))),
        None => scope.clone(),
    };
    let mut state = in_order(state, &STATE_FIRST, &STATE_LAST);
    for name in ["ItemProcessor", "Iterator"] {
        if let Some(scope) = state.get(name).cloned() {
            state = state.with(name, inner(&scope));
        }
    }
    if let Some(branches) = state.get("Branches").and_then(Json::as_array).cloned() {
        let branches: Vec<Json> = branches.iter().map(inner).collect();
        state = state.with("Branches", branches);
    }
    state
}

/// The named members first and last, the others between them as they were.
fn in_order(object: &Object, first: &[&str], last: &[&str]) -> Object {
    let mut ordered = ObjectBuilder::new();
    for name in first {
        ordered.insert_some(*name, object.get(name).cloned());
    }
    for (name, value) in object.iter() {
        if !first.contains(&&**name) && !last.contains(&&**name) {
            ordered.insert(Arc::clone(name), value.clone());
        }
    }
    for name in last {
        ordered.insert_some(*name, object.get(name).cloned());
    }
    ordered.build()
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn members_come_in_one_order() {
        let definition = json!({
            "States": {
                "Z": {"End": true, "X": 1, "Branches": [{"States": {"I": {"Next": "I", "Type": "Pass"}}, "StartAt": "I"}], "Type": "Parallel"},
                "A": {"Catch": [], "Type": "Task", "Parameters": {"b": 1, "a": 2}, "Resource": "r"}
            },
            "StartAt": "Z", "Comment": "c"
        });
        let text = canonical(&definition).to_text();
        let expect = r#"{"Comment":"c","StartAt":"Z","States":{"Z":{"Type":"Parallel","Branches":[{"StartAt":"I","States":{"I":{"Type":"Pass","Next":"I"}}}],"X":1,"End":true},"A":{"Type":"Task","Resource":"r","Parameters":{"b":1,"a":2},"Catch":[]}}}"#;
        assert_eq!(text, expect);
        assert_eq!(canonical(&definition), definition);
        let again = Json::parse(&formatted(&definition, Format::Json)).unwrap();
        assert_eq!(
            formatted(&again, Format::Json),
            formatted(&definition, Format::Json)
        );
        assert_eq!(canonical(&json!([1])), json!([1]));
    }
}
