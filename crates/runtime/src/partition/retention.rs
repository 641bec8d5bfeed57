//! Forgetting executions that ended long ago.

use std::ops::ControlFlow;

use passo_store::{Direction, KeyRange, StoreError};
use passo_vocab::Timestamp;

use super::Partition;
use crate::Key;
use crate::tables::{closed, journal, listing, map_run, summary};

impl Partition {
    /// Forgets executions that ended before the retention period, at most `most`. Whether more are left.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn forget(&mut self, now: Timestamp, most: usize) -> Result<bool, StoreError> {
        let limit = now.plus_millis(self.settings.retention_millis().saturating_neg());
        let snapshot = self.store.snapshot()?;
        let mut over: Vec<(Timestamp, Key)> = Vec::new();
        snapshot.scan(
            closed::SPACE,
            &KeyRange::all(),
            Direction::Forward,
            &mut |key, _| match closed::from_key(key) {
                Some(entry) if entry.0 < limit && !self.share.owns(entry.1) => {
                    ControlFlow::Continue(())
                }
                Some(entry) if entry.0 < limit && over.len() < most => {
                    // It may have moved since: a redrive that is not durable yet has opened it again.
                    let is_still = self.live.get(&entry.1).is_none_or(|live| {
                        let ended_then = live.summary.stopped_at == Some(entry.0);
                        ended_then && live.is_at_rest() && !live.is_touched
                    });
                    if is_still {
                        over.push(entry);
                    }
                    ControlFlow::Continue(())
                }
                _ => ControlFlow::Break(()),
            },
        )?;
        for (stopped_at, key) in &over {
            let batch = &mut self.turn.batch;
            closed::delete(batch, *stopped_at, *key);
            journal::delete(batch, *key);
            batch.delete(summary::SPACE, key.as_bytes());
            map_run::delete_all(batch, snapshot.as_ref(), *key)?;
            if let Some(summary) = summary::get(snapshot.as_ref(), *key)? {
                let parent = summary.map_run_arn.unwrap_or(summary.state_machine_arn);
                listing::delete(batch, Key::of(&parent), summary.order, *key);
            }
            self.live.remove(key);
            // Until that is durable the store still shows it: nobody may bring it back.
            self.forgotten.insert(*key, self.turns + 1);
        }
        Ok(over.len() == most)
    }
}
