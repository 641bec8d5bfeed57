//! State machines that are about to be gone.

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_runtime::ExecutionStatus;
use passo_service::Fault;

use crate::faults;
use crate::model::{Owned, StateMachine};
use crate::service::StepFunctions;
use crate::tables::View;

/// The executions of a state machine that have not ended.
pub(crate) fn running(service: &StepFunctions, arn: &str) -> Result<Vec<Arc<str>>, Fault> {
    let mut running = Vec::new();
    let visited = service.runtime.executions(arn, &mut |summary| {
        if summary.status == ExecutionStatus::Running {
            running.push(summary.execution_arn);
        }
        ControlFlow::Continue(())
    });
    visited.map_err(|error| faults::store(&error))?;
    Ok(running)
}

/// The state machine as it is shown: one that was deleted is there until its last execution has ended, then it is
/// removed by the first call that looks for it.
pub(crate) fn existing(
    service: &StepFunctions,
    view: &View,
    owned: &Owned,
) -> Result<Option<StateMachine>, Fault> {
    let Some(machine) = view.machine(owned)? else {
        return Ok(None);
    };
    if !machine.is_deleting || !running(service, &machine.arn)?.is_empty() {
        return Ok(Some(machine));
    }
    service.tables.change(|view, changes| {
        if view
            .machine(owned)?
            .is_some_and(|machine| machine.is_deleting)
        {
            changes.delete_machine(owned, &machine.arn);
        }
        Ok(())
    })?;
    Ok(None)
}
