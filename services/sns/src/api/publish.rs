//! `Publish` and `PublishBatch`.

use std::collections::BTreeSet;

use passo_json::{Json, ObjectBuilder};
use passo_records::Parameters;
use passo_service::Fault;

use super::required;
use crate::address::Address;
use crate::faults;
use crate::message::Message;
use crate::publishing::Published;
use crate::quotas::{BATCH_MAX, MESSAGE_BYTES_MAX};
use crate::sns::Sns;

pub(crate) fn publish(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let target = request.text("TopicArn").or(request.text("TargetArn"));
    let number = request.text("PhoneNumber");
    let message = Message::read(&request.call.parameters);
    let published = match (target, number) {
        (None, None) => {
            return Err(faults::invalid(
                "TopicArn or TargetArn Reason: no value for required parameter",
            ));
        }
        (Some(arn), _) if is_endpoint(arn) => {
            let row = super::platform::find(sns, arn)?;
            if row.pointer("/attributes/Enabled") == Some(&Json::from("false")) {
                return Err(Fault::caller("EndpointDisabled", "Endpoint is disabled"));
            }
            message?;
            Published {
                id: sns.uuid(),
                sequence_number: None,
            }
        }
        (Some(arn), _) => {
            let address = Address::of_arn(arn, "TopicArn")?;
            let message = message?;
            let topic = sns.topic(&address)?;
            let outcomes = sns.publish(&address, &topic, &[Ok(message)])?;
            let lost = || Err(Fault::service("The message was not published."));
            outcomes.into_iter().next().unwrap_or_else(lost)?
        }
        (None, Some(number)) if !is_number(number) => {
            let message = format!("PhoneNumber Reason: {number} is not valid to publish to");
            return Err(faults::invalid(message));
        }
        (None, Some(number)) => sns.text(&request.call.caller, number, &message?)?,
    };
    let mut answer = ObjectBuilder::new();
    answer
        .insert("MessageId", published.id)
        .insert_some("SequenceNumber", published.sequence_number);
    Ok(Json::from(answer.build()))
}

/// Whether it is a telephone number in the form of E.164.
fn is_number(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or(number);
    (2..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether an ARN is that of a platform's endpoint rather than of a topic.
fn is_endpoint(arn: &str) -> bool {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
    resource.starts_with("endpoint/")
}

pub(crate) fn batch(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = Address::of_arn(required(&request, "TopicArn")?, "TopicArn")?;
    let topic = sns.topic(&address)?;
    let entries = request.list("PublishBatchRequestEntries");
    let ids = ids(entries)?;
    let messages: Vec<Result<Message, Fault>> = entries.iter().map(Message::read).collect();
    let bytes: usize = messages
        .iter()
        .filter_map(|message| message.as_ref().ok())
        .map(Message::bytes)
        .sum();
    if bytes > MESSAGE_BYTES_MAX {
        let message = "The length of all the batch messages put together is more than the limit.";
        return Err(Fault::caller("BatchRequestTooLong", message));
    }
    let outcomes = sns.publish(&address, &topic, &messages)?;
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for (id, outcome) in ids.into_iter().zip(outcomes) {
        let mut entry = ObjectBuilder::new();
        entry.insert("Id", id);
        match outcome {
            Ok(published) => {
                entry
                    .insert("MessageId", published.id)
                    .insert_some("SequenceNumber", published.sequence_number);
                successful.push(Json::from(entry.build()));
            }
            Err(fault) => {
                entry
                    .insert("Code", &*fault.code)
                    .insert("Message", fault.message)
                    .insert("SenderFault", fault.status < 500);
                failed.push(Json::from(entry.build()));
            }
        }
    }
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Successful", successful)
        .insert("Failed", failed);
    Ok(Json::from(answer.build()))
}

/// The ids of a batch, which differ.
fn ids(entries: &[Json]) -> Result<Vec<&str>, Fault> {
    if entries.is_empty() {
        let message = "The batch request doesn't contain any entries.";
        return Err(Fault::caller("EmptyBatchRequest", message));
    }
    if entries.len() > BATCH_MAX {
        let message = "The batch request contains more entries than permissible.";
        return Err(Fault::caller("TooManyEntriesInBatchRequest", message));
    }
    let mut seen = BTreeSet::new();
    let mut ids = Vec::with_capacity(entries.len());
    for entry in entries {
        let id = entry.get("Id").and_then(Json::as_str).unwrap_or_default();
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !(1..=80).contains(&id.len()) || !id.chars().all(legal) {
            let message =
                "The Id of a batch entry in a batch request doesn't abide by the specification.";
            return Err(Fault::caller("InvalidBatchEntryId", message));
        }
        if !seen.insert(id) {
            let message = "Two or more batch entries in the request have the same Id.";
            return Err(Fault::caller("BatchEntryIdsNotDistinct", message));
        }
        ids.push(id);
    }
    Ok(ids)
}
