//! Archives: events of a bus that are kept, to be replayed.
//!
//! Source: EventBridge User Guide, "Archiving and replaying events".

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_event_pattern::Pattern;
use passo_json::{Json, ObjectBuilder};
use passo_store::{Batch, Direction, KeyRange, Space, Store, StoreError};

use crate::request::seconds;

/// Events by archive and time.
const SPACE: Space = Space::new("events-archive");
const MILLIS_PER_DAY: i64 = 86_400_000;

/// An archive.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Archive {
    /// Of this archive alone, also where one of its name was there before.
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) name: String,
    pub(crate) source: String,
    pub(crate) description: Option<String>,
    pub(crate) pattern: Option<String>,
    /// Days for which events are kept; for ever if zero.
    pub(crate) retention_days: i64,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
}

/// How much an archive holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    events: i64,
    bytes: i64,
}

/// An event that is kept: its key within the archives, and its text.
pub(crate) type KeptEvent = (Vec<u8>, String);

impl Archive {
    pub(crate) fn arn(&self) -> String {
        arn(&self.region, &self.account, &self.name)
    }

    /// The bus whose events it keeps.
    pub(crate) fn bus(&self) -> &str {
        crate::names::bus(&self.source)
    }

    /// Whether it keeps what this pattern wants; one without a pattern keeps all. What was replayed is kept already.
    pub(crate) fn wants(pattern: Option<&Pattern>, event: &Json) -> bool {
        event.get("replay-name").is_none() && pattern.is_none_or(|pattern| pattern.matches(event))
    }

    /// Puts an event that happened at `at` into `batch`.
    pub(crate) fn put(&self, batch: &mut Batch, at: i64, id: &str, text: &str) {
        let mut key = self.key(at);
        key.extend_from_slice(id.as_bytes());
        batch.put(SPACE, key, text.as_bytes());
    }

    /// Puts the removal of all that is older than it is kept into `batch`.
    pub(crate) fn forget_old(&self, batch: &mut Batch, now: i64) {
        if let Some(oldest) = self.oldest(now) {
            batch.delete_range(SPACE, range(&self.key(0), &self.key(oldest)));
        }
    }

    /// Puts the removal of all its events into `batch`.
    pub(crate) fn forget_all(&self, batch: &mut Batch) {
        batch.delete_range(SPACE, KeyRange::prefix(&self.prefix()));
    }

    /// The first events from `from` on, or after the event whose key is `after`, before `end`.
    pub(crate) fn events(
        &self,
        store: &Arc<dyn Store>,
        (from, end): (i64, i64),
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<KeptEvent>, StoreError> {
        let begin = match after {
            // The key that follows it at once.
            Some(after) => [after, &[0]].concat(),
            None => self.key(from),
        };
        let mut found = Vec::new();
        let range = range(&begin, &self.key(end));
        store
            .snapshot()?
            .scan(SPACE, &range, Direction::Forward, &mut |key, row| {
                found.push((key.to_vec(), String::from_utf8_lossy(row).into_owned()));
                if found.len() < limit {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            })?;
        Ok(found)
    }

    /// How much it holds that is not too old.
    pub(crate) fn held(&self, store: &Arc<dyn Store>, now: i64) -> Result<Held, StoreError> {
        let mut held = Held::default();
        let range = range(
            &self.key(self.oldest(now).unwrap_or(0)),
            &self.key(i64::MAX),
        );
        store
            .snapshot()?
            .scan(SPACE, &range, Direction::Forward, &mut |_, row| {
                held.events += 1;
                held.bytes += i64::try_from(row.len()).unwrap_or(0);
                ControlFlow::Continue(())
            })?;
        Ok(held)
    }

    /// Events from before then are not kept any more.
    pub(crate) fn oldest(&self, now: i64) -> Option<i64> {
        (self.retention_days > 0)
            .then(|| now.saturating_sub(self.retention_days.saturating_mul(MILLIS_PER_DAY)))
    }

    fn prefix(&self) -> Vec<u8> {
        [self.id.as_bytes(), &[0]].concat()
    }

    fn key(&self, at: i64) -> Vec<u8> {
        let at = u64::try_from(at).unwrap_or(0);
        [&*self.prefix(), &at.to_be_bytes()].concat()
    }

    pub(crate) fn encode(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("id", self.id.as_str())
            .insert("account", self.account.as_str())
            .insert("region", self.region.as_str())
            .insert("name", self.name.as_str())
            .insert("source", self.source.as_str())
            .insert_some("description", self.description.as_deref())
            .insert_some("pattern", self.pattern.as_deref())
            .insert("retention_days", self.retention_days)
            .insert("created_at", self.created_at);
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Archive> {
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        Some(Archive {
            id: text("id")?,
            account: text("account")?,
            region: text("region")?,
            name: text("name")?,
            source: text("source")?,
            description: text("description"),
            pattern: text("pattern"),
            retention_days: row.get("retention_days")?.as_i64()?,
            created_at: row.get("created_at")?.as_i64()?,
        })
    }

    /// What lists tell.
    pub(crate) fn shown(&self, held: Held) -> ObjectBuilder {
        let mut shown = ObjectBuilder::new();
        shown
            .insert("ArchiveName", self.name.as_str())
            .insert("EventSourceArn", self.source.as_str())
            .insert("State", "ENABLED")
            .insert("RetentionDays", self.retention_days)
            .insert("SizeBytes", held.bytes)
            .insert("EventCount", held.events)
            .insert("CreationTime", seconds(self.created_at));
        shown
    }
}

/// The ARN of an archive.
pub(crate) fn arn(region: &str, account: &str, name: &str) -> String {
    format!("arn:aws:events:{region}:{account}:archive/{name}")
}

fn range(begin: &[u8], end: &[u8]) -> KeyRange {
    KeyRange::between(begin, end)
}

#[cfg(test)]
mod tests {
    use passo_store::{Durability, MemoryStore};

    use super::*;

    #[test]
    fn events_are_found_in_the_order_of_their_times_and_forgotten() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let archive = Archive {
            id: "1".to_owned(),
            name: "a".to_owned(),
            retention_days: 1,
            ..Archive::default()
        };
        let other = Archive {
            id: "2".to_owned(),
            ..archive.clone()
        };
        assert_eq!(Archive::decode(&archive.encode()), Some(archive.clone()));
        let mut batch = Batch::new();
        for (at, id) in [(300, "c"), (100, "a"), (200, "b")] {
            archive.put(&mut batch, at, id, id);
            other.put(&mut batch, at, id, "other");
        }
        store.commit(&batch, Durability::Synced).unwrap();
        let texts = |found: &[KeptEvent]| -> Vec<String> {
            found.iter().map(|(_, text)| text.clone()).collect()
        };
        let first = archive.events(&store, (100, 300), None, 1).unwrap();
        assert_eq!(texts(&first), ["a"]);
        let rest = archive.events(&store, (100, 300), Some(&first[0].0), 9);
        assert_eq!(texts(&rest.unwrap()), ["b"]);
        let now = MILLIS_PER_DAY + 150;
        assert_eq!(
            archive.held(&store, now),
            Ok(Held {
                events: 2,
                bytes: 2
            })
        );
        let mut batch = Batch::new();
        archive.forget_old(&mut batch, now);
        other.forget_all(&mut batch);
        store.commit(&batch, Durability::Synced).unwrap();
        let all = archive.events(&store, (0, i64::MAX), None, 9).unwrap();
        assert_eq!(texts(&all), ["b", "c"]);
        assert_eq!(other.held(&store, 0), Ok(Held::default()));
    }
}
