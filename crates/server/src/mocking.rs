//! Mocked answers: executions of `STATE_MACHINE_ARN#TEST_CASE`, as in Step Functions Local.
//!
//! An execution carries its test case with it, so that it goes on after a restart as it began, whatever the file says by then.

use std::sync::{Arc, PoisonError, RwLock};

use passo_engine::{ExecutionHeader, StartTask, TaskUpdate};
use passo_states::TestCases;
use passo_testkit::mock::{MockCase, MockFile, MockedAnswer};
use passo_vocab::{ErrorName, Failure};

/// The mock file.
pub(crate) struct Mocks {
    file: RwLock<Option<Arc<MockFile>>>,
}

impl Mocks {
    pub(crate) fn new(file: Option<MockFile>) -> Mocks {
        Mocks {
            file: RwLock::new(file.map(Arc::new)),
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
}

impl TestCases for Mocks {
    fn mocks(&self, state_machine: &str, test_case: &str) -> Result<Option<Arc<str>>, String> {
        let Some(file) = self.file() else {
            return Ok(None);
        };
        let case = file.test_case(state_machine, test_case);
        let case = case.map_err(|error| error.to_string())?;
        Ok(Some(Arc::from(case.to_text())))
    }
}

/// What the execution's test case says of a task, where it is mocked.
pub(crate) fn answer(header: &ExecutionHeader, task: &StartTask) -> Option<TaskUpdate> {
    let Some(case) = MockCase::parse(header.mocks.as_ref()?) else {
        // No service is to be called by an execution that was to call none.
        let cause = "The test case of the execution cannot be read.";
        return Some(TaskUpdate::Failed(Failure::new(ErrorName::RUNTIME, cause)));
    };
    Some(
        match case.answer(task.state_name.as_str(), task.invocation)? {
            MockedAnswer::Return(result) => TaskUpdate::Succeeded(result),
            MockedAnswer::Throw(failure) => TaskUpdate::Failed(failure),
        },
    )
}
