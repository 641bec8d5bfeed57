//! Executions in the server's log: that they began and how they ended, by their ARN. Nothing of what they carry.

use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::{Event, EventKind, ExecutionHeader};
use passo_runtime::Listener;

/// A listener that logs.
pub(crate) struct ExecutionTrace;

impl Listener for ExecutionTrace {
    fn recorded(&self, header: &Arc<ExecutionHeader>, _: &Arc<Program>, events: &[Event]) {
        if !tracing::enabled!(tracing::Level::DEBUG) {
            return;
        }
        for event in events {
            let said = match &event.kind {
                EventKind::ExecutionStarted { .. } => "execution started",
                EventKind::ExecutionSucceeded { .. } => "execution succeeded",
                EventKind::ExecutionFailed(_) => "execution failed",
                EventKind::ExecutionTimedOut(_) => "execution timed out",
                EventKind::ExecutionAborted(_) => "execution aborted",
                EventKind::ExecutionRedriven { .. } => "execution redriven",
                _ => continue,
            };
            tracing::debug!(
                execution_arn = &*header.execution_arn,
                state_machine_arn = &*header.state_machine_arn,
                at = %event.at,
                "{said}"
            );
        }
    }
}
