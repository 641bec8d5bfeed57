//! What an execution is given when it is created, and never changes.

use std::sync::Arc;

use passo_asl::program::BlockId;
use passo_expr::ExecutionContext;
use passo_json::Payload;
use passo_vocab::{Timestamp, WorkflowType};

use crate::Limits;

/// The fixed part of an execution: the first record of its journal.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecutionHeader {
    /// The execution's ARN.
    pub execution_arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The ARN of the state machine that it runs.
    pub state_machine_arn: Arc<str>,
    /// The name of that state machine.
    pub state_machine_name: Arc<str>,
    /// The role that it runs with.
    pub role_arn: Arc<str>,
    /// The version that it was started by.
    pub state_machine_version_arn: Option<Arc<str>>,
    /// The alias that it was started by.
    pub state_machine_alias_arn: Option<Arc<str>>,
    /// Standard or Express.
    pub workflow_type: WorkflowType,
    /// The block that it runs: `Program::ROOT`, or a Distributed Map's processor for a child.
    pub block: BlockId,
    /// The Map run that it is a child of.
    pub map_run: Option<Arc<str>>,
    /// The region, shown in `TaskScheduled`.
    pub region: Arc<str>,
    /// Its input, as given.
    pub input: Payload,
    /// When it was started.
    pub started_at: Timestamp,
    /// Its limits.
    pub limits: Limits,
    /// What some of its tasks are answered instead of being done, in words of whoever does tasks; the engine hands it
    /// on, also to children.
    pub mocks: Option<Arc<str>>,
}

impl ExecutionHeader {
    /// What expressions see of it before it is redriven.
    pub fn context(&self) -> ExecutionContext {
        ExecutionContext {
            id: Arc::clone(&self.execution_arn),
            input: self.input.clone(),
            name: Arc::clone(&self.name),
            role_arn: Arc::clone(&self.role_arn),
            start_time: self.started_at,
            redrive_count: match self.workflow_type {
                WorkflowType::Standard => Some(0),
                WorkflowType::Express => None,
            },
            redrive_time: None,
            state_machine_id: Arc::clone(&self.state_machine_arn),
            state_machine_name: Arc::clone(&self.state_machine_name),
        }
    }
}
