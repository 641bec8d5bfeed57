//! The operation.

use passo_engine::single_state::{Step, TestStatus, Tested};
use passo_json::Json;
use passo_service::Fault;
use passo_vocab::{ErrorName, Failure};

use super::prepare::Prepared;
use super::{shown, task};
use crate::request::Request;
use crate::roles;
use crate::service::StepFunctions;

/// How long a state may take. Source: API reference, `TestState`.
const MILLIS_MAX: i64 = 5 * 60 * 1000;

pub(crate) async fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let now = service.clock.now();
    if let Some(role) = request.text("roleArn") {
        roles::check(role)?;
    }
    let prepared = Prepared::new(request, now, service.chance())?;
    let step = prepared.single.run(prepared.mock.clone());
    let mut tested = match step {
        Step::Done(tested) => tested,
        Step::Task(asked) => {
            let work = task::perform(service, request, &asked).await?;
            match prepared.single.run(Some(work)) {
                Step::Done(tested) => tested,
                Step::Task(_) => return Err(Fault::service("a task was done but is asked for")),
            }
        }
    };
    // Nobody has to wait for the test of a Wait state, but what would take too long fails as it does on AWS.
    if let Some(until) = tested.waits_until
        && until.millis_since(now) > MILLIS_MAX
    {
        let failure = Failure {
            error: Some(ErrorName::TIMEOUT),
            cause: None,
        };
        *tested = Tested {
            status: TestStatus::Failed,
            output: None,
            next: None,
            failure: Some(failure),
            ..*tested
        };
    }
    Ok(shown::answer(&prepared, &tested))
}
