//! Test cases behind the ARN of a state machine, as in Step Functions Local: `STATE_MACHINE_ARN#TEST_CASE`.

use std::sync::Arc;

use passo_service::Fault;

use crate::faults;
use crate::service::StepFunctions;

/// Knows the test cases of state machines.
pub trait TestCases: Send + Sync {
    /// What the tasks of an execution are answered that runs the test case, for
    /// [`ExecutionHeader::mocks`](passo_engine::ExecutionHeader::mocks); nothing where there are no test cases at all.
    ///
    /// # Errors
    /// Where there is no such test case: a sentence that says so.
    fn mocks(&self, state_machine: &str, test_case: &str) -> Result<Option<Arc<str>>, String>;
}

/// The ARN that a start names, without its test case, and what that test case says.
///
/// # Errors
/// `ValidationException` for a test case that there is not.
pub(crate) fn split<'a>(
    service: &StepFunctions,
    given: &'a str,
) -> Result<(&'a str, Option<Arc<str>>), Fault> {
    let Some((arn, case)) = given.split_once('#') else {
        return Ok((given, None));
    };
    let machine = arn.split(':').nth(6).unwrap_or_default();
    let found = service.test_cases.mocks(machine, case);
    Ok(match found.map_err(faults::validation)? {
        Some(mocks) => (arn, Some(mocks)),
        // Without test cases this is no more than a wrong ARN.
        None => (given, None),
    })
}
