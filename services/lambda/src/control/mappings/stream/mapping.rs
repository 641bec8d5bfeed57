//! One mapping of a stream.

use std::time::Duration;

use passo_json::Json;
use passo_vocab::Arn;

use super::super::Filters;
use super::Stream;
use super::attempt::Policy;

/// What a poller needs to know of a mapping of a stream. Rows are objects with the members of the API.
#[derive(Clone, Debug)]
pub(in super::super) struct StreamMapping {
    pub(super) stream: Stream,
    /// The function's ARN, with its qualifier.
    pub(super) function: Arn,
    /// Records of one invocation, at most.
    pub(super) batch_size: usize,
    /// How long records are gathered.
    pub(super) window: Duration,
    /// Invocations for one shard at the same time; those of one key stay in order.
    pub(super) lanes: usize,
    pub(super) policy: Policy,
    /// What gets the record of a batch that is given up.
    pub(super) on_failure: Option<Arn>,
    pub(super) filters: Filters,
}

impl StreamMapping {
    /// The mapping of a row; `None` where it is not enabled, or cannot be read.
    pub(in super::super) fn enabled(row: &Json) -> Option<StreamMapping> {
        let text = |member: &str| row.get(member)?.as_str();
        let number = |member: &str| row.get(member).and_then(Json::as_i64);
        let size = |member: &str| number(member).and_then(|number| usize::try_from(number).ok());
        if text("State")? != "Enabled" {
            return None;
        }
        let types = row.get("FunctionResponseTypes").and_then(Json::as_array);
        let mut types = types.into_iter().flat_map(|types| types.iter());
        let destination = row
            .get("DestinationConfig")
            .and_then(|config| config.get("OnFailure")?.get("Destination")?.as_str());
        let bisects = row
            .get("BisectBatchOnFunctionError")
            .and_then(Json::as_bool);
        let window = number("MaximumBatchingWindowInSeconds").unwrap_or(0);
        Some(StreamMapping {
            stream: Stream::parse(text("EventSourceArn")?)?,
            function: Arn::parse(text("FunctionArn")?).ok()?,
            batch_size: size("BatchSize")?.max(1),
            window: Duration::from_secs(u64::try_from(window).unwrap_or(0)),
            lanes: size("ParallelizationFactor").unwrap_or(1).max(1),
            policy: Policy {
                bisects: bisects.unwrap_or(false),
                reports_items: types.any(|kind| kind.as_str() == Some("ReportBatchItemFailures")),
                // A negative number is AWS's for "without end".
                retries_max: number("MaximumRetryAttempts")
                    .and_then(|retries| u32::try_from(retries).ok()),
                age_seconds_max: number("MaximumRecordAgeInSeconds").filter(|age| *age >= 0),
            },
            on_failure: destination.and_then(|arn| Arn::parse(arn).ok()),
            filters: Filters::parse(row.get("FilterCriteria")).ok()?,
        })
    }
}
