//! `SendMessage` and `SendMessageBatch`.

use std::sync::Arc;

use passo_json::Json;
use passo_service::Fault;

use crate::faults;
use crate::quotas::MESSAGE_BYTES_MAX;
use crate::request::{Request, batch_answer};
use crate::sending::Outgoing;
use crate::sqs::Core;

pub(crate) async fn call(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let sender = request.call.caller.account.as_str();
    let message = Outgoing::read(&request.call.parameters, &queue, sender)?;
    let sent = core.send(&queue, vec![message]).await?;
    let answer = sent.into_iter().next().map(crate::sending::Sent::show);
    Ok(Json::from(answer.unwrap_or_default()))
}

pub(crate) async fn batch(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let sender = request.call.caller.account.as_str();
    let entries = request.entries("SendMessageBatchRequestEntry")?;
    let read: Vec<(&str, Result<Outgoing, Fault>)> = entries
        .into_iter()
        .map(|(id, entry)| (id, Outgoing::read(entry, &queue, sender)))
        .collect();
    let sizes = read.iter().filter_map(|(_, message)| message.as_ref().ok());
    let bytes: usize = sizes.map(Outgoing::bytes).sum();
    if bytes > MESSAGE_BYTES_MAX {
        return Err(faults::batch_too_long(bytes, MESSAGE_BYTES_MAX));
    }
    let good: Vec<Outgoing> = read
        .iter()
        .filter_map(|(_, message)| message.as_ref().ok().cloned())
        .collect();
    let mut sent = core.send(&Arc::clone(&queue), good).await?.into_iter();
    let outcomes = read.into_iter().filter_map(|(id, message)| {
        let outcome = match message {
            Ok(_) => Ok(sent.next()?.show()),
            Err(fault) => Err(fault),
        };
        Some((id, outcome))
    });
    Ok(batch_answer(outcomes))
}
