//! Runs a definition and tells what happened.

use std::sync::Arc;

use passo_asl::program::Program;
use passo_asl::{CompileOptions, Format};
use passo_engine::{ExecutionHeader, Limits, Status, WorkflowType};
use passo_json::{Json, Payload};
use passo_testkit::{
    ClockKind, DriveError, Driver, ExecutionKey, Observer, Seen, TaskAnswer, TaskCall, TaskHandler,
};
use passo_vocab::{ErrorName, Timestamp};

/// What a run came to.
pub struct Ran {
    /// `SUCCEEDED {"a":1}` or `FAILED Error: cause`.
    pub ending: String,
    /// Milliseconds that passed for the execution.
    pub millis: i64,
    /// Its events, as text.
    pub events: Vec<String>,
}

/// Answers tasks with a function.
pub struct Answers<F>(pub F);

impl<F: Fn(TaskCall) -> TaskAnswer + Send + Sync> TaskHandler for Answers<F> {
    fn start(&self, call: TaskCall) -> TaskAnswer {
        (self.0)(call)
    }
}

struct Events(Vec<String>);

impl Observer for Events {
    fn seen(&mut self, seen: Seen<'_>) {
        if seen.execution == ExecutionKey::ROOT {
            self.0.push(format!("{:?}", seen.event));
        }
    }
}

/// The program of a definition.
pub fn program(definition: &Json) -> Program {
    let text = definition.to_text();
    passo_asl::compile(&text, Format::Json, &CompileOptions::default())
        .unwrap()
        .program
}

/// An execution of a standard workflow.
pub fn header(input: Json) -> ExecutionHeader {
    let arn =
        |kind: &str| -> Arc<str> { format!("arn:aws:states:us-east-1:000000000000:{kind}").into() };
    ExecutionHeader {
        execution_arn: arn("execution:machine:name"),
        name: "name".into(),
        state_machine_arn: arn("stateMachine:machine"),
        state_machine_name: "machine".into(),
        role_arn: "arn:aws:iam::000000000000:role/role".into(),
        state_machine_version_arn: None,
        state_machine_alias_arn: None,
        workflow_type: WorkflowType::Standard,
        block: Program::ROOT,
        map_run: None,
        region: "us-east-1".into(),
        input: Payload::from(input),
        started_at: Timestamp::from_epoch_millis(1_700_000_000_000),
        limits: Limits::STANDARD,
        mocks: None,
    }
}

/// Runs a definition on a virtual clock.
pub fn run(definition: &Json, input: Json, handler: impl TaskHandler + 'static) -> Ran {
    try_run(definition, input, handler).unwrap()
}

/// As [`run`], for runs that may not come to an end.
pub fn try_run(
    definition: &Json,
    input: Json,
    handler: impl TaskHandler + 'static,
) -> Result<Ran, DriveError> {
    let driver = Driver::new(Arc::new(handler), ClockKind::Virtual, 7).with_tasks_at_work_max(3);
    let mut events = Events(Vec::new());
    let header = header(input);
    let started = header.started_at;
    let program = program(definition);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let outcome = runtime.block_on(driver.run(&program, header, &mut events))?;
    Ok(Ran {
        ending: ending(&outcome.status),
        millis: outcome.ended_at.millis_since(started),
        events: events.0,
    })
}

fn ending(status: &Status) -> String {
    match status {
        Status::Running => "RUNNING".to_owned(),
        Status::Succeeded { output } => format!("SUCCEEDED {}", output.text()),
        Status::Failed { failure } | Status::TimedOut { failure } | Status::Aborted { failure } => {
            let error = failure.error.as_ref().map_or("", ErrorName::as_str);
            let cause = failure.cause.as_deref().unwrap_or_default();
            format!("{} {error}: {cause}", status.name())
        }
    }
}
