//! Definitions for tests, made of numbers.

use passo_graph::{Picture, Scope};
use passo_json::Json;
use proptest::prelude::*;

/// What is said of one state, before targets have names.
#[derive(Clone, Debug)]
pub(crate) enum Draft {
    Step(usize),
    Ask(Vec<usize>, usize),
    Try(usize, Vec<usize>),
    Both(Vec<Vec<Draft>>, usize),
    Each(Vec<Draft>, usize),
    End,
    Fail,
}

/// The definition as text; states are called `prefix` and a number, by depth first.
pub(crate) fn text(states: &[Draft], prefix: &str) -> String {
    let mut count = 0;
    scope(states, prefix, &mut count)
}

fn scope(states: &[Draft], prefix: &str, count: &mut usize) -> String {
    let first = *count;
    *count += states.len();
    // One more than there are, so that some targets do not exist.
    let name = |target: &usize| format!("\"{prefix}{}\"", first + target % (states.len() + 1));
    let mut shown = Vec::new();
    for (place, state) in states.iter().enumerate() {
        let fields = match state {
            Draft::Step(next) => format!("\"Type\":\"Pass\",\"Next\":{}", name(next)),
            Draft::Ask(rules, otherwise) => {
                let rules: Vec<String> = rules
                    .iter()
                    .map(|next| {
                        format!(
                            "{{\"Variable\":\"$.a\",\"NumericEquals\":1,\"Next\":{}}}",
                            name(next)
                        )
                    })
                    .collect();
                let rules = rules.join(",");
                format!(
                    "\"Type\":\"Choice\",\"Choices\":[{rules}],\"Default\":{}",
                    name(otherwise)
                )
            }
            Draft::Try(next, caught) => {
                let caught: Vec<String> = caught
                    .iter()
                    .map(|next| {
                        format!(
                            "{{\"ErrorEquals\":[\"States.ALL\"],\"Next\":{}}}",
                            name(next)
                        )
                    })
                    .collect();
                let caught = caught.join(",");
                format!(
                    "\"Type\":\"Task\",\"Next\":{},\"Catch\":[{caught}]",
                    name(next)
                )
            }
            Draft::Both(branches, next) => {
                let branches: Vec<String> = branches
                    .iter()
                    .map(|branch| scope(branch, prefix, count))
                    .collect();
                let branches = branches.join(",");
                format!(
                    "\"Type\":\"Parallel\",\"Branches\":[{branches}],\"Next\":{}",
                    name(next)
                )
            }
            Draft::Each(inner, next) => {
                let inner = scope(inner, prefix, count);
                format!(
                    "\"Type\":\"Map\",\"ItemProcessor\":{inner},\"Next\":{}",
                    name(next)
                )
            }
            Draft::End => "\"Type\":\"Task\",\"End\":true".to_owned(),
            Draft::Fail => "\"Type\":\"Fail\"".to_owned(),
        };
        shown.push(format!("\"{prefix}{}\":{{{fields}}}", first + place));
    }
    format!(
        "{{\"StartAt\":\"{prefix}{first}\",\"States\":{{{}}}}}",
        shown.join(",")
    )
}

/// The picture of a definition.
pub(crate) fn picture(text: &str) -> Picture {
    let definition = Json::parse(text).unwrap();
    Picture::of(&Scope::read(&definition).unwrap())
}

/// Any definition, as one writes it on a bad day.
pub(crate) fn any() -> impl Strategy<Value = Vec<Draft>> {
    let leaf = prop_oneof![
        4 => (0..12_usize).prop_map(Draft::Step),
        3 => (prop::collection::vec(0..12_usize, 0..4), 0..12_usize).prop_map(|(rules, next)| Draft::Ask(rules, next)),
        2 => (0..12_usize, prop::collection::vec(0..12_usize, 0..3)).prop_map(|(next, caught)| Draft::Try(next, caught)),
        1 => Just(Draft::End),
        1 => Just(Draft::Fail),
    ];
    let state = leaf.prop_recursive(3, 40, 6, |inner| {
        let scope = prop::collection::vec(inner, 0..6);
        prop_oneof![
            (prop::collection::vec(scope.clone(), 0..4), 0..12_usize)
                .prop_map(|(branches, next)| Draft::Both(branches, next)),
            (scope, 0..12_usize).prop_map(|(inner, next)| Draft::Each(inner, next)),
        ]
    });
    prop::collection::vec(state, 0..12)
}
