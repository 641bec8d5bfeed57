//! `DescribeMapRun`

use passo_engine::map::MapRunStatus;
use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::map_runs;
use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let record = map_runs::find(service, request)?;
    let status = match record.status {
        MapRunStatus::Running => "RUNNING",
        MapRunStatus::Succeeded => "SUCCEEDED",
        MapRunStatus::Failed => "FAILED",
        MapRunStatus::Aborted => "ABORTED",
    };
    let tolerated = i64::try_from(record.tolerated_failure_count).unwrap_or(i64::MAX);
    let mut answer = ObjectBuilder::new();
    answer
        .insert("mapRunArn", record.map_run_arn)
        .insert("executionArn", record.execution_arn)
        .insert("status", status)
        .insert("startDate", epoch_seconds(record.started_at))
        .insert_some("stopDate", record.stopped_at.map(epoch_seconds))
        .insert("maxConcurrency", record.max_concurrency)
        .insert(
            "toleratedFailurePercentage",
            record.tolerated_failure_percentage,
        )
        .insert("toleratedFailureCount", tolerated)
        .insert("itemCounts", map_runs::counts(&record.item_counts))
        .insert(
            "executionCounts",
            map_runs::counts(&record.execution_counts),
        )
        .insert("redriveCount", record.redrive_count)
        .insert_some("redriveDate", record.redriven_at.map(epoch_seconds));
    Ok(Json::Object(answer.build()))
}
