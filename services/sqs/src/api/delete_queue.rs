//! `DeleteQueue`: the queue is gone at once; its messages are swept away afterwards.
//!
//! On AWS a queue with the same name cannot be made for 60 seconds. That is not kept up here: it protects nothing, and tests that
//! make and delete queues would wait.

use std::sync::{Arc, PoisonError};

use passo_json::Json;
use passo_service::Fault;
use passo_store::Batch;

use crate::keys;
use crate::request::Request;
use crate::sqs::{Core, nothing};

pub(crate) async fn call(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let _making = core.making.lock().await;
    let (submitted, store_id) = {
        let mut state = queue.open()?;
        state.gone = true;
        let store_id = state.record.store_id;
        let mut batch = Batch::new();
        batch.delete(keys::QUEUES, keys::queue(&queue.address));
        batch.put(keys::GARBAGE, store_id.to_be_bytes(), b"1");
        let owner = Arc::clone(&queue);
        let submitted = core.committer.submit(batch, move |durable| {
            owner.lock().gone = durable;
        });
        (submitted, store_id)
    };
    submitted.durable().await?;
    {
        let mut queues = core.queues.write().unwrap_or_else(PoisonError::into_inner);
        queues.remove(&queue.address);
    }
    core.committer.sweep(store_id);
    // Those who poll are told that it is gone.
    queue.arrivals.notify_waiters();
    Ok(nothing())
}
