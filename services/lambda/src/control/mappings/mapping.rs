//! One mapping.

use passo_json::{Json, Object};
use passo_vocab::Arn;

use super::{Filters, Queue};

/// What a poller needs to know of a mapping. Rows are objects with the members of the API.
#[derive(Clone, Debug)]
pub(in super::super) struct Mapping {
    pub(super) source: Queue,
    /// The function's ARN, with its qualifier.
    pub(super) function: Arn,
    /// Messages of one invocation, at most.
    pub(super) batch_size: usize,
    /// How long messages are gathered.
    pub(super) window_seconds: u64,
    /// Invocations at the same time.
    pub(super) concurrency: usize,
    /// Whether the function says which messages failed.
    pub(super) reports_items: bool,
    pub(super) filters: Filters,
}

/// Invocations at the same time where a mapping says nothing.
const CONCURRENCY: usize = 16;

impl Mapping {
    /// The mapping of a row; `None` where it is not enabled, or cannot be read.
    pub(in super::super) fn enabled(row: &Json) -> Option<Mapping> {
        let text = |member: &str| row.get(member)?.as_str();
        let number = |member: &str| usize::try_from(row.get(member)?.as_i64()?).ok();
        if text("State")? != "Enabled" {
            return None;
        }
        let concurrency = row
            .get("ScalingConfig")
            .and_then(|scaling| scaling.get("MaximumConcurrency")?.as_i64());
        let types = row.get("FunctionResponseTypes").and_then(Json::as_array);
        let mut types = types.into_iter().flat_map(|types| types.iter());
        Some(Mapping {
            source: Queue::parse(text("EventSourceArn")?)?,
            function: Arn::parse(text("FunctionArn")?).ok()?,
            batch_size: number("BatchSize")?.max(1),
            window_seconds: u64::try_from(row.get("MaximumBatchingWindowInSeconds")?.as_i64()?)
                .ok()?,
            concurrency: concurrency
                .and_then(|most| usize::try_from(most).ok())
                .unwrap_or(CONCURRENCY)
                .max(1),
            reports_items: types.any(|kind| kind.as_str() == Some("ReportBatchItemFailures")),
            filters: Filters::parse(row.get("FilterCriteria")).ok()?,
        })
    }
}

/// A row as the API shows it; `state` is what it is on its way to.
pub(in super::super) fn show(row: &Object, state: Option<&str>) -> Json {
    match state {
        Some(state) => Json::from(row.clone().with("State", state)),
        None => Json::from(row.clone()),
    }
}
