//! `passo check`: everything that is wrong with definitions, for people, programs and code scanning.
//!
//! Reads files, runs nothing. Entry point: [`check`].

mod files;
mod finding;
mod json;
mod placeholders;
mod sarif;
mod text;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use passo_asl::{CompileOptions, WorkflowType};

use crate::exit::Exit;
use crate::problem::Problem;
use files::Definition;
use finding::Finding;

/// What to check, and how to tell.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Definitions, templates that have some, or folders to search for *.asl.json, *.asl.yaml and template.yaml
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The type of the state machines, where no template says it: Express workflows may do less
    #[arg(long = "type", value_enum, default_value_t, value_name = "TYPE")]
    workflow_type: TypeName,

    /// Whether warnings fail the check too
    #[arg(long)]
    deny_warnings: bool,

    /// How to tell what was found
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT")]
    output: Output,
}

/// The type of a state machine, as the command line has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum TypeName {
    #[default]
    Standard,
    Express,
}

/// How findings are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Output {
    /// With the lines at fault
    #[default]
    Text,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// What was checked and found.
struct Outcome {
    definitions: Vec<Definition>,
    /// In the order of the files, then of their text.
    findings: Vec<Finding>,
}

/// The files of definitions that `paths` name; folders are searched, templates left out.
///
/// # Errors
/// When a folder cannot be read.
pub fn definition_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    files::named(paths)
}

/// Checks the definitions and prints what was found.
///
/// # Errors
/// When a path cannot be read, or a folder holds no definition.
pub fn check(arguments: &CheckArguments) -> Result<Exit, Problem> {
    let outcome = examine(arguments)?;
    let told = match arguments.output {
        Output::Text => text::tell(&outcome),
        Output::Json => json::tell(&outcome),
        Output::Sarif => sarif::tell(&outcome),
    };
    // A reader that is gone, such as `head`, is no problem of the check.
    let _ = anstream::stdout().lock().write_all(told.as_bytes());
    Ok(outcome.exit(arguments.deny_warnings))
}

/// The errors in a file, each with the line at fault; none where there are none, or the file cannot be read.
pub fn errors_in(file: &Path) -> Option<String> {
    let outcome = examine(&CheckArguments {
        paths: vec![file.to_owned()],
        workflow_type: TypeName::Standard,
        deny_warnings: false,
        output: Output::Text,
    });
    let mut outcome = outcome.ok()?;
    outcome
        .findings
        .retain(|finding| finding.diagnostic.is_error());
    (!outcome.findings.is_empty()).then(|| text::findings(&outcome))
}

fn examine(arguments: &CheckArguments) -> Result<Outcome, Problem> {
    let definitions = files::read(&arguments.paths)?;
    let options = CompileOptions {
        workflow_type: match arguments.workflow_type {
            TypeName::Standard => WorkflowType::Standard,
            TypeName::Express => WorkflowType::Express,
        },
        substitutions: true,
        ..CompileOptions::default()
    };
    let findings = definitions
        .iter()
        .enumerate()
        .flat_map(|(file, definition)| finding::of(file, definition, &options))
        .collect();
    Ok(Outcome {
        definitions,
        findings,
    })
}

impl Outcome {
    fn exit(&self, deny_warnings: bool) -> Exit {
        if self.errors() > 0 || (deny_warnings && self.warnings() > 0) {
            Exit::Failed
        } else {
            Exit::Ok
        }
    }

    fn errors(&self) -> usize {
        let errors = self
            .findings
            .iter()
            .filter(|finding| finding.diagnostic.is_error());
        errors.count()
    }

    fn warnings(&self) -> usize {
        self.findings.len().saturating_sub(self.errors())
    }

    /// The findings, each with the definition that it is about.
    fn each(&self) -> impl Iterator<Item = (&Definition, &Finding)> {
        self.findings.iter().filter_map(|finding| {
            let definition = self.definitions.get(finding.file)?;
            Some((definition, finding))
        })
    }
}

#[cfg(test)]
mod tests;
