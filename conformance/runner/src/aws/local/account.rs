//! What one account has: state machines and executions by ARN.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::program::Program;
use passo_engine::WorkflowType;
use passo_lambda::Function;

use super::execution::Running;

/// A state machine that was created.
#[derive(Clone)]
pub struct Machine {
    /// Its name.
    pub name: Arc<str>,
    /// Its role.
    pub role_arn: Arc<str>,
    /// Standard or Express.
    pub workflow_type: WorkflowType,
    /// What runs.
    pub program: Arc<Program>,
}

/// All that was created in one account.
#[derive(Default)]
pub struct Account {
    /// By ARN.
    pub machines: BTreeMap<String, Machine>,
    /// By ARN.
    pub executions: BTreeMap<String, Arc<Running>>,
    /// Lambda functions.
    pub functions: Vec<Function>,
}
