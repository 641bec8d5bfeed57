//! The checks of the request, up to a state that can run.

use passo_asl::program::{IntegrationPattern, Program, State, StateKind, TaskResource};
use passo_asl::{
    CompileOptions, Compiled, Format, SINGLE_STATE, compile, compile_state,
    invalid_definition_message,
};
use passo_engine::single_state::{Setting, SingleState, Work};
use passo_expr::{Environment, Variables};
use passo_json::{Json, Payload};
use passo_service::Fault;
use passo_vocab::{Entropy, Timestamp};

use super::{context, mock, reader};
use crate::request::Request;
use crate::{faults, payloads};

/// A state that can run.
pub(super) struct Prepared {
    /// The state.
    pub single: SingleState,
    /// The program that it belongs to.
    pub program: Program,
    /// What its work gives, where that is given.
    pub mock: Option<Work>,
    /// Its input.
    pub input: Payload,
    /// What `ItemsPointer` finds in what an `ItemReader` read.
    pub after_items_pointer: Option<Payload>,
    /// Whether the values between its steps are shown: `DEBUG` and `TRACE`.
    pub is_inspected: bool,
}

impl Prepared {
    /// Checks everything that can be wrong with a test before it runs.
    ///
    /// # Errors
    /// `ValidationException`, `InvalidDefinition`, `InvalidExecutionInput`.
    pub fn new(request: &Request, now: Timestamp, chance: Entropy) -> Result<Prepared, Fault> {
        check_combinations(request)?;
        let compiled = compiled(request)?;
        let program = compiled.program;
        let state = state(&program, request.text("stateName"))?;
        check_kind(&state.kind, request)?;
        let configuration = request.member("stateConfiguration");
        let configured = |name: &str| configuration.and_then(|it| it.get(name));
        let mock = mock::work(request, &state.kind)?;
        let input = payloads::execution_input(request.text("input"))?;
        let variables = variables(request.text("variables"))?;
        let failed_iterations = configured("mapIterationFailureCount").and_then(count);
        check_failures(failed_iterations, mock.as_ref())?;
        let read = configured("mapItemReaderData").and_then(Json::as_str);
        let read = reader::read(&state.kind, read)?;
        let context = context::object(request, &program, &state, &input, now, &chance)?;
        let setting = Setting {
            input: input.clone(),
            variables,
            context,
            retries: configured("retrierRetryCount").and_then(count).unwrap_or(0),
            failed_iterations,
            items_read: read.items,
            environment: Environment {
                now,
                entropy: chance,
            },
        };
        // Recorded on AWS: the state has this name even where it is picked from a state machine.
        let state = State {
            name: SINGLE_STATE.into(),
            ..state
        };
        Ok(Prepared {
            single: SingleState::new(state, setting),
            program,
            mock,
            input,
            after_items_pointer: read.after_pointer,
            is_inspected: matches!(request.text("inspectionLevel"), Some("DEBUG" | "TRACE")),
        })
    }
}

/// Members that exclude or need each other.
fn check_combinations(request: &Request) -> Result<(), Fault> {
    let configuration = request.member("stateConfiguration");
    let Some(mock) = request.member("mock") else {
        if configuration.is_some_and(|it| it.get("mapIterationFailureCount").is_some()) {
            return Err(without_mock("MapIterationFailureCount"));
        }
        if request.member("context").is_some() {
            return Err(without_mock("Context"));
        }
        return Ok(());
    };
    let has = |name: &str| mock.get(name).is_some_and(|value| !value.is_null());
    if has("result") && has("errorOutput") {
        return Err(faults::validation(
            "A test mock should have only one of the following fields: [result, errorOutput].",
        ));
    }
    if request.flag("revealSecrets") == Some(true) {
        return Err(faults::validation(
            "TestState does not support RevealSecrets when a mock is specified.",
        ));
    }
    Ok(())
}

fn without_mock(member: &str) -> Fault {
    faults::validation(format!(
        "TestState does not support {member} when a mock is not specified."
    ))
}

fn compiled(request: &Request) -> Result<Compiled, Fault> {
    let definition = request.required_text("definition");
    let options = CompileOptions::default();
    let compiled = match request.text("stateName") {
        Some(_) => compile(definition, Format::Json, &options),
        None => compile_state(definition, Format::Json, &options),
    };
    compiled.map_err(|findings| {
        faults::invalid_definition(invalid_definition_message(&findings, definition))
    })
}

/// The state under test: the one with that name, wherever it is nested, or the only one.
fn state(program: &Program, name: Option<&str>) -> Result<State, Fault> {
    let found = match name {
        Some(name) => program
            .states()
            .iter()
            .find(|state| state.name.as_str() == name),
        None => program
            .block(Program::ROOT)
            .and_then(|block| program.state(block.start)),
    };
    found.cloned().ok_or_else(|| {
        let name = name.unwrap_or(SINGLE_STATE);
        faults::validation(format!("State '{name}' not found in the definition"))
    })
}

/// Which states can be tested with a mock, which without.
fn check_kind(kind: &StateKind, request: &Request) -> Result<(), Fault> {
    let is_mocked = request.member("mock").is_some();
    match kind {
        StateKind::Pass(_) if is_mocked => Err(not_mocked("Pass")),
        StateKind::Choice(_) if is_mocked => Err(not_mocked("Choice")),
        StateKind::Wait(_) if is_mocked => Err(not_mocked("Wait")),
        StateKind::Succeed(_) if is_mocked => Err(not_mocked("Succeed")),
        StateKind::Fail(_) if is_mocked => Err(not_mocked("Fail")),
        StateKind::Parallel(_) | StateKind::Map(_) if !is_mocked => {
            Err(faults::invalid_definition(
                "TestState API does not support Map or Parallel states. Supported state types include: \
                 [Task, Wait, Pass, Succeed, Fail, Choice]"
                    .to_owned(),
            ))
        }
        StateKind::Task(task) if !is_mocked => check_task(&task.resource, request),
        StateKind::Task(_)
        | StateKind::Pass(_)
        | StateKind::Choice(_)
        | StateKind::Wait(_)
        | StateKind::Succeed(_)
        | StateKind::Fail(_)
        | StateKind::Parallel(_)
        | StateKind::Map(_) => Ok(()),
    }
}

fn not_mocked(kind: &str) -> Fault {
    faults::validation(format!(
        "State type '{kind}' is not supported when a mock is specified"
    ))
}

/// A Task that is really done.
fn check_task(resource: &TaskResource, request: &Request) -> Result<(), Fault> {
    let refused = match resource {
        TaskResource::LambdaFunction { .. } => None,
        TaskResource::Activity { .. } => Some("Activity tasks"),
        TaskResource::Service { pattern, .. } => match pattern {
            IntegrationPattern::RequestResponse => None,
            IntegrationPattern::Sync => Some("the .sync service integration pattern"),
            IntegrationPattern::WaitForTaskToken => {
                Some("the .waitForTaskToken service integration pattern")
            }
        },
    };
    if let Some(refused) = refused {
        return Err(faults::invalid_definition(format!(
            "TestState API does not support {refused} when a mock is not specified."
        )));
    }
    if request.text("roleArn").is_none() {
        return Err(faults::validation(
            "RoleArn must be specified when testing a Task state",
        ));
    }
    Ok(())
}

fn variables(text: Option<&str>) -> Result<Variables, Fault> {
    let Some(text) = text else {
        return Ok(Variables::new());
    };
    let Ok(Json::Object(members)) = Json::parse(text) else {
        return Err(faults::validation("Variables must be a valid JSON object"));
    };
    let assigned = members
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()));
    Ok(Variables::new().with_assigned(assigned))
}

fn check_failures(failed: Option<u64>, mock: Option<&Work>) -> Result<(), Fault> {
    let iterations = match mock {
        Some(Work::Succeeded(result)) => result.json().as_array().map(|items| items.len()),
        Some(Work::Failed(_)) | None => None,
    };
    let (Some(failed), Some(iterations)) = (failed, iterations) else {
        return Ok(());
    };
    if usize::try_from(failed).is_ok_and(|failed| failed <= iterations) {
        return Ok(());
    }
    Err(faults::validation(
        "Map iteration failure count must be less than or equal to the number of Map iterations",
    ))
}

fn count(value: &Json) -> Option<u64> {
    u64::try_from(value.as_i64()?).ok()
}
