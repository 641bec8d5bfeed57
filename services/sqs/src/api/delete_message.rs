//! `DeleteMessage` and `DeleteMessageBatch`.

use passo_json::{Json, Object};
use passo_service::Fault;

use crate::request::{Request, batch_answer};
use crate::sqs::{Core, nothing};

pub(crate) async fn call(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let handle = request.required("ReceiptHandle")?;
    let outcomes = core.delete(&queue, &[handle]).await?;
    outcomes.into_iter().collect::<Result<(), Fault>>()?;
    Ok(nothing())
}

pub(crate) async fn batch(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let entries = request.entries("DeleteMessageBatchRequestEntry")?;
    let handles: Vec<&str> = entries
        .iter()
        .map(|(_, entry)| {
            entry
                .get("ReceiptHandle")
                .and_then(Json::as_str)
                .unwrap_or_default()
        })
        .collect();
    let outcomes = core.delete(&queue, &handles).await?;
    let ids = entries.iter().map(|(id, _)| *id);
    Ok(batch_answer(
        ids.zip(
            outcomes
                .into_iter()
                .map(|outcome| outcome.map(|()| Object::default())),
        ),
    ))
}
