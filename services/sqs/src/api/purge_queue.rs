//! `PurgeQueue`: every message is gone.

use passo_json::Json;
use passo_service::Fault;

use crate::index::Index;
use crate::quotas::PURGE_MILLIS;
use crate::request::Request;
use crate::sqs::{Core, nothing};
use crate::{faults, keys};

pub(crate) async fn call(core: &Core, request: &Request<'_>) -> Result<Json, Fault> {
    let queue = request.queue(core)?;
    let (submitted, old_id) = {
        let mut state = queue.open()?;
        let now = core.now();
        let recent = state
            .record
            .purged_at
            .is_some_and(|at| now.saturating_sub(at) < PURGE_MILLIS);
        if recent {
            return Err(faults::purge_in_progress(&queue.address.name));
        }
        let old_id = state.record.store_id;
        state.record.store_id = core.sequences.next(now);
        state.record.purged_at = Some(now);
        state.index = Index::default();
        state.deduplication.clear();
        state.attempts.clear();
        let mut batch = queue.put(&state.record);
        batch.put(keys::GARBAGE, old_id.to_be_bytes(), b"1");
        (core.committer.submit(batch, |_| {}), old_id)
    };
    // Where the store refuses this, the messages are out of sight until the next start.
    submitted.durable().await?;
    core.committer.sweep(old_id);
    Ok(nothing())
}
