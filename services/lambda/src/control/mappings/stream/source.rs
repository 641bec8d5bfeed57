//! A stream as a source: its shards, and what is in them.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::{Call, Caller, Fault, Peers, RequestId};
use passo_vocab::{AccountId, Arn, Region};

use super::checkpoint::Checkpoint;

/// Records of one call. Source: DynamoDB Streams API Reference, `GetRecords`.
const CALL_RECORDS_MAX: usize = 1000;
/// Pages of shards of one stream, at most: a hundred shards each.
const PAGES_MAX: usize = 1000;

/// The stream that records come from.
#[derive(Clone, Debug)]
pub(in super::super::super) struct Stream {
    arn: Arn,
    caller: Caller,
}

/// A part of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super::super) struct Shard {
    pub(in super::super::super) id: String,
    /// The shard that it goes on from.
    pub(super) parent: Option<String>,
}

/// What one call yields.
pub(super) struct Read {
    pub(super) records: Vec<Object>,
    /// Where to go on; `None` at the end of a closed shard.
    pub(super) next: Option<String>,
}

impl Stream {
    /// The stream with this ARN; `None` where it is not one of DynamoDB.
    pub(in super::super::super) fn parse(arn: &str) -> Option<Stream> {
        let arn = Arn::parse(arn).ok()?;
        let caller = Caller {
            account: AccountId::parse(arn.account()).ok()?,
            region: Region::parse(arn.region()).ok()?,
        };
        let is_stream = arn.service() == "dynamodb" && arn.resource().contains("/stream/");
        is_stream.then_some(Stream { arn, caller })
    }

    pub(super) fn arn(&self) -> &Arn {
        &self.arn
    }

    /// All shards that there are now.
    pub(in super::super::super) async fn shards(&self, peers: &Peers) -> Result<Vec<Shard>, Fault> {
        let mut shards = Vec::new();
        let mut last: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let mut parameters = ObjectBuilder::new();
            parameters
                .insert("StreamArn", self.arn.as_str())
                .insert_some("ExclusiveStartShardId", last.as_deref());
            let answer = self
                .call(peers, "DescribeStream", parameters.build())
                .await?;
            let description = answer.get("StreamDescription");
            let page = description.and_then(|description| description.get("Shards")?.as_array());
            let page = page.into_iter().flat_map(|shards| shards.iter());
            shards.extend(page.filter_map(|shard| {
                let text = |member: &str| shard.get(member)?.as_str().map(str::to_owned);
                Some(Shard {
                    id: text("ShardId")?,
                    parent: text("ParentShardId"),
                })
            }));
            last = description
                .and_then(|description| description.get("LastEvaluatedShardId")?.as_str())
                .map(str::to_owned);
            if last.is_none() {
                break;
            }
        }
        Ok(shards)
    }

    /// The end of a shard as it is now.
    pub(in super::super) async fn end(
        &self,
        peers: &Peers,
        shard: &str,
    ) -> Result<Checkpoint, Fault> {
        let iterator = self.iterator(peers, shard, "LATEST", None).await?;
        Ok(Checkpoint::At(iterator))
    }

    /// An iterator that begins after what `checkpoint` says, or with the oldest record there is.
    pub(super) async fn begin(
        &self,
        peers: &Peers,
        shard: &str,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<String, Fault> {
        match checkpoint {
            Some(Checkpoint::At(iterator)) => Ok(iterator.clone()),
            Some(Checkpoint::After(sequence)) => {
                let kind = "AFTER_SEQUENCE_NUMBER";
                self.iterator(peers, shard, kind, Some(sequence)).await
            }
            Some(Checkpoint::Finished) | None => {
                self.iterator(peers, shard, "TRIM_HORIZON", None).await
            }
        }
    }

    async fn iterator(
        &self,
        peers: &Peers,
        shard: &str,
        kind: &str,
        sequence: Option<&str>,
    ) -> Result<String, Fault> {
        let mut parameters = ObjectBuilder::new();
        parameters
            .insert("StreamArn", self.arn.as_str())
            .insert("ShardId", shard)
            .insert("ShardIteratorType", kind)
            .insert_some("SequenceNumber", sequence);
        let answer = self
            .call(peers, "GetShardIterator", parameters.build())
            .await?;
        let iterator = answer.get("ShardIterator").and_then(Json::as_str);
        iterator
            .map(str::to_owned)
            .ok_or_else(|| Fault::service("The stream gave no iterator."))
    }

    /// At most `count` records, in the form that functions get them in.
    pub(super) async fn read(
        &self,
        peers: &Peers,
        iterator: &str,
        count: usize,
    ) -> Result<Read, Fault> {
        let count = i64::try_from(count.clamp(1, CALL_RECORDS_MAX)).unwrap_or(1);
        let mut parameters = ObjectBuilder::new();
        parameters
            .insert("ShardIterator", iterator)
            .insert("Limit", count);
        let answer = self.call(peers, "GetRecords", parameters.build()).await?;
        let records = answer.get("Records").and_then(Json::as_array);
        let records = records.into_iter().flat_map(|records| records.iter());
        let next = answer.get("NextShardIterator").and_then(Json::as_str);
        Ok(Read {
            records: records.filter_map(|record| self.record(record)).collect(),
            next: next.map(str::to_owned),
        })
    }

    /// A record as functions get it: with the stream's region and ARN.
    fn record(&self, record: &Json) -> Option<Object> {
        let record = record.as_object()?.clone();
        Some(
            record
                .with("awsRegion", self.arn.region())
                .with("eventSourceARN", self.arn.as_str()),
        )
    }

    async fn call(
        &self,
        peers: &Peers,
        operation: &str,
        parameters: Object,
    ) -> Result<Json, Fault> {
        let call = Call {
            operation: operation.into(),
            parameters: Json::from(parameters),
            caller: self.caller.clone(),
            request_id: RequestId::new(crate::entropy::random_uuid()),
        };
        peers.call("dynamodbstreams", call).await
    }
}

/// The sequence number of a record.
pub(super) fn sequence(record: &Object) -> Option<&str> {
    record.get("dynamodb")?.get("SequenceNumber")?.as_str()
}

/// When a record was made, in seconds since 1970.
pub(super) fn made_at(record: &Object) -> Option<f64> {
    record
        .get("dynamodb")?
        .get("ApproximateCreationDateTime")?
        .as_f64()
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn a_record_names_its_stream() {
        let arn = "arn:aws:dynamodb:eu-west-1:111111111111:table/t/stream/2026-01-01T00:00:00.000";
        let stream = Stream::parse(arn).unwrap();
        let given = json!({"eventID": "e", "eventName": "INSERT", "awsRegion": "elsewhere",
            "dynamodb": {"SequenceNumber": "7", "ApproximateCreationDateTime": 1.5}});
        let record = stream.record(&given).unwrap();
        assert_eq!(
            (sequence(&record), made_at(&record)),
            (Some("7"), Some(1.5))
        );
        let expect = json!({"eventID": "e", "eventName": "INSERT", "awsRegion": "eu-west-1",
            "dynamodb": {"SequenceNumber": "7", "ApproximateCreationDateTime": 1.5}, "eventSourceARN": arn});
        assert_eq!(Json::from(record), expect);
        for other in ["arn:aws:dynamodb:eu-west-1:111111111111:table/t", "x"] {
            assert!(Stream::parse(other).is_none(), "{other}");
        }
    }
}
