//! A queue as a source: its messages, and the event that a function gets.

use passo_json::{Json, Object, ObjectBuilder, json};
use passo_service::{Call, Caller, Fault, Peers, RequestId};
use passo_vocab::{AccountId, Arn, Region};

/// Messages of one receive, and of one delete. Source: SQS API Reference.
pub(super) const CALL_MESSAGES_MAX: usize = 10;

/// The queue that messages come from.
#[derive(Clone, Debug)]
pub(in super::super) struct Queue {
    arn: Arn,
    caller: Caller,
}

impl Queue {
    /// The queue with this ARN; `None` where it is no queue's.
    pub(in super::super) fn parse(arn: &str) -> Option<Queue> {
        let arn = Arn::parse(arn).ok()?;
        let caller = Caller {
            account: AccountId::parse(arn.account()).ok()?,
            region: Region::parse(arn.region()).ok()?,
        };
        (arn.service() == "sqs").then_some(Queue { arn, caller })
    }

    pub(in super::super) fn is_fifo(&self) -> bool {
        self.arn.resource().ends_with(".fifo")
    }

    /// Calls an operation of SQS on the queue.
    pub(in super::super) async fn call(
        &self,
        peers: &Peers,
        operation: &str,
        parameters: Object,
    ) -> Result<Json, Fault> {
        let (account, name) = (self.arn.account(), self.arn.resource());
        let url = format!("http://localhost/{account}/{name}");
        let call = Call {
            operation: operation.into(),
            parameters: Json::from(parameters.with("QueueUrl", url)),
            caller: self.caller.clone(),
            request_id: RequestId::new(crate::entropy::random_uuid()),
        };
        peers.call("sqs", call).await
    }

    /// Waits for messages.
    pub(super) async fn receive(
        &self,
        peers: &Peers,
        count: usize,
        wait_seconds: i64,
    ) -> Result<Vec<Json>, Fault> {
        let count = i64::try_from(count.min(CALL_MESSAGES_MAX)).unwrap_or(1);
        let mut parameters = ObjectBuilder::new();
        parameters
            .insert("MaxNumberOfMessages", count)
            .insert("WaitTimeSeconds", wait_seconds)
            .insert("MessageSystemAttributeNames", json!(["All"]))
            .insert("MessageAttributeNames", json!(["All"]));
        let answer = self
            .call(peers, "ReceiveMessage", parameters.build())
            .await?;
        let messages = answer.get("Messages").and_then(Json::as_array);
        Ok(messages
            .map(|messages| messages.to_vec())
            .unwrap_or_default())
    }

    /// Deletes the messages of these records. One that cannot be deleted comes again.
    pub(super) async fn delete(&self, peers: &Peers, records: &[Object]) {
        for records in records.chunks(CALL_MESSAGES_MAX) {
            let entries = records.iter().enumerate().map(|(at, record)| {
                let handle = record.get("receiptHandle").cloned().unwrap_or(Json::Null);
                json!({"Id": (at.to_string()), "ReceiptHandle": handle})
            });
            let entries: Vec<Json> = entries.collect();
            let mut parameters = ObjectBuilder::new();
            parameters.insert("Entries", entries);
            // Without an answer, or with a bad one, they are received again: delivery is at least once.
            let _ = self
                .call(peers, "DeleteMessageBatch", parameters.build())
                .await;
        }
    }

    /// A message in the form that functions get it in.
    pub(super) fn record(&self, message: &Json) -> Object {
        let member = |name: &str| message.get(name).cloned();
        let attributes = message.get("MessageAttributes").and_then(Json::as_object);
        let attributes: Object = attributes
            .into_iter()
            .flat_map(Object::iter)
            .map(|(name, attribute)| (name.clone(), message_attribute(attribute)))
            .collect();
        let mut record = ObjectBuilder::new();
        record
            .insert_some("messageId", member("MessageId"))
            .insert_some("receiptHandle", member("ReceiptHandle"))
            .insert_some("body", member("Body"))
            .insert(
                "attributes",
                member("Attributes").unwrap_or_else(|| json!({})),
            )
            .insert("messageAttributes", attributes)
            .insert_some("md5OfMessageAttributes", member("MD5OfMessageAttributes"))
            .insert_some("md5OfBody", member("MD5OfBody"))
            .insert("eventSource", "aws:sqs")
            .insert("eventSourceARN", self.arn.as_str())
            .insert("awsRegion", self.arn.region());
        record.build()
    }
}

fn message_attribute(attribute: &Json) -> Json {
    let mut shown = ObjectBuilder::new();
    shown
        .insert_some("stringValue", attribute.get("StringValue").cloned())
        .insert_some("binaryValue", attribute.get("BinaryValue").cloned())
        .insert("stringListValues", json!([]))
        .insert("binaryListValues", json!([]))
        .insert_some("dataType", attribute.get("DataType").cloned());
    Json::from(shown.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_form_of_lambda() {
        let source = Queue::parse("arn:aws:sqs:eu-west-1:111111111111:q").unwrap();
        let record = source.record(&json!({
            "MessageId": "m", "ReceiptHandle": "r", "Body": "b", "MD5OfBody": "d", "MD5OfMessageAttributes": "e",
            "Attributes": {"ApproximateReceiveCount": "1"},
            "MessageAttributes": {"n": {"DataType": "Number", "StringValue": "1"}}
        }));
        let expect = json!({
            "messageId": "m", "receiptHandle": "r", "body": "b", "md5OfBody": "d", "md5OfMessageAttributes": "e",
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {"n": {
                "stringValue": "1", "stringListValues": [], "binaryListValues": [], "dataType": "Number"}},
            "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-west-1:111111111111:q", "awsRegion": "eu-west-1"
        });
        assert_eq!(Json::from(record), expect);
        assert!(Queue::parse("arn:aws:sns:eu-west-1:111111111111:q").is_none());
    }
}
