//! The event that a function gets: records, no more than fit.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::{Call, Caller, Fault, Peers, RequestId};
use passo_vocab::{AccountId, Arn, Region};

/// What a record may take in an event besides its text.
const RECORD_BYTES: usize = 1;
/// `{"Records":[]}`.
const EVENT_BYTES: usize = 14;

/// Invokes a function with records, and waits for its answer, which is that of `Invoke`.
pub(super) async fn invoke(
    peers: &Peers,
    function: &Arn,
    records: &[Object],
) -> Result<Json, Fault> {
    let nobody = || Fault::service("The ARN of the function cannot be used.");
    let records: Vec<Json> = records.iter().cloned().map(Json::from).collect();
    let mut event = ObjectBuilder::new();
    event.insert("Records", records);
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("FunctionName", function.as_str())
        .insert("InvocationType", "RequestResponse")
        .insert("Payload", Json::from(event.build()).to_text());
    let call = Call {
        operation: "Invoke".into(),
        parameters: Json::from(parameters.build()),
        caller: Caller {
            account: AccountId::parse(function.account()).map_err(|_| nobody())?,
            region: Region::parse(function.region()).map_err(|_| nobody())?,
        },
        request_id: RequestId::new(crate::entropy::random_uuid()),
    };
    peers.call("lambda", call).await
}

/// The records in order, in batches whose events have at most `bytes_max` bytes. A record that is larger goes alone.
pub(super) fn batches(records: Vec<Object>, bytes_max: usize) -> Vec<Vec<Object>> {
    let mut batches: Vec<Vec<Object>> = Vec::new();
    let mut bytes = usize::MAX;
    for record in records {
        let size = Json::from(record.clone())
            .text_bytes()
            .saturating_add(RECORD_BYTES);
        bytes = bytes.saturating_add(size);
        match batches.last_mut() {
            Some(batch) if bytes <= bytes_max => batch.push(record),
            Some(_) | None => {
                bytes = EVENT_BYTES.saturating_add(size);
                batches.push(vec![record]);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn batches_are_no_larger_than_an_event_may_be() {
        let record = |_| json!({"a": "b"}).as_object().unwrap().clone();
        let records: Vec<Object> = (0..5).map(record).collect();
        let sizes = |bytes_max: usize| -> Vec<usize> {
            let batches = batches(records.clone(), bytes_max);
            batches.iter().map(Vec::len).collect()
        };
        // A record is nine bytes and a comma; an event is fourteen besides.
        for (bytes_max, expect) in [
            (64, vec![5]),
            (44, vec![3, 2]),
            (43, vec![2, 2, 1]),
            (1, vec![1; 5]),
        ] {
            assert_eq!(sizes(bytes_max), expect, "{bytes_max}");
        }
        assert!(batches(Vec::new(), 1).is_empty());
    }
}
