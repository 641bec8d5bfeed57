//! Map runs of all executions, newest executions first.
//!
//! A Map run is found by way of its execution: a request looks at a bounded number of these, and says where to go on.

use std::ops::ControlFlow;

use passo_engine::map::{Counts, MapRunStatus};
use passo_json::{Json, ObjectBuilder, json};
use passo_runtime::MapRunRecord;

use super::Refusal;
use super::backstage::{Asked, Backstage};
use super::executions::{self, Search};
use super::query::Query;

/// Map runs in a page, at most; those of one execution are not parted.
const PAGE_MAX: u64 = 200;

/// A page of Map runs. `status` is the Map run's own.
pub(super) async fn answer(
    backstage: &Backstage,
    query: &Query,
    asked: &Asked,
) -> Result<Json, Refusal> {
    let search = Search::of_all(query)?;
    let limit = usize::try_from(query.number("limit", 50, PAGE_MAX)?).unwrap_or(usize::MAX);
    let after = query.get("nextToken").map(executions::place).transpose()?;
    let statuses: Vec<String> = query.all("status").map(str::to_owned).collect();
    let parents = executions::parents(backstage, query, asked).await?;
    let runtime = backstage.runtime()?.clone();
    let searching = tokio::task::spawn_blocking(move || {
        let mut found = Vec::new();
        let outcome = search.run(&runtime, parents, after, usize::MAX, &mut |summary| {
            let records = runtime.map_runs(&summary.execution_arn);
            for record in records.map_err(|error| Refusal::store(&error))? {
                let name = status(record.status);
                if statuses.is_empty() || statuses.iter().any(|wanted| wanted == name) {
                    found.push(shown(&record, &summary.name));
                }
            }
            Ok(match found.len() < limit {
                true => ControlFlow::Continue(true),
                false => ControlFlow::Break(()),
            })
        })?;
        let mut answer = ObjectBuilder::new();
        answer
            .insert("mapRuns", found)
            .insert("lookedAt", executions::number(outcome.looked_at))
            .insert_some("nextToken", outcome.token());
        Ok(Json::from(answer.build()))
    });
    searching.await.map_err(|_| Refusal::unavailable())?
}

fn shown(record: &MapRunRecord, execution_name: &str) -> Json {
    let machine = record
        .state_machine_arn
        .rsplit(':')
        .next()
        .unwrap_or_default();
    let (workflow, label) = machine.split_once('/').unwrap_or((machine, ""));
    let mut shown = ObjectBuilder::new();
    shown
        .insert("mapRunArn", record.map_run_arn.clone())
        .insert("executionArn", record.execution_arn.clone())
        .insert("executionName", execution_name)
        .insert("workflow", workflow)
        .insert("label", label)
        .insert("status", status(record.status))
        .insert("startDate", record.started_at.to_string())
        .insert_some("stopDate", record.stopped_at.map(|time| time.to_string()))
        .insert("maxConcurrency", i64::from(record.max_concurrency))
        .insert(
            "toleratedFailureCount",
            number(record.tolerated_failure_count),
        )
        .insert(
            "toleratedFailurePercentage",
            record.tolerated_failure_percentage,
        )
        .insert("redriveCount", i64::from(record.redrive_count))
        .insert("itemCounts", counts(&record.item_counts))
        .insert("executionCounts", counts(&record.execution_counts));
    Json::from(shown.build())
}

fn status(status: MapRunStatus) -> &'static str {
    match status {
        MapRunStatus::Running => "RUNNING",
        MapRunStatus::Succeeded => "SUCCEEDED",
        MapRunStatus::Failed => "FAILED",
        MapRunStatus::Aborted => "ABORTED",
    }
}

fn counts(counts: &Counts) -> Json {
    json!({
        "pending": number(counts.pending),
        "running": number(counts.running),
        "succeeded": number(counts.succeeded),
        "failed": number(counts.failed),
        "timedOut": number(counts.timed_out),
        "aborted": number(counts.aborted),
        "total": number(counts.total),
        "resultsWritten": number(counts.results_written)
    })
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
