//! Labels of Maps: each once in the machine.

use std::collections::BTreeSet;

use super::{each_state, error};
use crate::definition::Machine;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn check(machine: &Machine, findings: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    each_state(&machine.scope, &mut |state| {
        let Some(label) = &state.label else {
            return;
        };
        if let Some(text) = &label.label
            && !seen.insert(text)
        {
            let message = format!("Duplicate Label name: {text}");
            findings.push(error(
                Code::DuplicateLabelName,
                &label.location,
                label.span,
                message,
            ));
        }
    });
}
