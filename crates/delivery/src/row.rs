//! A delivery as it is kept.

use passo_json::{Json, ObjectBuilder};
use passo_service::Caller;
use passo_vocab::{AccountId, Region, Timestamp};

use crate::{DeadLetter, Delivery, Retry};

/// A delivery and how far it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) delivery: Delivery,
    pub(crate) put_at: Timestamp,
    pub(crate) due_at: Timestamp,
    pub(crate) attempts: u32,
}

impl Row {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let delivery = &self.delivery;
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("service", &*delivery.service)
            .insert("operation", &*delivery.operation)
            .insert("parameters", delivery.parameters.clone())
            .insert("account", delivery.caller.account.as_str())
            .insert("region", delivery.caller.region.as_str())
            .insert("retries_max", i64::from(delivery.retry.retries_max))
            .insert("age_max", delivery.retry.age_max_millis)
            .insert("pause_first", delivery.retry.pause_first_millis)
            .insert("pause_max", delivery.retry.pause_max_millis)
            .insert_some(
                "dead_letter",
                delivery.dead_letter.as_ref().map(dead_letter),
            )
            .insert_some("group", delivery.group.as_deref())
            .insert("note", delivery.note.clone())
            .insert("put_at", self.put_at.epoch_millis())
            .insert("due_at", self.due_at.epoch_millis())
            .insert("attempts", i64::from(self.attempts));
        Json::from(row.build()).to_text().into_bytes()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Row> {
        let row = Json::parse(std::str::from_utf8(bytes).ok()?).ok()?;
        let text = |member: &str| row.get(member)?.as_str();
        let number = |member: &str| row.get(member)?.as_i64();
        let count = |member: &str| u32::try_from(number(member)?).ok();
        Some(Row {
            delivery: Delivery {
                service: text("service")?.into(),
                operation: text("operation")?.into(),
                parameters: row.get("parameters")?.clone(),
                caller: Caller {
                    account: AccountId::parse(text("account")?).ok()?,
                    region: Region::parse(text("region")?).ok()?,
                },
                retry: Retry {
                    retries_max: count("retries_max")?,
                    age_max_millis: number("age_max")?,
                    pause_first_millis: number("pause_first")?,
                    pause_max_millis: number("pause_max")?,
                },
                dead_letter: match row.get("dead_letter") {
                    Some(letter) => Some(read_dead_letter(letter)?),
                    None => None,
                },
                group: text("group").map(Into::into),
                note: row.get("note")?.clone(),
            },
            put_at: Timestamp::from_epoch_millis(number("put_at")?),
            due_at: Timestamp::from_epoch_millis(number("due_at")?),
            attempts: count("attempts")?,
        })
    }
}

fn dead_letter(letter: &DeadLetter) -> Json {
    let mut shown = ObjectBuilder::new();
    shown
        .insert("queue_arn", &*letter.queue_arn)
        .insert("body", &*letter.body)
        .insert("attributes", letter.attributes.clone())
        .insert_some("message_group", letter.message_group.as_deref());
    Json::from(shown.build())
}

fn read_dead_letter(letter: &Json) -> Option<DeadLetter> {
    let text = |member: &str| letter.get(member)?.as_str();
    Some(DeadLetter {
        queue_arn: text("queue_arn")?.into(),
        body: text("body")?.into(),
        attributes: letter.get("attributes")?.clone(),
        message_group: text("message_group").map(Into::into),
    })
}
