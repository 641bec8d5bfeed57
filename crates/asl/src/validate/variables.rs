//! Variables: an inner scope must not assign what a scope around it assigns.
//!
//! Source: Developer Guide, "Workflow variables". The items of a Distributed Map do not see outer variables,
//! so nothing is hidden there.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::error;
use crate::definition::{Machine, Scope};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn check(machine: &Machine, findings: &mut Vec<Diagnostic>) {
    check_scope(&machine.scope, &BTreeSet::new(), findings);
}

fn check_scope(scope: &Scope, outer: &BTreeSet<Arc<str>>, findings: &mut Vec<Diagnostic>) {
    let mut visible = outer.clone();
    for state in &scope.states {
        for assigned in &state.assigned {
            if outer.contains(&assigned.name) {
                let message = format!(
                    "The variable '{}' is already assigned in an outer scope",
                    assigned.name
                );
                let code = Code::SchemaValidationFailed;
                findings.push(error(code, &assigned.location, assigned.span, message));
            }
            visible.insert(Arc::clone(&assigned.name));
        }
    }
    for state in &scope.states {
        let mode = state.label.as_ref().map(|label| &label.mode);
        let separate = mode.is_some_and(|mode| mode.distributed.is_some());
        for inner in &state.scopes {
            let visible = if separate { &BTreeSet::new() } else { &visible };
            check_scope(inner, visible, findings);
        }
    }
}
