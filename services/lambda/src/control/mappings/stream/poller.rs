//! What is at work for one mapping of a stream: a reader for each shard.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::super::Parts;
use super::checkpoint::{Checkpoint, Checkpoints};
use super::mapping::StreamMapping;
use super::source::Shard;

/// How often new shards are looked for.
const SHARDS_EVERY: Duration = Duration::from_secs(30);
/// How long is waited after the stream could not be described; each time twice as long.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// Reads a stream and invokes a function with its records.
pub(in super::super) struct StreamPoller {
    pub(in super::super) id: String,
    pub(in super::super) mapping: StreamMapping,
    pub(in super::super) parts: Parts,
    pub(in super::super) checkpoints: Checkpoints,
    /// Ends when the mapping is changed, disabled or deleted.
    pub(in super::super) stop: watch::Receiver<()>,
}

impl StreamPoller {
    /// Works until it is stopped. What is at work then goes on to the end of its attempt.
    pub(in super::super) async fn run(self: Arc<StreamPoller>) {
        let mut stop = self.stop.clone();
        let mut readers = JoinSet::new();
        let mut finished: BTreeSet<String> = BTreeSet::new();
        let mut known: BTreeMap<String, Shard> = BTreeMap::new();
        let mut pause = PAUSES.0;
        loop {
            let wait = match self.mapping.stream.shards(&self.parts.peers).await {
                Ok(shards) => {
                    pause = PAUSES.0;
                    let parents: BTreeSet<&str> =
                        shards.iter().map(|shard| shard.id.as_str()).collect();
                    for shard in &shards {
                        // A shard goes on from its parent: first the records of the one, then those of the other.
                        let parent = shard.parent.as_deref().filter(|it| parents.contains(it));
                        let may_begin = parent.is_none_or(|parent| finished.contains(parent));
                        if may_begin && !known.contains_key(&shard.id) {
                            known.insert(shard.id.clone(), shard.clone());
                            readers.spawn(Arc::clone(&self).shard(shard.id.clone()));
                        }
                    }
                    SHARDS_EVERY
                }
                Err(_) => {
                    let wait = pause;
                    pause = pause.saturating_mul(2).min(PAUSES.1);
                    wait
                }
            };
            tokio::select! {
                _ = stop.changed() => break,
                Some(Ok(shard)) = readers.join_next(), if !readers.is_empty() => {
                    finished.insert(shard);
                }
                () = tokio::time::sleep(wait) => {}
            }
        }
        // Readers hear of it themselves, and end when their attempt has.
        readers.detach_all();
    }

    /// Reads a shard to its end: its id.
    async fn shard(self: Arc<StreamPoller>, id: String) -> String {
        match self.checkpoints.find(&self.id, &id) {
            Ok(Some(Checkpoint::Finished)) => {}
            found => Arc::clone(&self).read(&id, found.ok().flatten()).await,
        }
        id
    }

    /// Whether the mapping is not what it was.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.has_changed().is_err()
    }

    /// Waits, but not after the mapping was stopped.
    pub(super) async fn pause(&self, pause: Duration) {
        let mut stop = self.stop.clone();
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }

    /// Remembers how far a shard was worked on. Without a store the same records come again after a restart.
    pub(super) fn remember(&self, shard: &str, checkpoint: &Checkpoint) {
        // A mapping that was deleted must leave nothing.
        if !self.is_stopped() {
            let _ = self.checkpoints.put(&self.id, shard, checkpoint);
        }
    }
}
