//! A whole definition.

use std::collections::BTreeSet;
use std::sync::Arc;

use passo_json::{Json, Object, ObjectBuilder};

use crate::fields::{Fields, Findings, within};
use crate::finding::{Code, Finding, Severity};
use crate::state::{converted, is_json_path};

/// Scopes within each other at most; a definition has fewer.
const DEPTH_MAX: usize = 100;

/// Levels of a definition's text at most, as it is read.
const VALUE_DEPTH_MAX: usize = 1000;

/// Which states are to be converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// The one of that name, with what is inside of it.
    State(String),
}

/// What became of a definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Converted {
    /// The definition; states that could not be converted are as they were.
    pub definition: Json,
    /// What is to be known, in the order of the definition.
    pub findings: Vec<Finding>,
    /// How many states were converted.
    pub converted: usize,
    /// How many states stay in JSONPath.
    pub left: usize,
    /// Whether a state of the name that was asked for exists.
    pub found: bool,
}

struct Work<'a> {
    which: &'a Which,
    findings: Findings,
    converted: usize,
    left: usize,
    found: bool,
}

/// Converts states of a definition. Where no state of JSONPath is left, the definition says once that its language is
/// JSONata.
pub fn convert(definition: &Json, which: &Which) -> Converted {
    let mut work = Work {
        which,
        findings: Findings::default(),
        converted: 0,
        left: 0,
        found: *which == Which::All,
    };
    collect_variables(definition, 0, &mut work.findings.variables);
    let definition = match definition.as_object() {
        Some(machine) if is_json_path(machine) => Json::from(work.machine(machine)),
        Some(_) => definition.clone(),
        None => {
            let message = "a definition is an object";
            work.findings
                .note(Severity::Error, Code::Invalid, "", message);
            definition.clone()
        }
    };
    Converted {
        definition,
        findings: work.findings.all,
        converted: work.converted,
        left: work.left,
        found: work.found,
    }
}

/// Names in every `Assign`, wherever it stands: more than there are does no harm.
fn collect_variables(value: &Json, depth: usize, names: &mut BTreeSet<Arc<str>>) {
    if depth > VALUE_DEPTH_MAX {
        return;
    }
    match value {
        Json::Object(members) => {
            for (name, member) in members.iter() {
                if let ("Assign", Json::Object(assigned)) = (&**name, member) {
                    let plain = |name: &Arc<str>| Arc::from(name.trim_end_matches(".$"));
                    names.extend(assigned.keys().map(plain));
                }
                collect_variables(member, depth.saturating_add(1), names);
            }
        }
        Json::Array(items) => {
            for item in items.iter() {
                collect_variables(item, depth.saturating_add(1), names);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

impl Work<'_> {
    fn machine(&mut self, machine: &Object) -> Object {
        let object = self.scope(machine, "", false, 0);
        if self.left > 0 || self.converted == 0 {
            return object;
        }
        let object = match without_language(&Json::from(object.clone()), 0) {
            Json::Object(stripped) => stripped,
            _ => object,
        };
        let mut whole = ObjectBuilder::new();
        let language = Json::from("JSONata");
        if !object.contains_key("Comment") {
            whole.insert("QueryLanguage", language.clone());
        }
        for (name, value) in object.iter() {
            if &**name != "QueryLanguage" {
                whole.insert(Arc::clone(name), value.clone());
            }
            if &**name == "Comment" {
                whole.insert("QueryLanguage", language.clone());
            }
        }
        whole.build()
    }

    /// A machine, a branch or a processor. Recursion ends at [`DEPTH_MAX`].
    fn scope(&mut self, scope: &Object, location: &str, is_within: bool, depth: usize) -> Object {
        let Some(states) = scope.get("States").and_then(Json::as_object) else {
            return scope.clone();
        };
        if depth > DEPTH_MAX {
            self.left = self.left.saturating_add(1);
            return scope.clone();
        }
        let place = within(location, "States");
        let mut converted = ObjectBuilder::new();
        for (name, state) in states.iter() {
            let state = match state.as_object() {
                Some(state) => {
                    let place = within(&place, name);
                    Json::from(self.state(name, state, &place, is_within, depth))
                }
                None => state.clone(),
            };
            converted.insert(Arc::clone(name), state);
        }
        scope.clone().with("States", converted.build())
    }

    fn state(
        &mut self,
        name: &str,
        state: &Object,
        place: &str,
        is_within: bool,
        depth: usize,
    ) -> Object {
        let is_meant = is_within || self.is_named(name);
        let own = match (is_json_path(state), is_meant) {
            (false, _) => state.clone(),
            (true, false) => {
                self.left = self.left.saturating_add(1);
                state.clone()
            }
            (true, true) => {
                let fields = Fields::new(state, place.to_owned());
                match converted(&mut self.findings, &fields) {
                    Ok(object) => {
                        self.converted = self.converted.saturating_add(1);
                        object
                    }
                    Err(_) => {
                        self.left = self.left.saturating_add(1);
                        state.clone()
                    }
                }
            }
        };
        self.inside(own, place, is_meant, depth.saturating_add(1))
    }

    fn inside(&mut self, state: Object, place: &str, is_within: bool, depth: usize) -> Object {
        let mut state = state;
        for name in ["ItemProcessor", "Iterator"] {
            if let Some(scope) = state.get(name).and_then(Json::as_object).cloned() {
                let scope = self.scope(&scope, &within(place, name), is_within, depth);
                state = state.with(name, scope);
            }
        }
        let Some(branches) = state.get("Branches").and_then(Json::as_array).cloned() else {
            return state;
        };
        let place = within(place, "Branches");
        let branches: Vec<Json> = branches
            .iter()
            .enumerate()
            .map(|(at, branch)| match branch.as_object() {
                Some(scope) => {
                    let place = within(&place, &at.to_string());
                    Json::from(self.scope(scope, &place, is_within, depth))
                }
                None => branch.clone(),
            })
            .collect();
        state.with("Branches", branches)
    }

    fn is_named(&mut self, name: &str) -> bool {
        match self.which {
            Which::All => true,
            Which::State(wanted) => {
                let is_named = wanted == name;
                self.found |= is_named;
                is_named
            }
        }
    }
}

/// A scope whose states do not say the language that they share with the definition. What was converted is nested at most
/// [`DEPTH_MAX`] deep.
fn without_language(scope: &Json, depth: usize) -> Json {
    let Some(object) = scope.as_object().filter(|_| depth <= DEPTH_MAX) else {
        return scope.clone();
    };
    let Some(states) = object.get("States").and_then(Json::as_object) else {
        return scope.clone();
    };
    let mut stripped = ObjectBuilder::new();
    for (name, state) in states.iter() {
        let state = match state.as_object() {
            Some(state) => Json::from(without_own_language(state, depth.saturating_add(1))),
            None => state.clone(),
        };
        stripped.insert(Arc::clone(name), state);
    }
    Json::from(object.clone().with("States", stripped.build()))
}

fn without_own_language(state: &Object, depth: usize) -> Object {
    let mut object = ObjectBuilder::new();
    for (name, value) in state.iter() {
        let value = match &**name {
            "QueryLanguage" => continue,
            "ItemProcessor" | "Iterator" => without_language(value, depth),
            "Branches" => {
                let branches = value.as_array().into_iter().flat_map(|all| all.iter());
                let branches: Vec<Json> = branches
                    .map(|branch| without_language(branch, depth))
                    .collect();
                Json::from(branches)
            }
            _ => value.clone(),
        };
        object.insert(Arc::clone(name), value);
    }
    object.build()
}
