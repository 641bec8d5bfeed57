//! What starting an execution takes, whether anybody waits for its end or not.

use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::{ExecutionHeader, Limits, WorkflowType};
use passo_runtime::Start;
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::targets::{self, Target};
use crate::{names, payloads, resource, test_cases};

/// A start, ready to be sent to the runtime.
pub(crate) struct Prepared {
    pub(crate) start: Start,
    pub(crate) workflow_type: WorkflowType,
}

/// Checks name and input, and resolves what is to run.
///
/// # Errors
/// `InvalidName`, `InvalidExecutionInput`, and those of [`test_cases::split`] and [`targets::of_start`].
pub(crate) fn prepare(service: &StepFunctions, request: &Request) -> Result<Prepared, Fault> {
    if let Some(name) = request.text("name") {
        names::check(name)?;
    }
    let caller = request.caller();
    let (arn, mocks) = test_cases::split(service, request.required_text("stateMachineArn"))?;
    let target = targets::of_start(service, arn, caller)?;
    let input = payloads::execution_input(request.text("input"))?;
    let Target {
        machine,
        revision,
        version_arn,
        alias_arn,
    } = target;
    let definition = service
        .definitions
        .get(revision.definition_key, &revision.definition);
    let program = Arc::clone(&definition.map_err(Fault::service)?.program);
    let chance = service.chance();
    let name: Arc<str> = match request.text("name") {
        Some(name) => Arc::from(name),
        None => Arc::from(chance.uuid_v4()),
    };
    let (workflow_type, limits, path) = match machine.workflow_type {
        WorkflowType::Standard => (
            WorkflowType::Standard,
            Limits::STANDARD,
            format!("execution:{}:{name}", machine.name),
        ),
        WorkflowType::Express => (
            WorkflowType::Express,
            Limits::EXPRESS,
            format!("express:{}:{name}:{}", machine.name, chance.uuid_v4()),
        ),
    };
    let header = ExecutionHeader {
        execution_arn: resource::arn(caller, &path),
        name,
        state_machine_arn: machine.arn.clone(),
        state_machine_name: machine.name.clone(),
        role_arn: revision.role_arn.clone(),
        state_machine_version_arn: version_arn,
        state_machine_alias_arn: alias_arn,
        workflow_type,
        block: Program::ROOT,
        map_run: None,
        region: Arc::from(caller.region.as_str()),
        input,
        started_at: service.clock.now(),
        limits,
        mocks,
    };
    let start = Start {
        header,
        program,
        definition: revision.definition.clone(),
        trace_header: request.text("traceHeader").map(Arc::from),
        named_by: (workflow_type == WorkflowType::Standard && request.text("name").is_some())
            .then(|| Arc::from(request.id().as_str())),
        started: None,
        finished: None,
    };
    Ok(Prepared {
        start,
        workflow_type,
    })
}
