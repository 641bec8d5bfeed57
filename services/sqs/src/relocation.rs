//! Moving messages from one queue to another: dead letters, and back.

use std::sync::Arc;

use passo_service::Fault;
use passo_store::Batch;

use crate::index::Entry;
use crate::message::Message;
use crate::queue::{self, Queue, Taken, group_of};
use crate::sqs::Core;
use crate::{faults, keys};

impl Core {
    /// Moves messages, which were taken out of the index of `from`, to the queues that `route` says. `mark` becomes what they
    /// know of where they come from. Each is in one queue or the other, whatever happens.
    ///
    /// # Errors
    /// Where a message has no way to go, or the store fails: those that did not go are back in `from`.
    pub(crate) async fn relocate(
        &self,
        from: &Arc<Queue>,
        taken: Vec<Taken>,
        route: impl Fn(&Message) -> Option<Arc<Queue>>,
        mark: Option<String>,
    ) -> Result<usize, Fault> {
        let store_id = from.lock().record.store_id;
        let now = self.now();
        let mut moved = 0;
        let mut last = None;
        let mut stuck = Vec::new();
        for (sequence, entry) in taken {
            let row = self.snapshot().and_then(|snapshot| {
                let row = snapshot.get(keys::BODIES, &keys::message(store_id, sequence));
                row.map_err(|error| faults::store(&error))
            });
            let message = match row {
                Ok(Some(row)) => Message::decode(&row),
                // A purge has swept it away.
                Ok(None) => continue,
                Err(_) => None,
            };
            let target = message.as_ref().and_then(&route);
            let (Some(mut message), Some(target)) = (message, target) else {
                stuck.push((sequence, entry));
                continue;
            };
            message.dead_letter_source.clone_from(&mark);
            last = Some(self.hand_over(from, (sequence, entry), &target, &message, now));
            moved += 1;
        }
        let is_stuck = !stuck.is_empty();
        from.admit(store_id, stuck, now);
        // Changes become durable in order.
        if let Some(last) = last {
            last.durable().await?;
        }
        if is_stuck {
            return Err(faults::no_resource("The destination queue does not exist."));
        }
        Ok(moved)
    }

    fn hand_over(
        &self,
        from: &Arc<Queue>,
        (sequence, entry): Taken,
        target: &Arc<Queue>,
        message: &Message,
        now: i64,
    ) -> crate::committer::Submitted {
        let old_id = from.lock().record.store_id;
        let new_id = target.lock().record.store_id;
        let new_sequence = self.sequences.next(now);
        let new_entry = Entry {
            visible_at: now,
            receive_count: 0,
            first_received_at: 0,
            group: group_of(target, message.group.as_deref()),
        };
        let mut batch = Batch::new();
        queue::remove(&mut batch, old_id, sequence);
        let key = keys::message(new_id, new_sequence);
        batch.put(keys::BODIES, key.clone(), message.encode());
        batch.put(keys::INDEX, key, new_entry.encode());
        let (from, target) = (Arc::clone(from), Arc::clone(target));
        self.committer.submit(batch, move |durable| {
            if durable {
                target.admit(new_id, vec![(new_sequence, new_entry)], now);
            } else {
                from.admit(old_id, vec![(sequence, entry)], now);
            }
        })
    }
}
