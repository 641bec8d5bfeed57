//! Transitions: they lead to a state of the same scope, every state has one that leads to it, and every
//! scope has a state to end with.
//!
//! Source: texts and order are measured on AWS: the word is `Next` for every kind of transition, a state counts
//! as reachable when anything leads to it, and a workflow without a terminal state is told instead of its
//! unreachable states, and without a place.

use std::collections::{BTreeMap, BTreeSet};

use super::error;
use crate::definition::{Machine, Scope, State, Target, similar};
use crate::diagnostic::{Code, Diagnostic, Severity};

pub(super) fn check(machine: &Machine, findings: &mut Vec<Diagnostic>) {
    let whole = !findings.iter().any(Diagnostic::is_error);
    check_scope(&machine.scope, true, whole, findings);
}

fn check_scope(scope: &Scope, is_root: bool, whole: bool, findings: &mut Vec<Diagnostic>) {
    let names: BTreeSet<&str> = scope.states.iter().map(|state| &*state.name).collect();
    let targets = || {
        let of_states = scope.states.iter().flat_map(|state| &state.targets);
        scope.start.iter().chain(of_states)
    };
    if !scope.states.is_empty() {
        for target in targets().filter(|target| !names.contains(&*target.name)) {
            findings.push(missing(target, &names));
        }
        // What could not be read may lead anywhere, and may be where the scope ends (recorded: with fields
        // missing, AWS says nothing of states that nothing leads to).
        if whole {
            if scope.states.iter().any(|state| state.terminal) {
                let wanted: BTreeSet<&str> = targets().map(|target| &*target.name).collect();
                check_reached(scope, &wanted, findings);
            } else {
                findings.push(endless(scope, is_root));
            }
        }
    }
    for state in &scope.states {
        for inner in &state.scopes {
            check_scope(inner, false, whole, findings);
        }
    }
}

fn missing(target: &Target, names: &BTreeSet<&str>) -> Diagnostic {
    let message = format!("Missing 'Next' target: {}", target.name);
    let mut finding = error(
        Code::MissingTransitionTarget,
        &target.location,
        target.span,
        message,
    );
    let meant = names.iter().find(|name| similar(name, &target.name));
    finding.help = meant.map(|name| format!("did you mean '{name}'?"));
    finding
}

fn endless(scope: &Scope, is_root: bool) -> Diagnostic {
    Diagnostic {
        // AWS tells it of the machine; of an inner scope nothing is known.
        severity: if is_root {
            Severity::Error
        } else {
            Severity::Warning
        },
        code: Code::MissingEndState,
        message: "Workflow has no terminal state".to_owned(),
        location: scope
            .start
            .as_ref()
            .filter(|_| !is_root)
            .map(|start| start.location.clone()),
        span: scope.start.as_ref().map_or(scope.span, |start| start.span),
        help: Some("end a state with \"End\": true, or add a Succeed or Fail state".to_owned()),
    }
}

fn check_reached(scope: &Scope, wanted: &BTreeSet<&str>, findings: &mut Vec<Diagnostic>) {
    let mut led_to_by_none = BTreeSet::new();
    for state in &scope.states {
        if !wanted.contains(&*state.name) {
            led_to_by_none.insert(&*state.name);
            let message = format!("State \"{}\" is not reachable.", state.name);
            findings.push(error(
                Code::MissingTransitionTarget,
                &state.location,
                state.name_span,
                message,
            ));
        }
    }
    if !led_to_by_none.is_empty() {
        return;
    }
    let reached = reached(scope);
    for state in &scope.states {
        if !reached.contains(&*state.name) {
            let message = format!("State \"{}\" is not reachable from the start.", state.name);
            let mut finding = error(
                Code::UnreachableState,
                &state.location,
                state.name_span,
                message,
            );
            finding.severity = Severity::Warning;
            findings.push(finding);
        }
    }
}

/// The states that transitions from the start can lead to.
fn reached(scope: &Scope) -> BTreeSet<&str> {
    let states: BTreeMap<&str, &State> = scope
        .states
        .iter()
        .map(|state| (&*state.name, state))
        .collect();
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = scope.start.iter().map(|start| &*start.name).collect();
    while let Some(name) = next.pop() {
        if let Some(state) = states.get(name)
            && reached.insert(name)
        {
            next.extend(state.targets.iter().map(|target| &*target.name));
        }
    }
    reached
}
