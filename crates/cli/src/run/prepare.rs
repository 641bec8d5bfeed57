//! Everything that can go wrong before an execution starts.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use passo_asl::program::Program;
use passo_engine::{ExecutionHeader, Limits, WorkflowType};
use passo_json::Payload;
use passo_template::Deployment;
use passo_testkit::mock::MockCase;
use passo_vocab::{Entropy, Timestamp};

use super::{RunArguments, mocks};
use crate::given::Given;
use crate::problem::Problem;
use crate::project::{self, LoadedProject, StateMachine};

/// Where executions are imagined to run.
pub const REGION: &str = "us-east-1";
/// The account that they are imagined to run in.
pub const ACCOUNT: &str = "000000000000";

/// An execution that is ready to start.
pub struct Prepared {
    /// Where it comes from.
    pub project: LoadedProject,
    /// What runs.
    pub program: Program,
    /// The execution.
    pub header: ExecutionHeader,
    /// What makes random values.
    pub seed: u64,
}

/// Reads and checks everything that `arguments` name.
///
/// # Errors
/// When something is missing or wrong.
pub fn prepare(arguments: &RunArguments) -> Result<Prepared, Problem> {
    let mut deployment = Deployment::default();
    for (name, value) in &arguments.parameters {
        deployment
            .parameters
            .insert(name.as_str().into(), value.as_str().into());
    }
    let project = project::load(&arguments.path, &deployment)?;
    let (wanted, _) = mocks::split_case(arguments.state_machine.as_deref());
    let machine = project.state_machine(wanted)?.clone();
    let program = project::compile(&machine)?;
    let input = Given::read("--input", &arguments.input)?;
    let input = Payload::from(input.json()?);
    let seed = arguments.seed.unwrap_or_else(random_seed);
    let header = header(&machine, input, seed);
    Ok(Prepared {
        project,
        program,
        header,
        seed,
    })
}

impl Prepared {
    /// The test case that is wanted, with every mocked state checked to exist.
    ///
    /// # Errors
    /// When there is no such case.
    pub fn mock_case(&self, arguments: &RunArguments) -> Result<Option<MockCase>, Problem> {
        mocks::mock_case(arguments, &self.header.state_machine_name, &self.program)
    }
}

/// The time of day.
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_epoch_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn header(machine: &StateMachine, input: Payload, seed: u64) -> ExecutionHeader {
    // A stream of its own, so that the name does not repeat as a request's id.
    let entropy = Entropy::from_seed(!seed);
    let name: Arc<str> = entropy.uuid_v4().into();
    let (resource, limits) = match machine.workflow_type {
        WorkflowType::Standard => {
            let resource = format!("execution:{}:{name}", machine.name);
            (resource, Limits::STANDARD)
        }
        WorkflowType::Express => {
            let resource = format!("express:{}:{name}:{}", machine.name, entropy.uuid_v4());
            (resource, Limits::EXPRESS)
        }
    };
    ExecutionHeader {
        execution_arn: format!("arn:aws:states:{REGION}:{ACCOUNT}:{resource}").into(),
        name,
        state_machine_arn: Arc::clone(&machine.arn),
        state_machine_name: Arc::clone(&machine.name),
        role_arn: Arc::clone(&machine.role_arn),
        state_machine_version_arn: None,
        state_machine_alias_arn: None,
        workflow_type: machine.workflow_type,
        block: Program::ROOT,
        map_run: None,
        region: REGION.into(),
        input,
        started_at: now(),
        limits,
        mocks: None,
    }
}

/// The standard library's own source of unpredictable numbers.
pub fn random_seed() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// A header for tests of what follows an execution.
#[cfg(test)]
pub fn execution_header(input: &str) -> ExecutionHeader {
    let definition = project::Definition {
        text: String::new(),
        format: passo_asl::Format::Json,
        from: String::new(),
        file: None,
    };
    let machine = StateMachine {
        logical_id: "orders".into(),
        name: "orders".into(),
        arn: "arn:aws:states:us-east-1:000000000000:stateMachine:orders".into(),
        role_arn: "arn:aws:iam::000000000000:role/orders".into(),
        workflow_type: WorkflowType::Standard,
        definition,
    };
    header(&machine, Payload::from_text(input).unwrap(), 1)
}
