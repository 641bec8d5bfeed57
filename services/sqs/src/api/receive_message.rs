//! `ReceiveMessage`.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use crate::faults;
use crate::message::{SYSTEM_ATTRIBUTES, object};
use crate::message_attributes::{digest, is_wanted, show};
use crate::queue::Queue;
use crate::quotas::{BATCH_MAX, VISIBILITY_SECONDS_MAX, WAIT_SECONDS_MAX};
use crate::receiving::{Received, Want};
use crate::request::Request;
use crate::sending::token;
use crate::sqs::Core;

pub(crate) async fn call(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let want = want(request, &queue)?;
    // The second name is the newer one.
    let system = request.texts(&["AttributeNames", "MessageSystemAttributeNames"]);
    let known = |name: &str| name == "All" || SYSTEM_ATTRIBUTES.contains(&name);
    if let Some(unknown) = system.iter().find(|name| !known(name)) {
        return Err(faults::unknown_attribute(unknown));
    }
    let attributes = request.texts(&["MessageAttributeNames"]);
    let received = core.receive(&queue, &want).await?;
    let messages: Vec<Json> = received
        .iter()
        .map(|received| Json::from(message(received, &system, &attributes)))
        .collect();
    let mut answer = ObjectBuilder::new();
    if !messages.is_empty() {
        answer.insert("Messages", messages);
    }
    Ok(Json::from(answer.build()))
}

fn want(request: &Request<'_>, queue: &Queue) -> Result<Want, Fault> {
    let most = i64::try_from(BATCH_MAX).unwrap_or(i64::MAX);
    let messages = request.number("MaxNumberOfMessages").unwrap_or(1);
    if !(1..=most).contains(&messages) {
        let reason = "Must be between 1 and 10, if provided.";
        return Err(faults::value(messages, "MaxNumberOfMessages", reason));
    }
    let (visibility, wait) = {
        let state = queue.open()?;
        (
            queue.number(&state, "VisibilityTimeout"),
            queue.number(&state, "ReceiveMessageWaitTimeSeconds"),
        )
    };
    let wait = request.number("WaitTimeSeconds").unwrap_or(wait);
    if !(0..=WAIT_SECONDS_MAX).contains(&wait) {
        let reason = "Must be >= 0 and <= 20, if provided.";
        return Err(faults::value(wait, "WaitTimeSeconds", reason));
    }
    let visibility = request.number("VisibilityTimeout").unwrap_or(visibility);
    check_visibility(visibility)?;
    let attempt = token(
        request.text("ReceiveRequestAttemptId"),
        "ReceiveRequestAttemptId",
    )?;
    if attempt.is_some() && !queue.is_fifo() {
        return Err(faults::parameter(
            "The request include parameter ReceiveRequestAttemptId that is not valid for this queue type",
        ));
    }
    Ok(Want {
        messages_max: usize::try_from(messages).unwrap_or(1),
        visibility_seconds: visibility,
        wait_seconds: wait,
        attempt,
    })
}

/// Whether a message may be invisible for so long.
///
/// # Errors
/// In AWS's words.
pub(crate) fn check_visibility(seconds: i64) -> Result<(), Fault> {
    if (0..=VISIBILITY_SECONDS_MAX).contains(&seconds) {
        return Ok(());
    }
    let reason = "VisibilityTimeout must be >= 0 and <= 43200.";
    Err(faults::value(seconds, "VisibilityTimeout", reason))
}

fn message(received: &Received, system: &[&str], wanted: &[&str]) -> Object {
    let Received {
        message,
        entry,
        handle,
    } = received;
    let chosen = || {
        let all = message.attributes.iter();
        all.filter(|(name, _)| is_wanted(wanted, name))
    };
    let system_attributes = SYSTEM_ATTRIBUTES
        .into_iter()
        .filter(|name| system.contains(&"All") || system.contains(name))
        .map(|name| {
            let value =
                message.system_attribute(name, entry.receive_count, entry.first_received_at);
            (name, value)
        });
    let system_attributes = object(system_attributes);
    let mut shown = ObjectBuilder::new();
    shown
        .insert("MessageId", message.id.as_str())
        .insert("ReceiptHandle", handle.as_str())
        .insert("MD5OfBody", message.md5.as_str())
        .insert("Body", message.body.as_str());
    if !system_attributes.is_empty() {
        shown.insert("Attributes", system_attributes);
    }
    if let Some(digest) = digest(chosen()) {
        shown
            .insert("MD5OfMessageAttributes", digest)
            .insert("MessageAttributes", show(chosen()));
    }
    shown.build()
}
