//! Rules that span states: names, transitions, variables, labels, and what Express workflows may not do.
//!
//! Each rule family reads the [`Machine`] and adds findings. Fields, types and expressions were checked while
//! reading. Must not resolve or lower anything. Start at [`check_rules`].

mod express;
mod labels;
mod names;
mod transitions;
mod variables;

use passo_vocab::WorkflowType;

use crate::definition::{Machine, Scope, State};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::Span;

/// Adds every finding about `machine` as a workflow of the given type; `findings` holds those of reading.
pub(crate) fn check_rules(
    machine: &Machine,
    workflow_type: WorkflowType,
    findings: &mut Vec<Diagnostic>,
) {
    express::check(machine, workflow_type, findings);
    labels::check(machine, findings);
    variables::check(machine, findings);
    names::check(machine, findings);
    transitions::check(machine, findings);
}

/// Every state of a scope and of the scopes within it, in the order of the definition.
fn each_state<'m>(scope: &'m Scope, visit: &mut impl FnMut(&'m State)) {
    for state in &scope.states {
        visit(state);
        for inner in &state.scopes {
            each_state(inner, visit);
        }
    }
}

fn error(code: Code, location: &str, span: Span, message: String) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        code,
        message,
        location: Some(location.to_owned()),
        span,
        help: None,
    }
}
