//! The record of a batch that is given up.
//!
//! Source: Lambda Developer Guide, "Retaining discarded batches for a DynamoDB event source".

use passo_delivery::Delivery;
use passo_json::{Json, Object, ObjectBuilder, json};
use passo_vocab::{Arn, Timestamp};

use super::super::super::asynchronous::addressed;
use super::mapping::StreamMapping;
use super::source::{made_at, sequence};

/// Why a batch is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    RetriesExhausted,
    TooOld,
}

/// A batch that is given up.
pub(super) struct Letter<'a> {
    pub(super) mapping: &'a StreamMapping,
    pub(super) shard: &'a str,
    pub(super) records: &'a [Object],
    pub(super) reason: Reason,
    /// How often the function was invoked with it.
    pub(super) invocations: u32,
    /// What the function answered at last, in the form of `Invoke`'s answer.
    pub(super) answer: Option<&'a Json>,
}

impl Letter<'_> {
    /// Its way to the destination; `None` where there is none.
    pub(super) fn delivery(&self, at: Timestamp) -> Option<Delivery> {
        let destination = self.mapping.on_failure.as_ref()?;
        addressed(destination, &self.record(at).to_text())
    }

    fn record(&self, at: Timestamp) -> Json {
        let condition = match self.reason {
            Reason::RetriesExhausted => "RetryAttemptsExhausted",
            Reason::TooOld => "RecordAgeExceeded",
        };
        let mut record = ObjectBuilder::new();
        record.insert(
            "requestContext",
            json!({
                "requestId": (crate::entropy::random_uuid()),
                "functionArn": (self.mapping.function.as_str()),
                "condition": condition,
                "approximateInvokeCount": (i64::from(self.invocations))
            }),
        );
        if let Some(answer) = self.answer {
            let mut response = ObjectBuilder::new();
            response
                .insert_some("statusCode", answer.get("StatusCode").cloned())
                .insert_some("executedVersion", answer.get("ExecutedVersion").cloned())
                .insert_some("functionError", answer.get("FunctionError").cloned());
            record.insert("responseContext", response.build());
        }
        record
            .insert("version", "1.0")
            .insert("timestamp", at.to_string())
            .insert("DDBStreamBatchInfo", self.batch(self.mapping.stream.arn()));
        Json::from(record.build())
    }

    fn batch(&self, stream: &Arn) -> Json {
        let (first, last) = (self.records.first(), self.records.last());
        let number =
            |record: Option<&Object>| record.and_then(sequence).map_or(Json::Null, Json::from);
        let arrival = |record: Option<&Object>| {
            let seconds = record.and_then(made_at);
            seconds.map_or(Json::Null, |seconds| {
                Json::from(moment(seconds).to_string())
            })
        };
        json!({
            "shardId": (self.shard),
            "startSequenceNumber": (number(first)),
            "endSequenceNumber": (number(last)),
            "approximateArrivalOfFirstRecord": (arrival(first)),
            "approximateArrivalOfLastRecord": (arrival(last)),
            "batchSize": (i64::try_from(self.records.len()).unwrap_or(i64::MAX)),
            "streamArn": (stream.as_str())
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "times are far below the bounds, and `as` saturates"
)]
fn moment(seconds: f64) -> Timestamp {
    Timestamp::from_epoch_millis((seconds * 1000.0) as i64)
}
