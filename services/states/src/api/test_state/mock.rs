//! `mock`: a result or an error in place of the state's work.

use std::sync::Arc;

use passo_asl::program::{Map, MapMode, StateKind};
use passo_engine::single_state::Work;
use passo_json::{Json, Payload};
use passo_service::Fault;
use passo_vocab::{ErrorName, Failure};

use super::schema::{self, Mode};
use crate::faults;
use crate::request::Request;

/// What `mock` gives; none where there is no mock.
///
/// # Errors
/// `ValidationException` where the result is not one that the state can have.
pub(super) fn work(request: &Request, kind: &StateKind) -> Result<Option<Work>, Fault> {
    let Some(mock) = request.member("mock") else {
        return Ok(None);
    };
    if let Some(output) = mock.get("errorOutput").filter(|it| !it.is_null()) {
        let text = |name: &str| {
            output
                .get(name)
                .and_then(Json::as_str)
                .map(Arc::<str>::from)
        };
        return Ok(Some(Work::Failed(Failure {
            error: text("error").map(ErrorName::new),
            cause: text("cause"),
        })));
    }
    let Some(result) = mock.get("result").and_then(Json::as_str) else {
        return Err(faults::validation(
            "A test mock should have one of the following fields: [result, errorOutput].",
        ));
    };
    let result = Payload::from_text(result)
        .map_err(|_| faults::validation("Mocked result must be valid JSON"))?;
    match kind {
        StateKind::Task(task) => {
            let mode = match mock.get("fieldValidationMode").and_then(Json::as_str) {
                Some("NONE") => Mode::Nothing,
                Some("PRESENT") => Mode::Present,
                _ => Mode::Strict,
            };
            schema::check(&task.resource, result.json(), mode)?;
        }
        StateKind::Map(map) => check_map(map, result.json())?,
        StateKind::Parallel(parallel) => {
            let Some(outputs) = result.json().as_array() else {
                return Err(not_an_array());
            };
            if outputs.len() != parallel.branches.len() {
                return Err(faults::validation(
                    "Mocked result must contain the same number of items as number of Parallel branches.",
                ));
            }
        }
        StateKind::Pass(_)
        | StateKind::Choice(_)
        | StateKind::Wait(_)
        | StateKind::Succeed(_)
        | StateKind::Fail(_) => {}
    }
    Ok(Some(Work::Succeeded(result)))
}

/// A Map's result is a list, unless its results are written elsewhere.
fn check_map(map: &Map, result: &Json) -> Result<(), Fault> {
    let exports = match &map.mode {
        MapMode::Inline => false,
        MapMode::Distributed(distributed) => distributed
            .result_writer
            .as_ref()
            .is_some_and(|writer| writer.resource.is_some()),
    };
    match (exports, result) {
        (true, Json::Object(_)) | (false, Json::Array(_)) => Ok(()),
        (true, _) => Err(faults::validation("Mocked result must be a JSON object.")),
        (false, _) => Err(not_an_array()),
    }
}

fn not_an_array() -> Fault {
    faults::validation("Mocked result must be an array.")
}
