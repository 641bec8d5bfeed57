//! A message as it is kept: what does not change while it is in a queue.

use passo_json::{Json, Object, ObjectBuilder};

use crate::message_attributes::{self, Attributes};

const VERSION: u8 = 1;

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) body: String,
    pub(crate) md5: String,
    pub(crate) attributes: Attributes,
    pub(crate) sent_at: i64,
    pub(crate) sender: String,
    pub(crate) group: Option<String>,
    pub(crate) deduplication_id: Option<String>,
    /// Given when it was sent; a FIFO message keeps it in a dead-letter queue.
    pub(crate) sequence_number: Option<String>,
    pub(crate) trace_header: Option<String>,
    /// The ARN of the queue that it was taken out of, because it was received too often.
    pub(crate) dead_letter_source: Option<String>,
}

impl Message {
    /// Version, length of the head, head as JSON, body as it is: a large body is not escaped.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let text = |value: &Option<String>| value.as_deref().map(Json::from);
        let mut head = ObjectBuilder::new();
        head.insert("id", self.id.as_str())
            .insert("md5", self.md5.as_str())
            .insert("sentAt", self.sent_at)
            .insert("sender", self.sender.as_str())
            .insert_some("group", text(&self.group))
            .insert_some("deduplicationId", text(&self.deduplication_id))
            .insert_some("sequenceNumber", text(&self.sequence_number))
            .insert_some("traceHeader", text(&self.trace_header))
            .insert_some("deadLetterSource", text(&self.dead_letter_source));
        if !self.attributes.is_empty() {
            head.insert(
                "attributes",
                message_attributes::show(self.attributes.iter()),
            );
        }
        let head = Json::from(head.build()).to_text();
        let mut row = Vec::with_capacity(5 + head.len() + self.body.len());
        row.push(VERSION);
        row.extend_from_slice(&u32::try_from(head.len()).unwrap_or(u32::MAX).to_be_bytes());
        row.extend_from_slice(head.as_bytes());
        row.extend_from_slice(self.body.as_bytes());
        row
    }

    /// The message of a row; `None` where it is damaged or of another version.
    pub(crate) fn decode(row: &[u8]) -> Option<Message> {
        let (version, rest) = row.split_first()?;
        let (length, rest) = rest.split_at_checked(4)?;
        let length = usize::try_from(u32::from_be_bytes(length.try_into().ok()?)).ok()?;
        let (head, body) = rest.split_at_checked(length)?;
        let head = Json::parse(std::str::from_utf8(head).ok()?).ok()?;
        if *version != VERSION {
            return None;
        }
        let find = |member: &str| head.get(member).and_then(Json::as_str).map(str::to_owned);
        Some(Message {
            id: find("id")?,
            body: String::from_utf8(body.to_vec()).ok()?,
            md5: find("md5")?,
            attributes: message_attributes::read(head.get("attributes")).ok()?,
            sent_at: head.get("sentAt")?.as_i64()?,
            sender: find("sender")?,
            group: find("group"),
            deduplication_id: find("deduplicationId"),
            sequence_number: find("sequenceNumber"),
            trace_header: find("traceHeader"),
            dead_letter_source: find("deadLetterSource"),
        })
    }

    /// The system attribute called `name` of a message that was received so often, first at that time.
    pub(crate) fn system_attribute(
        &self,
        name: &str,
        receive_count: u32,
        first_received_at: i64,
    ) -> Option<String> {
        match name {
            "SenderId" => Some(self.sender.clone()),
            "SentTimestamp" => Some(self.sent_at.to_string()),
            "ApproximateReceiveCount" => Some(receive_count.to_string()),
            "ApproximateFirstReceiveTimestamp" => Some(first_received_at.to_string()),
            "SequenceNumber" => self.sequence_number.clone(),
            "MessageDeduplicationId" => self.deduplication_id.clone(),
            "MessageGroupId" => self.group.clone(),
            "AWSTraceHeader" => self.trace_header.clone(),
            "DeadLetterQueueSourceArn" => self.dead_letter_source.clone(),
            _ => None,
        }
    }
}

/// Names of system attributes, in the order in which answers have them.
pub(crate) const SYSTEM_ATTRIBUTES: [&str; 9] = [
    "SenderId",
    "ApproximateFirstReceiveTimestamp",
    "ApproximateReceiveCount",
    "SentTimestamp",
    "SequenceNumber",
    "MessageDeduplicationId",
    "MessageGroupId",
    "AWSTraceHeader",
    "DeadLetterQueueSourceArn",
];

/// Whether a text has only characters that SQS takes.
pub(crate) fn is_legal(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..))
}

/// Members of an answer, without those that are not there.
pub(crate) fn object<'a>(members: impl IntoIterator<Item = (&'a str, Option<String>)>) -> Object {
    members
        .into_iter()
        .filter_map(|(name, value)| Some((name, Json::from(value?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn rows_are_read_as_they_were_written() {
        let given = json!({"a": {"DataType": "Binary.x", "BinaryValue": "AAH/"}});
        let message = Message {
            id: "id".to_owned(),
            body: "body \u{1f600}\n".to_owned(),
            md5: "m".to_owned(),
            attributes: message_attributes::read(Some(&given)).unwrap(),
            sent_at: 1_700_000_000_000,
            sender: "000000000000".to_owned(),
            group: Some("g".to_owned()),
            deduplication_id: None,
            sequence_number: Some("1".to_owned()),
            trace_header: None,
            dead_letter_source: Some("arn".to_owned()),
        };
        let row = message.encode();
        assert_eq!(Message::decode(&row), Some(message));
        for damaged in [&row[..3], &row[..20], &[], &[9, 0, 0, 0, 0]] {
            assert_eq!(Message::decode(damaged), None);
        }
    }

    #[test]
    fn control_characters_are_refused() {
        for (text, expect) in [
            ("a\tb\r\n\u{1f600}", true),
            ("\u{0}", false),
            ("\u{1b}", false),
            ("\u{ffff}", false),
        ] {
            assert_eq!(is_legal(text), expect, "{text:?}");
        }
    }
}
