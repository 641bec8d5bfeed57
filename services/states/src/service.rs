//! The service: finds the operation, checks the parameters, answers.

use std::sync::Arc;

use passo_json::Json;
use passo_runtime::{Clock, Key, Runtime};
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_store::{Store, StoreError};
use passo_vocab::Entropy;

use crate::api;
use crate::constraints;
use crate::definitions::{Definition, Definitions};
use crate::faults;
use crate::page::PageTokens;
use crate::redrive_tokens::Redrives;
use crate::request::Request;
use crate::tables::Tables;
use crate::test_cases::TestCases;

/// What the service needs from outside.
pub struct Ports {
    /// Where state machines are kept; the runtime's own store.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn passo_runtime::Entropy>,
    /// Definitions into programs, shared with the runtime.
    pub definitions: Arc<Definitions>,
    /// What runs executions.
    pub runtime: Runtime,
    /// The test cases of state machines.
    pub test_cases: Arc<dyn TestCases>,
}

/// The Step Functions API.
pub struct StepFunctions {
    pub(crate) tables: Tables,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) definitions: Arc<Definitions>,
    pub(crate) runtime: Runtime,
    pub(crate) tokens: PageTokens,
    pub(crate) redrives: Redrives,
    pub(crate) test_cases: Arc<dyn TestCases>,
    entropy: Arc<dyn passo_runtime::Entropy>,
}

impl StepFunctions {
    /// The service over these ports.
    ///
    /// # Errors
    /// Where the store cannot be read or written.
    pub fn open(ports: Ports) -> Result<StepFunctions, StoreError> {
        let Ports {
            store,
            clock,
            entropy,
            definitions,
            runtime,
            test_cases,
        } = ports;
        let tables = Tables::new(store);
        let fresh: Vec<u8> = (0..4).flat_map(|_| entropy.seed().to_be_bytes()).collect();
        let tokens = PageTokens::new(tables.secret(&fresh)?);
        Ok(StepFunctions {
            tables,
            clock,
            definitions,
            runtime,
            tokens,
            redrives: Redrives::default(),
            test_cases,
            entropy,
        })
    }

    /// Chance for one call.
    pub(crate) fn chance(&self) -> Entropy {
        Entropy::from_seed(self.entropy.seed())
    }

    /// The definition that an execution runs.
    pub(crate) fn definition_of(&self, key: Key) -> Result<Arc<Definition>, Fault> {
        if let Some(definition) = self.definitions.known(key) {
            return Ok(definition);
        }
        let text = self
            .runtime
            .definition(key)
            .map_err(|error| faults::store(&error))?;
        let text =
            text.ok_or_else(|| Fault::service("the definition of an execution is missing"))?;
        self.definitions.get(key, &text).map_err(Fault::service)
    }

    // tidy: long, because it is a table with a row for each operation.
    async fn answer(&self, request: &Request) -> Result<Json, Fault> {
        match request.operation() {
            "CreateStateMachine" => api::create_state_machine::answer(self, request),
            "CreateStateMachineAlias" => api::create_state_machine_alias::answer(self, request),
            "DeleteStateMachine" => api::delete_state_machine::answer(self, request).await,
            "DeleteStateMachineAlias" => api::delete_state_machine_alias::answer(self, request),
            "DeleteStateMachineVersion" => api::delete_state_machine_version::answer(self, request),
            "DescribeExecution" => api::describe_execution::answer(self, request),
            "DescribeMapRun" => api::describe_map_run::answer(self, request),
            "DescribeStateMachine" => api::describe_state_machine::answer(self, request),
            "DescribeStateMachineAlias" => api::describe_state_machine_alias::answer(self, request),
            "DescribeStateMachineForExecution" => {
                api::describe_state_machine_for_execution::answer(self, request)
            }
            "GetExecutionHistory" => api::get_execution_history::answer(self, request),
            "ListExecutions" => api::list_executions::answer(self, request),
            "ListMapRuns" => api::list_map_runs::answer(self, request),
            "ListStateMachineAliases" => api::list_state_machine_aliases::answer(self, request),
            "ListStateMachineVersions" => api::list_state_machine_versions::answer(self, request),
            "ListStateMachines" => api::list_state_machines::answer(self, request),
            "ListTagsForResource" => api::list_tags_for_resource::answer(self, request),
            "PublishStateMachineVersion" => {
                api::publish_state_machine_version::answer(self, request)
            }
            "RedriveExecution" => api::redrive_execution::answer(self, request).await,
            "StartExecution" => api::start_execution::answer(self, request).await,
            "StartSyncExecution" => api::start_sync_execution::answer(self, request).await,
            "StopExecution" => api::stop_execution::answer(self, request).await,
            "TagResource" => api::tag_resource::answer(self, request),
            "TestState" => api::test_state::answer(self, request).await,
            "UntagResource" => api::untag_resource::answer(self, request),
            "UpdateMapRun" => api::update_map_run::answer(self, request).await,
            "UpdateStateMachine" => api::update_state_machine::answer(self, request),
            "UpdateStateMachineAlias" => api::update_state_machine_alias::answer(self, request),
            "ValidateStateMachineDefinition" => {
                api::validate_state_machine_definition::answer(self, request)
            }
            "CreateActivity" => api::create_activity::answer(self, request),
            "DeleteActivity" => api::delete_activity::answer(self, request),
            "DescribeActivity" => api::describe_activity::answer(self, request),
            "GetActivityTask" => api::get_activity_task::answer(self, request).await,
            "SendTaskFailure" => api::send_task_failure::answer(self, request).await,
            "SendTaskHeartbeat" => api::send_task_heartbeat::answer(self, request).await,
            "SendTaskSuccess" => api::send_task_success::answer(self, request).await,
            "ListActivities" => api::list_activities::answer(self, request),
            other => Err(Fault::service(format!(
                "the operation `{other}` is not supported yet"
            ))),
        }
    }
}

impl Service for StepFunctions {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            constraints::check(&call.operation, &call.parameters)?;
            self.answer(&Request::new(call)).await
        })
    }
}
