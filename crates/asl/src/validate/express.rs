//! What Express workflows may not do: wait for others.
//!
//! Source: Developer Guide, "Choosing workflow type"; the texts are recorded, the doubled space included.

use passo_vocab::WorkflowType;

use super::error;
use crate::definition::{Machine, Scope, State};
use crate::diagnostic::{Code, Diagnostic};
use crate::program::{ExecutionType, IntegrationPattern, TaskResource};

pub(super) fn check(
    machine: &Machine,
    workflow_type: WorkflowType,
    findings: &mut Vec<Diagnostic>,
) {
    check_scope(&machine.scope, workflow_type, findings);
}

fn check_scope(scope: &Scope, workflow_type: WorkflowType, findings: &mut Vec<Diagnostic>) {
    for state in &scope.states {
        if workflow_type == WorkflowType::Express {
            check_resource(state, findings);
            check_mode(state, findings);
        }
        // The items of a Distributed Map run as workflows of their own type.
        let distributed = state
            .label
            .as_ref()
            .and_then(|label| label.mode.distributed);
        let inner = match distributed {
            Some(ExecutionType::Express) => WorkflowType::Express,
            Some(ExecutionType::Standard) => WorkflowType::Standard,
            None => workflow_type,
        };
        for scope in &state.scopes {
            check_scope(scope, inner, findings);
        }
    }
}

fn check_resource(state: &State, findings: &mut Vec<Diagnostic>) {
    let Some(task) = &state.resource else {
        return;
    };
    let message = match &task.resource {
        TaskResource::Activity { .. } => "Express state machine does not support Activity ARN",
        TaskResource::Service { pattern, .. } => match pattern {
            IntegrationPattern::RequestResponse => return,
            IntegrationPattern::Sync => {
                "Express state machine does not support '.sync' service integration"
            }
            IntegrationPattern::WaitForTaskToken => {
                "Express state machine does not support '.waitForTaskToken' service integration "
            }
        },
        TaskResource::LambdaFunction { .. } => return,
    };
    let code = Code::SchemaValidationFailed;
    findings.push(error(code, &task.location, task.span, message.to_owned()));
}

fn check_mode(state: &State, findings: &mut Vec<Diagnostic>) {
    let mode = state.label.as_ref().map(|label| &label.mode);
    if let Some(mode) = mode.filter(|mode| mode.distributed.is_some()) {
        let message = "Express state machine does not support DISTRIBUTED mode of Map states";
        let code = Code::SchemaValidationFailed;
        findings.push(error(code, &mode.location, mode.span, message.to_owned()));
    }
}
