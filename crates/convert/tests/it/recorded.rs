//! Definitions and inputs of recorded executions, where `PASSO_CASES` names a folder of them (`*.jsonl`).

use std::collections::BTreeSet;

use passo_asl::{CompileOptions, Format, compile_state};
use passo_convert::Severity;
use passo_json::{Json, json};

use crate::run::{converted, same};

/// States of definitions, and inputs that states were entered with.
#[derive(Default)]
struct Material {
    states: Vec<Json>,
    inputs: Vec<Json>,
    seen: BTreeSet<String>,
}

impl Material {
    fn gather(&mut self, value: &Json) {
        match value {
            Json::Object(members) => {
                for (key, member) in members.iter() {
                    match (&**key, member) {
                        ("definition", Json::String(text)) => {
                            if let Ok(definition) = Json::parse(text) {
                                self.states(&definition);
                            }
                        }
                        ("input" | "output", Json::String(text)) => {
                            if let Ok(input) = Json::parse(text) {
                                self.input(input);
                            }
                        }
                        ("input" | "output", other) => self.input(other.clone()),
                        _ => self.gather(member),
                    }
                }
            }
            Json::Array(items) => items.iter().for_each(|item| self.gather(item)),
            _ => {}
        }
    }

    fn input(&mut self, input: Json) {
        if input.text_bytes() < 5_000 && self.seen.insert(input.to_text()) {
            self.inputs.push(input);
        }
    }

    fn states(&mut self, value: &Json) {
        match value {
            Json::Object(members) => {
                let is_state = members
                    .get("Type")
                    .is_some_and(|kind| kind.as_str().is_some());
                if is_state && self.seen.insert(value.to_text()) {
                    self.states.push(value.clone());
                }
                members.values().for_each(|member| self.states(member));
            }
            Json::Array(items) => items.iter().for_each(|item| self.states(item)),
            _ => {}
        }
    }
}

#[test]
fn recorded_states_do_the_same() {
    let Ok(folder) = std::env::var("PASSO_CASES") else {
        return;
    };
    let mut material = Material::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "jsonl")
        {
            for line in std::fs::read_to_string(path).unwrap().lines() {
                material.gather(&Json::parse(line).unwrap());
            }
        }
    }
    let (mut ran, mut stuck) = (0, 0);
    for state in &material.states {
        let options = CompileOptions::default();
        let is_old = state
            .get("QueryLanguage")
            .is_none_or(|one| one.as_str() == Some("JSONPath"));
        if !is_old || compile_state(&state.to_text(), Format::Json, &options).is_err() {
            continue;
        }
        let (found, _) = converted(state);
        if let Some(error) = found
            .findings
            .iter()
            .find(|one| one.severity == Severity::Error)
        {
            stuck += 1;
            eprintln!("{} {}", error.location, error.message);
            continue;
        }
        if state.to_text().contains("States.MathRandom") || state.to_text().contains("States.UUID")
        {
            continue;
        }
        ran += 1;
        // What is known and told to differ is not looked for here.
        if found
            .findings
            .iter()
            .any(|one| one.code.name() != "PRESENCE")
        {
            continue;
        }
        let kind = state.get("Type").and_then(Json::as_str);
        let work = matches!(kind, Some("Task" | "Map" | "Parallel")).then(|| json!([{"a": 1}]));
        for input in &material.inputs {
            same(state, input, work.as_ref());
        }
    }
    eprintln!(
        "{ran} states on {} inputs; {stuck} stay in JSONPath",
        material.inputs.len()
    );
    assert!(ran > 0);
}
