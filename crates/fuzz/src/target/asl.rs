//! Definitions in JSON and YAML: read, validated and lowered to a program.

use passo_asl::{
    CompileOptions, Format, WorkflowType, compile, invalid_definition_message, validate,
};

use super::Target;
use crate::case::{Case, Outcome};
use crate::grammar;

pub(super) const TARGET: Target = Target {
    name: "asl",
    seeds: &grammar::asl::SEEDS,
    words: &grammar::asl::WORDS,
    trees: true,
    generate: grammar::asl::definition,
    run,
};

fn run(case: &Case) -> Outcome {
    let format = if case.data.starts_with("yaml") {
        Format::Yaml
    } else {
        Format::Json
    };
    let workflow_type = if case.data.ends_with("express") {
        WorkflowType::Express
    } else {
        WorkflowType::Standard
    };
    let substitutions = case.data.ends_with("substitutions");
    let options = CompileOptions {
        workflow_type,
        substitutions,
        ..CompileOptions::default()
    };
    let findings = validate(&case.code, format, &options);
    drop(invalid_definition_message(&findings, &case.code));
    if substitutions {
        let errors = findings.iter().any(passo_asl::Diagnostic::is_error);
        return if errors {
            Outcome::Refused
        } else {
            Outcome::Accepted
        };
    }
    match compile(&case.code, format, &options) {
        Ok(compiled) => {
            assert!(
                !findings.iter().any(passo_asl::Diagnostic::is_error),
                "compiled despite errors"
            );
            assert!(
                !compiled.program.states().is_empty(),
                "a program without states"
            );
            Outcome::Accepted
        }
        Err(_) => Outcome::Refused,
    }
}
