//! Log streams.

use passo_json::{Json, ObjectBuilder};

use crate::Place;

/// One stream.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stream {
    pub(crate) created_at: i64,
    pub(crate) first_event_at: Option<i64>,
    pub(crate) last_event_at: Option<i64>,
    pub(crate) last_ingested_at: Option<i64>,
    /// Events, those that were dropped not counted.
    pub(crate) events: i64,
}

impl Stream {
    pub(crate) fn new(created_at: i64) -> Stream {
        Stream {
            created_at,
            first_event_at: None,
            last_event_at: None,
            last_ingested_at: None,
            events: 0,
        }
    }

    /// When something was last written, or it was made.
    pub(crate) fn touched_at(&self) -> i64 {
        self.last_ingested_at.unwrap_or(self.created_at)
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("createdAt", self.created_at)
            .insert_some("firstEventAt", self.first_event_at)
            .insert_some("lastEventAt", self.last_event_at)
            .insert_some("lastIngestedAt", self.last_ingested_at)
            .insert("events", self.events);
        Json::from(row.build()).to_text().into_bytes()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Stream> {
        let row = Json::parse(std::str::from_utf8(bytes).ok()?).ok()?;
        let number = |member: &str| row.get(member).and_then(Json::as_i64);
        Some(Stream {
            created_at: number("createdAt")?,
            first_event_at: number("firstEventAt"),
            last_event_at: number("lastEventAt"),
            last_ingested_at: number("lastIngestedAt"),
            events: number("events")?,
        })
    }

    /// As `DescribeLogStreams` shows it.
    pub(crate) fn show(&self, place: &Place, name: &str) -> Json {
        let mut shown = ObjectBuilder::new();
        shown
            .insert("logStreamName", name)
            .insert("creationTime", self.created_at)
            .insert_some("firstEventTimestamp", self.first_event_at)
            .insert_some("lastEventTimestamp", self.last_event_at)
            .insert_some("lastIngestionTime", self.last_ingested_at)
            .insert("arn", format!("{}:log-stream:{name}", place.arn()))
            .insert("storedBytes", 0);
        Json::from(shown.build())
    }
}
