//! Mocked tasks through the port that real ones use.

use std::sync::Arc;

use passo_engine::TaskUpdate;

use super::{MockCase, MockedAnswer};
use crate::{TaskAnswer, TaskCall, TaskHandler};

/// Answers the states of a test case from its file, and passes every other task on.
pub struct MockedTasks {
    case: MockCase,
    others: Arc<dyn TaskHandler>,
}

impl MockedTasks {
    /// A handler for `case`; `others` does the tasks that it does not mock.
    pub fn new(case: MockCase, others: Arc<dyn TaskHandler>) -> MockedTasks {
        MockedTasks { case, others }
    }
}

impl TaskHandler for MockedTasks {
    fn start(&self, call: TaskCall) -> TaskAnswer {
        match self
            .case
            .answer(call.task.state_name.as_str(), call.task.invocation)
        {
            Some(MockedAnswer::Return(result)) => TaskAnswer::now(TaskUpdate::Succeeded(result)),
            Some(MockedAnswer::Throw(failure)) => TaskAnswer::now(TaskUpdate::Failed(failure)),
            None => self.others.start(call),
        }
    }
}
