//! Children of a Map run: what they are created with, and how their ends count.

use std::sync::Arc;

use passo_asl::program::ExecutionType;
use passo_json::Payload;
use passo_vocab::{Entropy, Timestamp};

use super::names::DRAWS_MAX;
use super::{ArnRule, ChildOutcome, MapRunSpec};
use crate::{ExecutionHeader, Limits, Status, WorkflowType};

/// What the ARN of a Standard child has before its name.
pub(super) fn child_arn_stem(spec: &MapRunSpec) -> String {
    let machine = spec
        .state_machine_arn
        .replacen(":stateMachine:", ":execution:", 1);
    format!("{machine}/{}:", spec.label)
}

/// The ARN of a child that is started for the `redrives`th time again: the same however often it is asked for.
///
/// That of an Express child is one that `arns` takes; that of a Standard child follows from its name alone.
pub(super) fn child_arn(spec: &MapRunSpec, name: &str, redrives: u32, arns: &ArnRule) -> String {
    let stem = child_arn_stem(spec);
    match spec.execution_type {
        ExecutionType::Standard => format!("{stem}{name}"),
        ExecutionType::Express => {
            let stem = stem.replacen(":execution:", ":express:", 1);
            let arn = |draw| format!("{stem}{name}:{}", attempt(name, redrives, draw));
            let accepted = (0..DRAWS_MAX).map(arn).find(|arn| arns.accepts(arn));
            accepted.unwrap_or_else(|| arn(0))
        }
    }
}

/// The header of a child that is started for the `redrives`th time again. Its ARN and those of its state machine carry
/// the Map state's label, as on AWS. The same child gets the same ARN, which `arns` takes, however often it is asked for.
pub fn child_header(
    parent: &ExecutionHeader,
    spec: &MapRunSpec,
    name: Arc<str>,
    redrives: u32,
    input: Payload,
    now: Timestamp,
    arns: &ArnRule,
) -> ExecutionHeader {
    let label = &spec.label;
    let (workflow_type, limits) = match spec.execution_type {
        ExecutionType::Standard => (WorkflowType::Standard, Limits::STANDARD),
        ExecutionType::Express => (WorkflowType::Express, Limits::EXPRESS),
    };
    ExecutionHeader {
        execution_arn: child_arn(spec, &name, redrives, arns).into(),
        name,
        state_machine_arn: format!("{}/{label}", parent.state_machine_arn).into(),
        state_machine_name: format!("{}/{label}", parent.state_machine_name).into(),
        role_arn: Arc::clone(&parent.role_arn),
        state_machine_version_arn: None,
        state_machine_alias_arn: None,
        workflow_type,
        block: spec.processor,
        map_run: Some(Arc::clone(&spec.map_run_arn)),
        region: Arc::clone(&parent.region),
        input,
        started_at: now,
        limits,
        mocks: parent.mocks.clone(),
    }
}

/// What tells the attempts of an Express child apart: a UUID that follows from its name, which is one of chance.
fn attempt(name: &str, redrives: u32, draw: u32) -> String {
    let number = u64::from(redrives) | u64::from(draw) << 32;
    let seed = name.bytes().fold(number, |seed, byte| {
        (seed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    Entropy::from_seed(seed).uuid_v4()
}

impl ChildOutcome {
    /// How a child that is over counts for its Map run; none while it runs.
    pub fn of(status: &Status) -> Option<ChildOutcome> {
        match status {
            Status::Running => None,
            Status::Succeeded { output } => Some(ChildOutcome::Succeeded(output.clone())),
            Status::Failed { failure } => Some(ChildOutcome::Failed(failure.clone())),
            Status::TimedOut { failure } => Some(ChildOutcome::TimedOut(failure.clone())),
            Status::Aborted { .. } => Some(ChildOutcome::Aborted),
        }
    }
}
