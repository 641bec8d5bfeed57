//! `UpdateMapRun`

use passo_engine::map::{MapRunStatus, MapRunUpdate};
use passo_json::{Json, json};
use passo_runtime::{InputError, Key, Message};
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::{faults, map_runs, runtime_bridge};

pub(crate) async fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let record = map_runs::find(service, request)?;
    let update = MapRunUpdate {
        max_concurrency: request
            .integer("maxConcurrency")
            .and_then(|it| it.try_into().ok()),
        tolerated_failure_count: request
            .integer("toleratedFailureCount")
            .and_then(|it| it.try_into().ok()),
        tolerated_failure_percentage: request
            .member("toleratedFailurePercentage")
            .and_then(Json::as_f64),
    };
    if update == MapRunUpdate::default() {
        return Err(faults::validation_because(
            "MISSING_REQUIRED_PARAMETER",
            "At least one of 'maxConcurrency', 'toleratedFailurePercentage' or 'toleratedFailureCount' must be provided",
        ));
    }
    if record.status != MapRunStatus::Running {
        return Err(is_completed());
    }
    let (execution, map_run) = (Key::of(&record.execution_arn), Key::of(&record.map_run_arn));
    let asked = runtime_bridge::ask(&service.runtime, execution, |reply| Message::UpdateMapRun {
        execution,
        map_run,
        update,
        reply,
    });
    match asked.await? {
        Ok(_) => Ok(json!({})),
        Err(InputError::NotFound) => Err(faults::resource_not_found()),
        Err(InputError::Closed | InputError::TaskOver) => Err(is_completed()),
        Err(InputError::Store(error)) => Err(faults::store(&error)),
        Err(InputError::Stopping) => Err(Fault::service("the server stops")),
    }
}

fn is_completed() -> Fault {
    faults::validation_because(
        "CANNOT_UPDATE_COMPLETED_MAP_RUN",
        "Cannot update a completed Map Run",
    )
}
