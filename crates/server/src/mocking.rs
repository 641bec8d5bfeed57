//! Mocked answers: executions of `STATE_MACHINE_ARN#TEST_CASE`, as in Step Functions Local.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use passo_engine::{ExecutionHeader, StartTask, TaskUpdate};
use passo_json::Json;
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_testkit::mock::{MockCase, MockFile, MockedAnswer};

/// Executions whose test case is remembered; the oldest are forgotten.
const EXECUTIONS_MAX: usize = 10_000;

/// A state machine's name and an execution's.
type Names = (Arc<str>, Arc<str>);

/// The mock file, and which execution runs which of its cases.
pub(crate) struct Mocks {
    file: RwLock<Option<Arc<MockFile>>>,
    chosen: Mutex<Chosen>,
}

#[derive(Default)]
struct Chosen {
    cases: BTreeMap<Names, Arc<MockCase>>,
    order: VecDeque<Names>,
}

impl Mocks {
    pub(crate) fn new(file: Option<MockFile>) -> Mocks {
        Mocks {
            file: RwLock::new(file.map(Arc::new)),
            chosen: Mutex::default(),
        }
    }

    /// The file that executions take their test cases from.
    pub(crate) fn file(&self) -> Option<Arc<MockFile>> {
        self.file
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Takes another file. Executions that have begun keep their test case.
    pub(crate) fn replace(&self, file: Option<MockFile>) {
        *self.file.write().unwrap_or_else(PoisonError::into_inner) = file.map(Arc::new);
    }

    /// What the file says of a task, where it is mocked.
    pub(crate) fn answer(&self, header: &ExecutionHeader, task: &StartTask) -> Option<TaskUpdate> {
        let names = (
            Arc::clone(&header.state_machine_name),
            Arc::clone(&header.name),
        );
        let case = {
            let chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(chosen.cases.get(&names)?)
        };
        Some(match case.invoke(task.state_name.as_str())? {
            MockedAnswer::Return(result) => TaskUpdate::Succeeded(result),
            MockedAnswer::Throw(failure) => TaskUpdate::Failed(failure),
        })
    }

    fn choose(
        &self,
        file: &MockFile,
        machine: &str,
        execution: &str,
        case: &str,
    ) -> Result<(), Fault> {
        let found = file.test_case(machine, case);
        let found =
            found.map_err(|error| Fault::caller("ValidationException", error.to_string()))?;
        let names: Names = (machine.into(), execution.into());
        let mut chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        chosen.cases.insert(names.clone(), Arc::new(found));
        chosen.order.push_back(names);
        if chosen.order.len() > EXECUTIONS_MAX
            && let Some(oldest) = chosen.order.pop_front()
        {
            chosen.cases.remove(&oldest);
        }
        Ok(())
    }
}

/// Step Functions, with test cases behind state machines' ARNs.
pub(crate) struct WithMocks {
    pub(crate) mocks: Arc<Mocks>,
    pub(crate) entropy: Arc<dyn passo_runtime::Entropy>,
    pub(crate) service: Arc<dyn Service>,
}

impl WithMocks {
    /// The call without its test case, which is noted for the execution that it starts.
    fn cut(&self, mut call: Call) -> Result<Call, Fault> {
        if !matches!(&*call.operation, "StartExecution" | "StartSyncExecution") {
            return Ok(call);
        }
        let given = call
            .parameters
            .get("stateMachineArn")
            .and_then(Json::as_str);
        let Some((arn, case)) = given.and_then(|arn| arn.split_once('#')) else {
            return Ok(call);
        };
        // Without a file a test case is no more than a wrong ARN.
        let Some(file) = self.mocks.file() else {
            return Ok(call);
        };
        let (arn, case) = (arn.to_owned(), case.to_owned());
        let Some(members) = call.parameters.as_object().cloned() else {
            return Ok(call);
        };
        let name = call
            .parameters
            .get("name")
            .and_then(Json::as_str)
            .map_or_else(
                || passo_vocab::Entropy::from_seed(self.entropy.seed()).uuid_v4(),
                str::to_owned,
            );
        let machine = arn.split(':').nth(6).unwrap_or_default();
        self.mocks.choose(&file, machine, &name, &case)?;
        let members = members.with("stateMachineArn", arn).with("name", name);
        call.parameters = Json::from(members);
        Ok(call)
    }
}

impl Service for WithMocks {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        match self.cut(call) {
            Ok(call) => self.service.call(call),
            Err(fault) => Box::pin(std::future::ready(Err(fault))),
        }
    }
}
