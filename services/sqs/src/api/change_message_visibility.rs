//! `ChangeMessageVisibility` and `ChangeMessageVisibilityBatch`.

use passo_json::{Json, Object};
use passo_service::Fault;

use super::receive_message::check_visibility;
use crate::faults;
use crate::request::{Request, batch_answer, number};
use crate::sqs::{Core, nothing};

/// A receipt handle, and for how many seconds its message is to be invisible.
type Change<'a> = (&'a str, i64);

pub(crate) async fn call(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let handle = request.required("ReceiptHandle")?;
    let seconds = request
        .number("VisibilityTimeout")
        .ok_or_else(|| faults::missing("VisibilityTimeout"))?;
    check_visibility(seconds)?;
    let outcomes = core.change_visibility(&queue, &[(handle, seconds)]).await?;
    outcomes.into_iter().collect::<Result<(), Fault>>()?;
    Ok(nothing())
}

pub(crate) async fn batch(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let entries = request.entries("ChangeMessageVisibilityBatchRequestEntry")?;
    let read: Vec<(&str, Result<Change<'_>, Fault>)> = entries
        .into_iter()
        .map(|(id, entry)| {
            let handle = entry.get("ReceiptHandle").and_then(Json::as_str);
            let seconds = number(entry, "VisibilityTimeout").unwrap_or(0);
            let change = check_visibility(seconds).map(|()| (handle.unwrap_or_default(), seconds));
            (id, change)
        })
        .collect();
    let changes: Vec<Change<'_>> = read
        .iter()
        .filter_map(|(_, change)| change.as_ref().ok().copied())
        .collect();
    let mut outcomes = core.change_visibility(&queue, &changes).await?.into_iter();
    let answers = read.into_iter().filter_map(|(id, change)| {
        let outcome = match change {
            Ok(_) => outcomes.next()?,
            Err(fault) => Err(fault),
        };
        Some((id, outcome.map(|()| Object::default())))
    });
    Ok(batch_answer(answers))
}
