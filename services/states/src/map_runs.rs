//! Map runs as callers name them, and as they are shown.

use passo_engine::map::Counts;
use passo_json::{Json, json};
use passo_runtime::MapRunRecord;
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::{faults, resource};

/// The Map run at `mapRunArn`.
///
/// # Errors
/// `InvalidArn`, `ResourceNotFound`
pub(crate) fn find(service: &StepFunctions, request: &Request) -> Result<MapRunRecord, Fault> {
    let arn = request.required_text("mapRunArn");
    resource::check_map_run(arn)?;
    if !resource::is_of(arn, request.caller()) {
        return Err(faults::resource_not_found());
    }
    let found = service
        .runtime
        .map_run(arn)
        .map_err(|error| faults::store(&error))?;
    found.ok_or_else(faults::resource_not_found)
}

/// `itemCounts` or `executionCounts`. What failed can be redriven, and nothing waits for a redrive.
pub(crate) fn counts(counts: &Counts) -> Json {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    json!({
        "pending": number(counts.pending),
        "running": number(counts.running),
        "succeeded": number(counts.succeeded),
        "failed": number(counts.failed),
        "timedOut": number(counts.timed_out),
        "aborted": number(counts.aborted),
        "total": number(counts.total),
        "resultsWritten": number(counts.results_written),
        "failuresNotRedrivable": 0,
        "pendingRedrive": 0
    })
}
