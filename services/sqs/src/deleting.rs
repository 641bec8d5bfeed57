//! Deleting messages, and changing for how long they are invisible: what is done with a receipt.

use std::sync::Arc;

use passo_service::Fault;
use passo_store::Batch;

use crate::committer::Submitted;
use crate::index::Entry;
use crate::queue::{self, Queue, State};
use crate::receipt::Receipt;
use crate::sqs::Core;
use crate::{faults, keys};

/// Where the message of a receipt is.
enum Found {
    /// It is deleted, purged, or was received by somebody else since.
    Gone,
    /// It is visible again; nobody has received it since.
    Visible,
    InFlight,
}

impl Core {
    /// Deletes the messages of these handles, and tells what became of each.
    ///
    /// # Errors
    /// Where the queue is gone, or the store fails.
    pub(crate) async fn delete(
        &self,
        queue: &Arc<Queue>,
        handles: &[&str],
    ) -> Result<Vec<Result<(), Fault>>, Fault> {
        let mut outcomes = Vec::with_capacity(handles.len());
        let submitted = {
            let mut state = queue.open()?;
            let now = self.now();
            state.index.wake(now);
            let mut batch = Batch::new();
            let mut removed = Vec::new();
            for handle in handles {
                let outcome = delete_one(queue, &mut state, handle);
                outcomes.push(outcome.map(|found| {
                    if let Some((sequence, entry)) = found {
                        queue::remove(&mut batch, state.record.store_id, sequence);
                        removed.push((sequence, entry));
                    }
                }));
            }
            let store_id = state.record.store_id;
            let owner = Arc::clone(queue);
            self.committer.submit(batch, move |durable| {
                if !durable {
                    owner.admit(store_id, removed, now);
                }
            })
        };
        submitted.durable().await?;
        // The next message of a group may be received now.
        queue.announce(if queue.is_fifo() { handles.len() } else { 0 });
        Ok(outcomes)
    }

    /// Changes for how many seconds from now the messages of these handles are invisible.
    ///
    /// # Errors
    /// Where the queue is gone, or the store fails.
    pub(crate) async fn change_visibility(
        &self,
        queue: &Arc<Queue>,
        changes: &[(&str, i64)],
    ) -> Result<Vec<Result<(), Fault>>, Fault> {
        let mut outcomes = Vec::with_capacity(changes.len());
        let submitted: Submitted = {
            let mut state = queue.open()?;
            let now = self.now();
            state.index.wake(now);
            let mut batch = Batch::new();
            for (handle, seconds) in changes {
                let visible_at = now.saturating_add(seconds.saturating_mul(1000));
                let changed = change_one(queue, &mut state, handle, visible_at, now);
                outcomes.push(changed.map(|(sequence, entry)| {
                    let key = keys::message(state.record.store_id, sequence);
                    batch.put(keys::INDEX, key, entry.encode());
                }));
            }
            self.committer.submit(batch, |_| {})
        };
        submitted.durable().await?;
        let visible = changes.iter().filter(|(_, seconds)| *seconds == 0);
        queue.announce(visible.count());
        Ok(outcomes)
    }
}

/// The message that is no longer in the index; none where there was nothing to do.
fn delete_one(
    queue: &Queue,
    state: &mut State,
    handle: &str,
) -> Result<Option<(u64, Entry)>, Fault> {
    let receipt = Receipt::read(handle, &queue.arn).ok_or_else(|| faults::receipt(handle))?;
    match (find(state, receipt), queue.is_fifo()) {
        (Found::Gone, _) if state.index.find(receipt.sequence).is_none() => Ok(None),
        // Somebody else has it now. A standard queue says nothing of it, and keeps it.
        (Found::Gone, false) => Ok(None),
        (Found::Gone | Found::Visible, true) => Err(faults::expired_receipt(handle)),
        (Found::InFlight, _) | (Found::Visible, false) => {
            let entry = state.index.remove(receipt.sequence);
            Ok(entry.map(|entry| (receipt.sequence, entry)))
        }
    }
}

fn change_one(
    queue: &Queue,
    state: &mut State,
    handle: &str,
    visible_at: i64,
    now: i64,
) -> Result<(u64, Entry), Fault> {
    let receipt = Receipt::read(handle, &queue.arn).ok_or_else(|| faults::receipt(handle))?;
    match find(state, receipt) {
        Found::Gone => return Err(faults::not_available(handle)),
        Found::Visible => return Err(faults::not_in_flight()),
        Found::InFlight => {}
    }
    let entry = state.index.remove(receipt.sequence);
    let mut entry = entry.ok_or_else(|| faults::not_available(handle))?;
    entry.visible_at = visible_at;
    state.index.insert(receipt.sequence, entry.clone(), now);
    Ok((receipt.sequence, entry))
}

fn find(state: &State, receipt: Receipt) -> Found {
    let entry = state.index.find(receipt.sequence);
    match entry.filter(|_| receipt.store_id == state.record.store_id) {
        Some(entry) if entry.receive_count == receipt.receive => {
            if state.index.is_in_flight(receipt.sequence) {
                Found::InFlight
            } else {
                Found::Visible
            }
        }
        Some(_) | None => Found::Gone,
    }
}
