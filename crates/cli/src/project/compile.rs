//! From a definition to what runs.

use passo_asl::program::Program;
use passo_asl::{CompileOptions, Diagnostic};

use super::{Definition, StateMachine};
use crate::located::Located;
use crate::problem::Problem;

/// Findings that are shown; the rest is counted.
const SHOWN_MAX: usize = 5;

/// Compiles the definition of a state machine.
///
/// # Errors
/// When the definition is not right; the first findings are shown with their places.
pub fn compile(machine: &StateMachine) -> Result<Program, Problem> {
    let definition = &machine.definition;
    let options = CompileOptions {
        workflow_type: machine.workflow_type,
        ..CompileOptions::default()
    };
    match passo_asl::compile(&definition.text, definition.format, &options) {
        Ok(compiled) => Ok(compiled.program),
        Err(findings) => Err(broken(definition, &findings)),
    }
}

fn broken(definition: &Definition, findings: &[Diagnostic]) -> Problem {
    let Definition { text, from, .. } = definition;
    let mut problem = Problem::new(format!("the definition `{from}` cannot be run"));
    let mut errors: Vec<&Diagnostic> = findings
        .iter()
        .filter(|finding| finding.is_error())
        .collect();
    errors.sort_by_key(|finding| finding.span);
    for finding in errors.iter().take(SHOWN_MAX) {
        // AWS's words on broken JSON repeat the whole text from the second line on.
        let first_line = finding.message.lines().next().unwrap_or_default();
        let mut message = first_line.to_owned();
        if let Some(help) = &finding.help {
            message.push_str(&format!(" ({help})"));
        }
        problem = problem.why(Located::new(from, text, finding.span.start, message));
    }
    if let Some(more) = errors.len().checked_sub(SHOWN_MAX).filter(|more| *more > 0) {
        problem = problem
            .why(format!("{more} more"))
            .next(format!("passo check {from}"));
    }
    problem
}
