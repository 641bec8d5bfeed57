//! Executions as callers name them.

use passo_engine::ExecutionHeader;
use passo_runtime::{Key, Summary};
use passo_service::Fault;

use crate::faults;
use crate::model::Owned;
use crate::redrive::{self, Redrive};
use crate::request::Request;
use crate::resource;
use crate::service::StepFunctions;

/// The execution at `executionArn`: Standard ones, and children of Map runs.
///
/// # Errors
/// `InvalidArn`, `ExecutionDoesNotExist`
pub(crate) fn find(
    service: &StepFunctions,
    request: &Request,
) -> Result<(Summary, ExecutionHeader), Fault> {
    let arn = request.required_text("executionArn");
    resource::check_execution(arn)?;
    if !resource::is_of(arn, request.caller()) {
        return Err(faults::execution_does_not_exist(arn));
    }
    let found = service
        .runtime
        .execution(Key::of(arn))
        .map_err(|error| faults::store(&error))?;
    found.ok_or_else(|| faults::execution_does_not_exist(arn))
}

/// Whether the execution can be redriven now.
///
/// # Errors
/// Where the store cannot be read.
pub(crate) fn redrive(
    service: &StepFunctions,
    request: &Request,
    summary: &Summary,
    header: &ExecutionHeader,
) -> Result<Redrive, Fault> {
    let owned = Owned::new(request.caller(), machine_name(header));
    let machine = service.tables.current(&owned)?;
    let is_deleting = machine.is_none_or(|current| current.machine.is_deleting);
    let key = Key::of(&summary.execution_arn);
    let now = service.clock.now();
    let mut failed = None;
    let status = redrive::status(
        summary,
        header.workflow_type,
        is_deleting,
        now,
        || match service.runtime.events(key, header) {
            Ok(events) => events.iter().filter(|event| event.is_visible()).count(),
            Err(error) => {
                failed = Some(faults::store(&error));
                0
            }
        },
    );
    failed.map_or(Ok(status), Err)
}

/// The name of the state machine that an execution runs; that of a Map run's child has the Map's label with it.
pub(crate) fn machine_name(header: &ExecutionHeader) -> &str {
    let name = &header.state_machine_name;
    name.split_once('/').map_or(name, |(name, _)| name)
}
