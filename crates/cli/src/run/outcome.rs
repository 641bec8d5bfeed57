//! How an execution ended, for standard output, standard error and the shell.

use std::io::Write;

use passo_engine::{ExecutionHeader, Status};
use passo_json::{Json, ObjectBuilder};
use passo_testkit::Outcome;
use passo_vocab::{ErrorName, Failure};

use super::arguments::OutputFormat;
use crate::exit::Exit;
use crate::problem::Problem;

/// Tells how the execution ended.
pub fn tell(
    outcome: &Outcome,
    header: &ExecutionHeader,
    format: OutputFormat,
    history: Option<Vec<Json>>,
) -> Exit {
    match format {
        OutputFormat::Text => {
            if let Status::Succeeded { output } = &outcome.status {
                print(&output.json().to_pretty());
            }
        }
        OutputFormat::Json => {
            print(&summary(outcome, header, history).to_pretty());
        }
        OutputFormat::Jsonl => {}
    }
    match &outcome.status {
        Status::Succeeded { .. } => Exit::Ok,
        Status::Failed { failure } => refuse("the execution failed", failure),
        Status::TimedOut { failure } => refuse("the execution timed out", failure),
        Status::Aborted { failure } => refuse("the execution was stopped", failure),
        Status::Running => Exit::Failed,
    }
}

fn summary(outcome: &Outcome, header: &ExecutionHeader, history: Option<Vec<Json>>) -> Json {
    let mut summary = ObjectBuilder::new();
    summary
        .insert("executionArn", &*header.execution_arn)
        .insert("stateMachineArn", &*header.state_machine_arn)
        .insert("status", outcome.status.name())
        .insert("startDate", header.started_at.to_string())
        .insert("stopDate", outcome.ended_at.to_string())
        .insert("input", header.input.json().clone());
    match &outcome.status {
        Status::Succeeded { output } => {
            summary.insert("output", output.json().clone());
        }
        Status::Failed { failure } | Status::TimedOut { failure } | Status::Aborted { failure } => {
            summary
                .insert_some("error", failure.error.as_ref().map(ErrorName::as_str))
                .insert_some("cause", failure.cause.clone());
        }
        Status::Running => {}
    }
    summary.insert_some("history", history.map(Json::from));
    Json::from(summary.build())
}

fn refuse(what: &str, failure: &Failure) -> Exit {
    let mut problem = match &failure.error {
        Some(error) => Problem::new(format!("{what}: {error}")),
        None => Problem::new(what),
    };
    if let Some(cause) = &failure.cause {
        problem = problem.why(readable(cause));
    }
    if let Some(advice) = advice(failure) {
        problem = problem.next(advice);
    }
    problem.print();
    Exit::Failed
}

/// The document that a function fails with, as its message and stack; any other cause as it is.
fn readable(cause: &str) -> String {
    let document = Json::parse(cause).ok();
    let message = document
        .as_ref()
        .and_then(|document| document.get("errorMessage")?.as_str());
    let Some(message) = message else {
        return cause.to_owned();
    };
    let mut text = message.to_owned();
    let stack = document
        .as_ref()
        .and_then(|document| document.get("stackTrace")?.as_array());
    for line in stack
        .into_iter()
        .flat_map(|lines| lines.iter())
        .filter_map(Json::as_str)
    {
        text.push('\n');
        text.push_str(line.trim_end());
    }
    text
}

fn advice(failure: &Failure) -> Option<&'static str> {
    let cause = failure.cause.as_deref().unwrap_or_default();
    match failure.error.as_ref().map(ErrorName::as_str) {
        Some("Lambda.ResourceNotFoundException") => Some(
            "run the directory of the template that has the function, or mock the state with --mock",
        ),
        Some("States.Runtime") if cause.starts_with("no interpreter") => {
            Some("install the interpreter, or mock the state with --mock")
        }
        Some("States.Runtime")
            if cause.starts_with("The resource ") || cause.starts_with("The service ") =>
        {
            Some("mock the state: passo run … --mock mocks.json --test-case CASE")
        }
        _ => None,
    }
}

/// A reader that went away is no problem of ours.
fn print(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
