//! Sending messages.

use std::sync::Arc;

use passo_json::{Json, Object};
use passo_service::Fault;
use passo_store::Batch;

use crate::deduplication::{self, Original};
use crate::index::Entry;
use crate::message::{Message, is_legal, object};
use crate::message_attributes::{self, Attribute, Attributes, Value};
use crate::queue::{Queue, State, group_of};
use crate::quotas::{DELAY_SECONDS_MAX, TOKEN_MAX};
use crate::request::{find, number};
use crate::sqs::Core;
use crate::{faults, keys};

/// A message that is to be sent, checked.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    body: String,
    attributes: Attributes,
    trace_header: Option<Attribute>,
    group: Option<String>,
    deduplication_id: Option<String>,
    delay_seconds: Option<i64>,
    sender: String,
}

/// A message that was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    id: String,
    md5: String,
    attributes_md5: Option<String>,
    system_attributes_md5: Option<String>,
    sequence_number: Option<String>,
}

impl Outgoing {
    /// The message in a request, or in one entry of a batch.
    ///
    /// # Errors
    /// In AWS's words.
    pub(crate) fn read(given: &Json, queue: &Queue, sender: &str) -> Result<Outgoing, Fault> {
        let text = |member: &str| find(given, member).and_then(Json::as_str);
        let body = text("MessageBody").unwrap_or_default();
        if body.is_empty() {
            return Err(faults::missing("MessageBody"));
        }
        if !is_legal(body) {
            return Err(faults::contents());
        }
        let delay_seconds = number(given, "DelaySeconds");
        if let Some(delay) = delay_seconds {
            if !(0..=DELAY_SECONDS_MAX).contains(&delay) {
                let reason = "DelaySeconds must be >= 0 and <= 900.";
                return Err(faults::value(delay, "DelaySeconds", reason));
            }
            if queue.is_fifo() && delay > 0 {
                return Err(not_for_this_type(&delay.to_string(), "DelaySeconds"));
            }
        }
        let system = find(given, "MessageSystemAttributes");
        let system = message_attributes::read(system)?;
        let unknown = system.keys().find(|name| *name != "AWSTraceHeader");
        if let Some(name) = unknown {
            return Err(faults::parameter(format!(
                "Message system attribute name '{name}' is invalid."
            )));
        }
        let outgoing = Outgoing {
            body: body.to_owned(),
            attributes: message_attributes::read(find(given, "MessageAttributes"))?,
            trace_header: system.get("AWSTraceHeader").cloned(),
            group: token(text("MessageGroupId"), "MessageGroupId")?,
            deduplication_id: token(text("MessageDeduplicationId"), "MessageDeduplicationId")?,
            delay_seconds,
            sender: sender.to_owned(),
        };
        let state = queue.open()?;
        let max = queue.number(&state, "MaximumMessageSize");
        if usize::try_from(max).is_ok_and(|max| outgoing.bytes() > max) {
            return Err(faults::parameter(format!(
                "One or more parameters are invalid. Reason: Message must be shorter than {max} bytes."
            )));
        }
        outgoing.for_queue(queue, &state)
    }

    /// Bytes of body and attributes.
    pub(crate) fn bytes(&self) -> usize {
        self.body.len() + message_attributes::bytes(&self.attributes)
    }

    /// With what a FIFO queue wants of a message.
    fn for_queue(mut self, queue: &Queue, state: &State) -> Result<Outgoing, Fault> {
        if !queue.is_fifo() {
            return match &self.deduplication_id {
                Some(id) => Err(not_for_this_type(id, "MessageDeduplicationId")),
                None => Ok(self),
            };
        }
        if self.group.is_none() {
            return Err(faults::missing("MessageGroupId"));
        }
        if self.deduplication_id.is_none() {
            if !state
                .record
                .is_on("ContentBasedDeduplication", &queue.address)
            {
                return Err(faults::parameter(
                    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
                ));
            }
            self.deduplication_id = Some(deduplication::of_content(&self.body));
        }
        Ok(self)
    }

    fn into_message(self, core: &Core, queue: &Queue, sequence: u64, now: i64) -> Message {
        let trace = self.trace_header.map(|attribute| attribute.value);
        Message {
            id: core.uuid(),
            md5: message_attributes::md5(self.body.as_bytes()),
            body: self.body,
            attributes: self.attributes,
            sent_at: now,
            sender: self.sender,
            group: self.group,
            deduplication_id: self.deduplication_id,
            sequence_number: queue.is_fifo().then(|| sequence_number(sequence)),
            trace_header: match trace {
                Some(Value::Text(text)) => Some(text),
                Some(Value::Binary(_)) | None => None,
            },
            dead_letter_source: None,
        }
    }
}

/// Twenty digits, as AWS writes them.
pub(crate) fn sequence_number(sequence: u64) -> String {
    format!("{sequence:020}")
}

fn not_for_this_type(value: &str, name: &str) -> Fault {
    let reason = "The request include parameter that is not valid for this queue type.";
    faults::value(value, name, reason)
}

/// An id that a client has chosen.
pub(crate) fn token(given: Option<&str>, name: &str) -> Result<Option<String>, Fault> {
    let Some(text) = given else { return Ok(None) };
    let legal = |c: char| c.is_ascii_graphic();
    if (1..=TOKEN_MAX).contains(&text.len()) && text.chars().all(legal) {
        return Ok(Some(text.to_owned()));
    }
    Err(faults::value(
        text,
        name,
        &format!(
            "{name} can only include alphanumeric and punctuation characters. 1 to 128 in length."
        ),
    ))
}

impl Sent {
    /// As an answer has it.
    pub(crate) fn show(self) -> Object {
        object([
            ("MD5OfMessageBody", Some(self.md5)),
            ("MD5OfMessageAttributes", self.attributes_md5),
            ("MD5OfMessageSystemAttributes", self.system_attributes_md5),
            ("MessageId", Some(self.id)),
            ("SequenceNumber", self.sequence_number),
        ])
    }
}

impl Core {
    /// Sends messages together: when this returns, they are durable.
    ///
    /// # Errors
    /// Where the queue is gone, or the store fails; none of them was sent then.
    pub(crate) async fn send(
        &self,
        queue: &Arc<Queue>,
        messages: Vec<Outgoing>,
    ) -> Result<Vec<Sent>, Fault> {
        let mut sent = Vec::with_capacity(messages.len());
        let submitted = {
            let mut state = queue.open()?;
            let now = self.now();
            let mut send = Send {
                core: self,
                queue,
                now,
                batch: Batch::new(),
                entries: Vec::new(),
                hashes: Vec::new(),
            };
            for message in messages {
                sent.push(send.add(&mut state, message));
            }
            let Send {
                batch,
                entries,
                hashes,
                ..
            } = send;
            let store_id = state.record.store_id;
            let queue = Arc::clone(queue);
            self.committer.submit(batch, move |durable| {
                if durable {
                    queue.admit(store_id, entries, now);
                } else {
                    let mut state = queue.lock();
                    for hash in hashes {
                        state.deduplication.remove(&hash);
                    }
                }
            })
        };
        submitted.durable().await?;
        Ok(sent)
    }
}

/// Messages on their way into one commit.
struct Send<'a> {
    core: &'a Core,
    queue: &'a Queue,
    now: i64,
    batch: Batch,
    entries: Vec<(u64, Entry)>,
    hashes: Vec<deduplication::Hash>,
}

impl Send<'_> {
    fn add(&mut self, state: &mut State, outgoing: Outgoing) -> Sent {
        let store_id = state.record.store_id;
        let mut sent = Sent {
            id: String::new(),
            md5: String::new(),
            attributes_md5: message_attributes::digest(outgoing.attributes.iter()),
            system_attributes_md5: outgoing.trace_header.as_ref().and_then(|attribute| {
                message_attributes::digest(std::iter::once((
                    &"AWSTraceHeader".to_owned(),
                    attribute,
                )))
            }),
            sequence_number: None,
        };
        let hash = self.hash(state, &outgoing);
        if let Some(original) = hash.and_then(|hash| self.original(state, &hash)) {
            sent.md5 = message_attributes::md5(outgoing.body.as_bytes());
            sent.id = original.id;
            sent.sequence_number = Some(original.sequence_number);
            return sent;
        }
        let delay = outgoing.delay_seconds;
        let delay = delay.unwrap_or_else(|| self.queue.number(state, "DelaySeconds"));
        let sequence = self.core.sequences.next(self.now);
        let message = outgoing.into_message(self.core, self.queue, sequence, self.now);
        let entry = Entry {
            visible_at: self.now.saturating_add(delay.saturating_mul(1000)),
            receive_count: 0,
            first_received_at: 0,
            group: group_of(self.queue, message.group.as_deref()),
        };
        let key = keys::message(store_id, sequence);
        self.batch.put(keys::BODIES, key.clone(), message.encode());
        self.batch.put(keys::INDEX, key, entry.encode());
        self.entries.push((sequence, entry));
        if let Some(hash) = hash {
            self.remember(state, hash, &message);
        }
        sent.id = message.id;
        sent.md5 = message.md5;
        sent.sequence_number = message.sequence_number;
        sent
    }

    fn hash(&self, state: &State, outgoing: &Outgoing) -> Option<deduplication::Hash> {
        if !self.queue.is_fifo() {
            return None;
        }
        let scope = state
            .record
            .attribute("DeduplicationScope", &self.queue.address);
        let group = outgoing
            .group
            .as_deref()
            .filter(|_| scope == Some("messageGroup"));
        let id = outgoing.deduplication_id.as_deref()?;
        Some(deduplication::hash(group, id))
    }

    fn original(&mut self, state: &mut State, hash: &deduplication::Hash) -> Option<Original> {
        let store_id = state.record.store_id;
        for hash in state.deduplication.expire(self.now) {
            let key = keys::deduplication(store_id, &hash);
            self.batch.delete(keys::DEDUPLICATIONS, key);
        }
        state.deduplication.find(hash).cloned()
    }

    fn remember(&mut self, state: &mut State, hash: deduplication::Hash, message: &Message) {
        let original = Original {
            id: message.id.clone(),
            sequence_number: message.sequence_number.clone().unwrap_or_default(),
            sent_at: self.now,
        };
        let key = keys::deduplication(state.record.store_id, &hash);
        self.batch.put(keys::DEDUPLICATIONS, key, original.encode());
        state.deduplication.insert(hash, original);
        self.hashes.push(hash);
    }
}
