//! Replays: events of an archive that go to the rules of their bus once more.
//!
//! A part of the events becomes deliveries in the batch that writes down how far the replay is: over a crash none is left out
//! and none is replayed twice.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_json::{Json, Object, ObjectBuilder};
use passo_store::{Batch, StoreError};
use passo_vocab::Timestamp;

use crate::archive::Archive;
use crate::plan;
use crate::request::seconds;
use crate::service::Shared;

/// Events that are replayed with one write.
const PART: usize = 100;
/// How long it waits where the store takes nothing.
const STORE_PAUSE: Duration = Duration::from_secs(1);

pub(crate) const STARTING: &str = "STARTING";
pub(crate) const RUNNING: &str = "RUNNING";
pub(crate) const COMPLETED: &str = "COMPLETED";
pub(crate) const CANCELLED: &str = "CANCELLED";
pub(crate) const FAILED: &str = "FAILED";

/// A replay. Times are milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Replay {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// The ARN of the archive.
    pub(crate) source: String,
    /// `Destination`, as it was given.
    pub(crate) destination: Object,
    pub(crate) from: i64,
    pub(crate) end: i64,
    pub(crate) state: String,
    pub(crate) started_at: i64,
    pub(crate) ended_at: Option<i64>,
    /// When the last event that was replayed had happened.
    pub(crate) last_at: Option<i64>,
    /// The key of that event, in base64.
    pub(crate) cursor: Option<String>,
}

/// Replays what is to be replayed, for as long as the service lives.
pub(crate) async fn run(shared: Arc<Shared>) {
    loop {
        let running = running(&shared).unwrap_or_default();
        if running.is_empty() {
            shared.replays_changed.notified().await;
            continue;
        }
        let _under_way = shared.ports.in_flight.begin();
        for replay in running {
            if part(&shared, &replay).is_err() {
                tokio::time::sleep(STORE_PAUSE).await;
            }
            tokio::task::yield_now().await;
        }
    }
}

fn running(shared: &Shared) -> Result<Vec<Replay>, StoreError> {
    let rows = shared.tables.records.list(&["replay"])?;
    let replays = rows.iter().filter_map(|(_, row)| Replay::decode(row));
    Ok(replays.filter(Replay::is_running).collect())
}

/// Replays the next part of the events.
fn part(shared: &Shared, known: &Replay) -> Result<(), StoreError> {
    let records = &shared.tables.records;
    let change = records.change();
    let row = records.find(&known.key())?;
    let found = row.as_ref().and_then(Replay::decode);
    let Some(mut replay) = found.filter(Replay::is_running) else {
        return Ok(());
    };
    let now = shared.now();
    let mut batch = Batch::new();
    let mut tickets = Vec::new();
    let archive = shared.archive(&replay.source)?;
    match &archive {
        None => FAILED.clone_into(&mut replay.state),
        Some(archive) => {
            RUNNING.clone_into(&mut replay.state);
            let from = replay.from.max(archive.oldest(now).unwrap_or(0));
            let cursor = replay
                .cursor
                .as_deref()
                .and_then(|key| STANDARD.decode(key).ok());
            let span = (from, replay.end);
            let events = archive.events(&shared.ports.store, span, cursor.as_deref(), PART)?;
            let count = events.len();
            for (key, text) in events {
                if let Ok(event) = Json::parse(&text) {
                    replay.last_at = time(&event).or(replay.last_at);
                    for delivery in replay.deliveries(shared, archive, &event, now) {
                        tickets.push(shared.outbox.put(&mut batch, delivery));
                    }
                }
                replay.cursor = Some(STANDARD.encode(key));
            }
            if count < PART {
                COMPLETED.clone_into(&mut replay.state);
            }
        }
    }
    if !replay.is_running() {
        replay.ended_at = Some(now);
    }
    change.put_into(&mut batch, &replay.key(), &replay.encode());
    change.commit(&batch)?;
    drop(change);
    for ticket in tickets {
        shared.outbox.let_go(ticket);
    }
    Ok(())
}

fn time(event: &Json) -> Option<i64> {
    let time = Timestamp::parse_rfc3339(event.get("time")?.as_str()?).ok()?;
    Some(time.epoch_millis())
}

impl Replay {
    pub(crate) fn is_running(&self) -> bool {
        matches!(&*self.state, STARTING | RUNNING)
    }

    pub(crate) fn arn(&self) -> String {
        format!(
            "arn:aws:events:{}:{}:replay/{}",
            self.region, self.account, self.name
        )
    }

    pub(crate) fn key(&self) -> [&str; 4] {
        ["replay", &self.account, &self.region, &self.name]
    }

    /// What is delivered for one event: to the rules that want it, or those of them that the replay is for.
    fn deliveries(
        &self,
        shared: &Shared,
        archive: &Archive,
        event: &Json,
        now: i64,
    ) -> Vec<passo_delivery::Delivery> {
        let event = event.as_object().cloned().unwrap_or_default();
        let event = Json::from(event.with("replay-name", self.name.as_str()));
        let wanting = shared
            .tables
            .wanting(&self.account, &self.region, archive.bus(), &event);
        let filter = self.destination.get("FilterArns").and_then(Json::as_array);
        let is_meant = |arn: &str| {
            let listed = |filter: &passo_json::Array| {
                filter.is_empty() || filter.iter().any(|one| one.as_str() == Some(arn))
            };
            filter.is_none_or(listed)
        };
        let wanting = wanting.unwrap_or_default().into_iter();
        wanting
            .filter(|rule| is_meant(&rule.arn()))
            .flat_map(|rule| plan::deliveries(&rule, &event, now))
            .collect()
    }

    pub(crate) fn encode(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("account", self.account.as_str())
            .insert("region", self.region.as_str())
            .insert("name", self.name.as_str())
            .insert_some("description", self.description.as_deref())
            .insert("source", self.source.as_str())
            .insert("destination", self.destination.clone())
            .insert("from", self.from)
            .insert("end", self.end)
            .insert("state", self.state.as_str())
            .insert("started_at", self.started_at)
            .insert_some("ended_at", self.ended_at)
            .insert_some("last_at", self.last_at)
            .insert_some("cursor", self.cursor.as_deref());
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Replay> {
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        let number = |member: &str| row.get(member)?.as_i64();
        Some(Replay {
            account: text("account")?,
            region: text("region")?,
            name: text("name")?,
            description: text("description"),
            source: text("source")?,
            destination: row.get("destination")?.as_object()?.clone(),
            from: number("from")?,
            end: number("end")?,
            state: text("state")?,
            started_at: number("started_at")?,
            ended_at: number("ended_at"),
            last_at: number("last_at"),
            cursor: text("cursor"),
        })
    }

    /// What lists tell.
    pub(crate) fn shown(&self) -> ObjectBuilder {
        let mut shown = ObjectBuilder::new();
        shown
            .insert("ReplayName", self.name.as_str())
            .insert("EventSourceArn", self.source.as_str())
            .insert("State", self.state.as_str())
            .insert("EventStartTime", seconds(self.from))
            .insert("EventEndTime", seconds(self.end))
            .insert_some("EventLastReplayedTime", self.last_at.map(seconds))
            .insert("ReplayStartTime", seconds(self.started_at))
            .insert_some("ReplayEndTime", self.ended_at.map(seconds));
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let replay = Replay {
            name: "r".to_owned(),
            source: "a".to_owned(),
            destination: Object::default().with("Arn", "b"),
            from: 1,
            end: 2,
            state: RUNNING.to_owned(),
            last_at: Some(1),
            cursor: Some("AA==".to_owned()),
            ..Replay::default()
        };
        assert_eq!(Replay::decode(&replay.encode()), Some(replay));
    }
}
