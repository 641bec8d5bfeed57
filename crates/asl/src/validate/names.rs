//! Names of states: each once in the whole machine, nested scopes included.

use std::collections::BTreeSet;

use super::{each_state, error};
use crate::definition::Machine;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn check(machine: &Machine, findings: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    each_state(&machine.scope, &mut |state| {
        if !seen.insert(&state.name) {
            let message = format!("Duplicate State name: {}", state.name);
            findings.push(error(
                Code::DuplicateStateName,
                &state.location,
                state.name_span,
                message,
            ));
        }
    });
}
