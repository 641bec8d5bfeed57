//! Where one can go inside a scope.

use std::collections::BTreeMap;

use passo_json::{Json, Object};

use crate::definition::{Scope, State, StateType};
use crate::rule;

/// Why one goes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WayKind {
    /// `Next`, `StartAt`, or the end.
    Next,
    /// A rule of a `Choice`.
    Choice,
    /// What a `Choice` does where no rule applies.
    Default,
    /// An error that is caught.
    Catch,
}

impl WayKind {
    /// One word: `next`, `choice`, `default`, `catch`.
    pub fn name(self) -> &'static str {
        match self {
            WayKind::Next => "next",
            WayKind::Choice => "choice",
            WayKind::Default => "default",
            WayKind::Catch => "catch",
        }
    }
}

/// An end of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stop {
    /// Where the scope begins.
    Start,
    /// One of its states, by its place.
    State(usize),
    /// Where it ends.
    End,
}

/// From one stop to another.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) from: Stop,
    pub(crate) to: Stop,
    pub(crate) kind: WayKind,
    /// Empty where there is nothing to say.
    pub(crate) label: String,
    /// Which of a state's rules or catchers it is.
    pub(crate) rule: Option<usize>,
}

/// The ways of a scope, in the order of its states. Targets that do not exist are left out.
pub(crate) fn ways_of(scope: &Scope<'_>) -> Vec<Way> {
    let places: BTreeMap<&str, usize> = scope
        .states
        .iter()
        .enumerate()
        .map(|(place, state)| (state.name, place))
        .collect();
    let mut ways = Ways {
        places,
        found: Vec::new(),
    };
    ways.add(
        Stop::Start,
        scope.start_at,
        WayKind::Next,
        String::new(),
        None,
    );
    for (place, state) in scope.states.iter().enumerate() {
        ways.leave(Stop::State(place), state);
    }
    ways.found
}

struct Ways<'a> {
    places: BTreeMap<&'a str, usize>,
    found: Vec<Way>,
}

impl Ways<'_> {
    fn leave(&mut self, from: Stop, state: &State<'_>) {
        if state.kind == StateType::Choice {
            for (index, rule) in state.objects("Choices").into_iter().enumerate() {
                let label = rule::label_of(rule);
                self.add(from, target(rule), WayKind::Choice, label, Some(index));
            }
            let otherwise = "Default".to_owned();
            self.add(
                from,
                state.text("Default"),
                WayKind::Default,
                otherwise,
                None,
            );
        } else {
            self.add(from, state.text("Next"), WayKind::Next, String::new(), None);
        }
        let ends = state.fields.get("End").and_then(Json::as_bool) == Some(true);
        if ends || matches!(state.kind, StateType::Succeed | StateType::Fail) {
            self.found.push(Way {
                from,
                to: Stop::End,
                kind: WayKind::Next,
                label: String::new(),
                rule: None,
            });
        }
        for (index, catcher) in state.objects("Catch").into_iter().enumerate() {
            let label = errors(catcher);
            self.add(from, target(catcher), WayKind::Catch, label, Some(index));
        }
    }

    fn add(
        &mut self,
        from: Stop,
        to: Option<&str>,
        kind: WayKind,
        label: String,
        rule: Option<usize>,
    ) {
        let Some(place) = to.and_then(|name| self.places.get(name)) else {
            return;
        };
        self.found.push(Way {
            from,
            to: Stop::State(*place),
            kind,
            label,
            rule,
        });
    }
}

fn target(rule: &Object) -> Option<&str> {
    rule.get("Next").and_then(Json::as_str)
}

fn errors(catcher: &Object) -> String {
    let names = catcher.get("ErrorEquals").and_then(Json::as_array);
    let names = names.into_iter().flat_map(|names| names.iter());
    let names: Vec<&str> = names.filter_map(Json::as_str).collect();
    rule::shorten(&names.join(", "))
}
